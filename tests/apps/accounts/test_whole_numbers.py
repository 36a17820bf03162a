import pytest

from apps.accounts.whole_numbers import whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_a_whole_number_is_read(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", " 1", "1_0", "²", "٣", "9" * 19])
def test_other_texts_are_no_whole_number(text: str) -> None:
    assert whole_number(text) is None


def test_one_of_more_digits_than_asked_for_is_none() -> None:
    assert whole_number("99", digits=2) == 99
    assert whole_number("100", digits=2) is None
