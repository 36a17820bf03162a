"""From an uploaded file to a data set; the bytes lie in a folder only as long as they are read."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.registry import tasks
from apps.registry.models import Dataset
from apps.registry.services.datasets import Upload, check_filename, import_upload


@dataclass(frozen=True)
class Told:
    """What a person says about the file."""

    family: str
    name: str
    text_column: str
    label_column: str


def receive(file: "UploadedFile[Any]", told: Told, actor: User | None) -> Dataset:
    """Import the file and let a worker look for label errors.

    Raises:
        InputError: the file can't be used; nothing was stored.
    """
    filename = Path(file.name or "").name
    suffix = check_filename(filename)
    with tempfile.TemporaryDirectory(prefix="berth-upload-") as folder:
        path = Path(folder) / f"upload{suffix}"
        _write(file, path)
        dataset = import_upload(
            family=told.family,
            upload=Upload(path, filename, told.name, told.text_column, told.label_column),
            at=timezone.now(),
            actor=actor,
        )
    transaction.on_commit(lambda: tasks.dispatch_profile(dataset.pk))
    return dataset


def _write(file: Any, path: Path) -> None:
    with path.open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
