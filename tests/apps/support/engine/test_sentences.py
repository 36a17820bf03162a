import time

import pytest

from apps.support.engine.sentences import sentences

MESSAGE = 10_000  # characters, as long as one may be


def test_blanks_around_a_line_break_are_no_part_of_a_sentence() -> None:
    assert sentences("My order  \n\n  no.  \n 12 is late.\n!") == ("My order", "no. 12 is late.!")


def seconds_of(text: str) -> float:
    started_at = time.process_time()
    sentences(text[:MESSAGE])
    return time.process_time() - started_at


@pytest.mark.parametrize("text", ["a" + " " * 9998 + "b", "No. " * 2500])
def test_no_message_takes_much_longer_than_others_of_its_length(text: str) -> None:
    usual = min(seconds_of("It came. " * 2000) for _ in range(3))

    assert min(seconds_of(text) for _ in range(3)) < 50 * usual
