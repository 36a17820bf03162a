import pytest

from apps.support.engine.sentences import sentences


def test_blanks_around_a_line_break_are_no_part_of_a_sentence() -> None:
    assert sentences("My order  \n\n  no.  \n 12 is late.\n!") == ("My order", "no. 12 is late.!")


@pytest.mark.parametrize("text", ["a" + " " * 9998 + "b", ("No. " * 2500).strip()])
def test_a_message_of_blanks_or_abbreviations_is_one_sentence(text: str) -> None:
    assert sentences(text) == (text,)
