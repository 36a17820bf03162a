"""What would hold up everybody else's requests is done in a thread, and the event loop goes on."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Done = TypeVar("Done")
# Reading or writing more than so many bytes of JSON takes milliseconds.
LONG_BYTES = 256 * 1024


async def aside(work: Callable[[], Done], *, size: int) -> Done:
    """
    Args:
        size: bytes that are read or written, more or less.
    """
    return await asyncio.to_thread(work) if size > LONG_BYTES else work()
