import time
from collections.abc import Callable


def wait_until(
    is_so: Callable[[], bool], *, seconds: float, otherwise: Callable[[], str] = lambda: ""
) -> None:
    """Ask until it is so; fail with what `otherwise` says when it takes too long."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not so within {seconds:.0f} s: {otherwise()}"
        time.sleep(0.1)
