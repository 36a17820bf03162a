"""Work that goes through rows: one that nobody foresaw keeps no other from its turn, and is not hushed up."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import InterfaceError, OperationalError

Row = TypeVar("Row")


def sweep(rows: Iterable[Row], change: Callable[[Row], int]) -> int:
    """Change each row by itself; the sum of what the changes returned.

    Raises:
        OperationalError, InterfaceError: at once; a database that went away says nothing about a row.
        ExceptionGroup: what else failed, once every row had its turn. So the task fails, which is counted.
    """
    changed = 0
    failures: list[Exception] = []
    for row in rows:
        try:
            changed += change(row)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 -- raised once the others had their turn
            # Of a row its number alone: some are named after what people wrote.
            error.add_note(f"while sweeping {getattr(row, 'pk', row)!r}")
            failures.append(error)
    if failures:
        raise ExceptionGroup("some rows could not be swept; the others were", failures)
    return changed
