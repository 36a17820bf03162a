"""The processes that torchrun starts for one fit; without torchrun there is one, and nothing changes."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


def join() -> None:
    """Let the processes of torchrun work on one thing until they end; all must call the same in turn."""
    from torch import distributed

    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and not distributed.is_initialized():
        distributed.init_process_group()
        # Not sooner: a group that is made again may meet the old one's addresses, and wait for them for ever.
        atexit.register(distributed.destroy_process_group)


def count() -> int:
    """How many work on it, ≥ 1."""
    from torch import distributed

    return distributed.get_world_size() if distributed.is_initialized() else 1


def number() -> int:
    """Which of them this one is, from 0; the first, 0, is who writes and tells."""
    from torch import distributed

    return distributed.get_rank() if distributed.is_initialized() else 0


def gathered(own: T) -> list[T]:
    """What each of them has, in order."""
    from torch import distributed

    if count() == 1:
        return [own]
    found: list[Any] = [None] * count()
    distributed.all_gather_object(found, own)
    return found


def once(do: Callable[[], T]) -> T:
    """What `do` gives the first process, which alone does it, as soon as all are here."""
    gathered(None)
    found: list[Any] = gathered(do() if number() == 0 else None)
    given: T = found[0]
    return given
