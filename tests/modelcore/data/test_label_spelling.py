import pytest

from modelcore.data import spelling, tell_unknown
from modelcore.errors import InputError


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Card lost", "card_lost"),
        ("card-lost", "CARD LOST"),
        ("card\u200blost", "cardlost"),
        ("Straße", "STRASSE"),
        (" ｃａｒｄ  lost", "card lost"),
        ("card __ lost", "card lost"),
    ],
)
def test_labels_that_differ_only_in_spelling_have_one_key(one: str, other: str) -> None:
    assert spelling(one) == spelling(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("-1", "1"), ("A", "A-"), ("C", "C#"), ("C", "C++"), ("1.0", "1_0"), ("1-2", "1 2"), ("_a", "a")],
)
def test_marks_that_mean_something_tell_labels_apart(one: str, other: str) -> None:
    assert spelling(one) != spelling(other)


def test_labels_that_a_model_does_not_know_are_counted() -> None:
    assert "2 (parcel, tax)" in tell_unknown(["card", "tax", "parcel"], ("card", "refund"))
    assert not tell_unknown(["card"], ("card", "refund"))


def test_rows_without_any_known_label_judge_nothing() -> None:
    with pytest.raises(
        InputError, match=r"the rows have CARD, the model has card, refund\. Write them alike"
    ):
        tell_unknown(["CARD", "CARD"], ("card", "refund"))
