import concurrent.futures
import uuid

from apps.accounts.rates import consume


def test_of_simultaneous_requests_exactly_the_allowed_ones_pass() -> None:
    scope = f"key:{uuid.uuid4()}"

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        allowances = list(pool.map(lambda _: consume(scope, 20), range(100)))

    assert sum(allowance.is_allowed for allowance in allowances) == 20


def test_a_refusal_says_how_long_to_wait() -> None:
    scope = f"key:{uuid.uuid4()}"
    consume(scope, 1)

    refused = consume(scope, 1)

    assert not refused.is_allowed
    assert refused.remaining == 0
    assert 1 <= refused.retry_after_seconds <= 60


def test_one_scope_does_not_use_up_another() -> None:
    consume(f"key:{uuid.uuid4()}", 1)

    assert consume(f"key:{uuid.uuid4()}", 1).is_allowed
