import pytest

from modelcore.errors import InputError
from modelcore.training import Recipe


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_that_nothing_can_be_drawn_with_is_refused(seed: int) -> None:
    with pytest.raises(InputError, match=rf"seed is {seed}: give a number from 0 to 4294967295\.$"):
        Recipe(seed=seed)


def test_the_largest_seed_is_taken() -> None:
    assert Recipe(seed=2**32 - 1).seed == 4_294_967_295
