"""Files of the store that rows name: put with their row, and taken out when no row names them any more.

Whoever puts, lets go of or removes a file waits for the others at its path: a file that comes in again while
what was let go of is removed would be lost to its new row.
"""

from datetime import datetime

from django.apps import apps
from django.db import transaction

from apps.accounts.locks import lock
from apps.registry import store
from apps.registry.models import Remains
from apps.registry.store import Shelf
from apps.streams.sweeps import sweep


def put_file(shelf: Shelf, content: bytes) -> str:
    """In the transaction that keeps a row with the digest that is returned."""
    _lock(shelf.path(store.digest_of(content)))
    return shelf.put(content)


def note_remains(path: str, at: datetime) -> None:
    """In the transaction that lets go of a file of the store."""
    _lock(path)
    Remains.objects.get_or_create(path=path, defaults={"since": at})


def remove_remains() -> int:
    """Take from the store what was let go of, unless the same came in again; how many files went.

    An app that keeps files on a shelf says in its AppConfig, as `names_file`, whether a row of it names one.
    """
    return sweep(list(Remains.objects.values_list("path", flat=True)), _remove)


@transaction.atomic
def _remove(path: str) -> bool:
    _lock(path)
    if not _is_in_use(path):
        store.remove_file(path)
    gone, _by_model = Remains.objects.filter(path=path).delete()
    return bool(gone)


def _lock(path: str) -> None:
    lock(f"registry.file:{path}")


def _is_in_use(path: str) -> bool:
    return any(config.names_file(path) for config in apps.get_app_configs() if hasattr(config, "names_file"))
