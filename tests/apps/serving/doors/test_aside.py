import threading

from apps.serving.doors.aside import LONG_BYTES, aside


async def test_only_what_takes_long_is_done_in_another_thread() -> None:
    here = threading.get_ident()
    assert await aside(threading.get_ident, size=LONG_BYTES) == here
    assert await aside(threading.get_ident, size=LONG_BYTES + 1) != here
