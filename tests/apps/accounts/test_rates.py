import concurrent.futures
import uuid

from apps.accounts.rates import wait_of


def test_of_simultaneous_requests_exactly_the_allowed_ones_pass() -> None:
    scope = f"key:{uuid.uuid4()}"

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda _: wait_of(scope, 20), range(100)))

    assert waits.count(0) == 20


def test_a_refusal_says_how_long_to_wait() -> None:
    scope = f"key:{uuid.uuid4()}"
    wait_of(scope, 1)

    assert 1 <= wait_of(scope, 1) <= 60


def test_one_scope_does_not_use_up_another() -> None:
    wait_of(f"key:{uuid.uuid4()}", 1)

    assert wait_of(f"key:{uuid.uuid4()}", 1) == 0
