import pytest

from apps.support.engine.follow_ups import (
    is_assent,
    is_fragment,
    is_negated,
    is_not_solved,
    is_pause,
    leans_on_last_turn,
)

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
NEGATED = """
do not cancel it
I did NOT cancel order 48213
You are wrong, I didn't cancel it
I haven't cancelled anything
Cancel order 48213. Actually don't, just tell me where it is.
I already cancelled order 48213 but it was shipped anyway
我没有取消订单48213
我并没有申请退款
取消订单48213。算了，别取消了
我已经取消了订单48213，还是发货了
""".strip().splitlines()
WANTED = """
Cancel order 48213
I haven't returned it yet, how do I?
I have not received my refund
Why was my order cancelled?
I don't know how to cancel
已取消的订单什么时候退款
我没有收到退款
不要的东西怎么退货
怎么取消不了
""".strip().splitlines()
ASSENT = {
    "Yes please!": True,
    "oh yes, that is right": True,
    "I think so": True,
    "That would be great": True,
    "no": True,
    "Absolutely not": True,
    "no, that's not right": True,
    "I don't think so": True,
    "是的": True,
    "yes it broke": False,
    "right shoe": False,
    "that is not what I ordered": False,
    f"{'oh yes that is right ' * 20} parcel": False,
    f"{'no i dont think so not at all ' * 20} parcel": False,
}
PAUSES = """
Wait a second
One moment please
ok, let me look it up in my e-mails
give me two minutes
brb
I'll check
ok
sure
等一下
好的，我找找
等我两分钟
马上发你
好的
""".strip().splitlines()
NO_PAUSES = f"""
wait, where is my order?
please wait with the shipping
still waiting
hurry up
second parcel
yes
等一下，别发货
我找不到
{"wait a moment let me check my e mail the " * 20}parcel
{"好的稍等我找一下" * 20}包裹
""".strip().splitlines()


@pytest.mark.parametrize(
    ("said", "is_half"),
    [
        ("even if opened?", True),
        ("without a receipt?", True),
        ("because it is broken", True),
        ("the lamp", True),
        ("即使拆开了", True),
        ("with whom do I speak about my order", False),
        ("because I want to return my order", False),
        ("the lamp broke yesterday", False),
    ],
)
def test_half_a_sentence_is_told_from_a_whole_one(said: str, is_half: bool) -> None:
    assert is_fragment(said) is is_half


@pytest.mark.parametrize("said", LEANING)
def test_it_needs_the_last_turn(said: str) -> None:
    assert leans_on_last_turn(said)


@pytest.mark.parametrize("said", STANDING)
def test_it_stands_alone(said: str) -> None:
    assert not leans_on_last_turn(said)


@pytest.mark.parametrize(("said", "is_one"), ASSENT.items())
def test_a_yes_or_no_alone_is_known(said: str, is_one: bool) -> None:
    assert is_assent(said) is is_one


@pytest.mark.parametrize("said", NEGATED)
def test_what_shall_not_be_done_or_was_not_is_known(said: str) -> None:
    assert is_negated(said)


@pytest.mark.parametrize("said", WANTED)
def test_a_wish_with_a_no_in_it_stays_one(said: str) -> None:
    assert not is_negated(said)


@pytest.mark.parametrize("said", PAUSES)
def test_who_looks_for_it_first_wants_a_moment(said: str) -> None:
    assert is_pause(said)


@pytest.mark.parametrize("said", NO_PAUSES)
def test_who_says_more_or_is_impatient_wants_none(said: str) -> None:
    assert not is_pause(said)


NOT_SOLVED = """
that's not what I asked
No, that is not what I meant!
wrong answer
That didn't help at all
you don't understand
not helpful
I didn't ask that
you misunderstood me
please read my question again
答非所问
没听懂我的意思
不是这个意思
我问的不是这个
你没回答我的问题
还是没用
""".strip().splitlines()
SOLVED_OR_ASKED = """
that is what I asked for
the voucher is useless
it doesn't work
you got my order wrong
this isn't what I ordered
I never asked for this newsletter
it does not get warm
优惠券没用
这个不是我要的
不是
""".strip().splitlines()


@pytest.mark.parametrize("text", NOT_SOLVED)
def test_who_was_not_helped_is_heard(text: str) -> None:
    assert is_not_solved(text)


@pytest.mark.parametrize("text", SOLVED_OR_ASKED)
def test_what_is_wrong_with_an_order_is_a_question(text: str) -> None:
    assert not is_not_solved(text)
