import pytest

from apps.support.engine.follow_ups import is_assent, leans_on_last_turn

LEANING = """
and for the other one?
what about express?
how about Sunday?
why?
yes
no thanks
how long?
not that one
那加急呢？
多久
如果是大件呢
是的
""".strip().splitlines()
STANDING = """
How long does express delivery take?
What about the refund for my order from the third of March?
I want to cancel my order
Where is my parcel?
怎么退货
""".strip().splitlines()
ASSENT = {"Yes please!": True, "no": True, "是的": True, "yes it broke": False}


@pytest.mark.parametrize("said", LEANING)
def test_it_needs_the_last_turn(said: str) -> None:
    assert leans_on_last_turn(said)


@pytest.mark.parametrize("said", STANDING)
def test_it_stands_alone(said: str) -> None:
    assert not leans_on_last_turn(said)


@pytest.mark.parametrize(("said", "is_one"), ASSENT.items())
def test_a_yes_or_no_alone_is_known(said: str, is_one: bool) -> None:
    assert is_assent(said) is is_one
