"""From an uploaded file to a data set; the bytes lie in a folder only as long as they are read."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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

# A character is 4 bytes at most, a name in a file system 255.
LONGEST_STEM = 60


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
    with received(file) as path:
        dataset = import_upload(
            family=told.family,
            upload=Upload(path, filename_of(file), told.name, told.text_column, told.label_column),
            at=timezone.now(),
            actor=actor,
        )
    transaction.on_commit(lambda: tasks.dispatch_profile(dataset.pk))
    return dataset


@contextmanager
def received(file: "UploadedFile[Any]") -> Iterator[Path]:
    """The file under its own name, which sentences about it say, as long as the context lasts.

    Raises:
        InputError: a file with such an ending can't be read.
    """
    filename = filename_of(file)
    suffix = check_filename(filename)
    with tempfile.TemporaryDirectory(prefix="berth-upload-") as folder:
        path = Path(folder) / f"{filename[: -len(suffix)][:LONGEST_STEM]}{suffix}"
        with path.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        yield path


def filename_of(file: "UploadedFile[Any]") -> str:
    return Path(file.name or "").name
