import pytest

from apps.support.engine.novelty import Bigrams

QUESTIONS = Bigrams(["Where is my card?", "Is my card lost?", "我的卡在哪里？"])


def test_wording_is_new_as_far_as_no_question_holds_its_bigrams() -> None:
    assert QUESTIONS.novelty("where is my card") == 0.0
    assert QUESTIONS.novelty("Where is my parcel?") == pytest.approx(1 / 3)
    assert QUESTIONS.novelty("card my is where") == 1.0


def test_chinese_is_compared_by_its_characters() -> None:
    assert QUESTIONS.novelty("我的卡呢") == pytest.approx(1 / 3)


def test_a_single_word_is_new_if_no_question_holds_it() -> None:
    assert QUESTIONS.novelty("card?") == 0.0
    assert QUESTIONS.novelty("refund") == 1.0


def test_without_words_nothing_is_new() -> None:
    assert QUESTIONS.novelty("?!") == 0.0
    assert Bigrams([]).novelty("") == 0.0


def test_a_labelled_question_is_not_compared_with_itself() -> None:
    # "where is" is its own; "is my" and "my card" are the second question's as well.
    assert QUESTIONS.novelty("Where is my card?", is_labelled=True) == pytest.approx(1 / 3)
