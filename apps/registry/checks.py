"""What `manage.py check` says of the artifact store, and `migrate` before anything starts."""

import uuid
from collections.abc import Sequence
from typing import Any

import fsspec
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register
def check_address(**_: Any) -> list[CheckMessage]:
    try:
        fsspec.core.url_to_fs(settings.ARTIFACT_STORE)
    except (ValueError, ImportError) as error:  # no such scheme; a scheme whose package is not installed
        # Not the address itself, here and below: some hold a password.
        return [Error(f"ARTIFACT_STORE can't be opened: {error}", id="registry.E001")]
    return []


# Among those of the database, for it asks what lies outside: `migrate` runs it, and no other command.
@register(Tags.database)
def check_rights(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Models and the rows of data sets can be written there, read and removed."""
    if not databases or check_address():
        return []
    filesystem, root = fsspec.core.url_to_fs(settings.ARTIFACT_STORE)
    place = f"{root.rstrip('/')}/check-{uuid.uuid4().hex}"
    try:
        filesystem.makedirs(root, exist_ok=True)
        filesystem.pipe_file(place, b"berth")
        filesystem.cat_file(place)
        filesystem.rm_file(place)
    except Exception as error:  # noqa: BLE001 -- each kind of store has errors of its own
        reason = f"{type(error).__name__}: {error}"
        sentence = f"In ARTIFACT_STORE a file can't be written, read and removed: {reason}"
        return [Error(sentence, id="registry.E002")]
    return []
