"""With how many threads torch computes."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def torch_threads(count: int) -> Iterator[None]:
    """Compute with so many threads here, and with as many as before afterwards.

    torch has one number for the whole process: a runtime that left its own there would set the speed, and the
    last bits, of every fit that follows.

    Args:
        count: ≥ 1.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
