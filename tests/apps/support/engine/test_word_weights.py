from collections.abc import Sequence

import numpy as np

from apps.support.engine.word_weights import MOST_WORDS, weigh_words


def counting(texts: Sequence[str]) -> np.ndarray:
    """More sure of the first label with each "refund" in a text."""
    counts = np.array([text.count("refund") + text.count("退") for text in texts], dtype=np.float64)
    sure = 1 / (1 + np.exp(-counts))
    return np.stack([sure, 1 - sure], axis=1)


def test_the_word_that_decides_weighs_most() -> None:
    words = weigh_words("Where is my refund, please?", 0, counting)
    assert [word.text for word in words] == ["Where", "is", "my", "refund", "please"]
    assert max(words, key=lambda word: word.weight).text == "refund"
    assert [round(word.weight, 6) for word in words] == [0, 0, 0, 1, 0]


def test_a_word_can_weigh_against_an_intent() -> None:
    (word,) = weigh_words("refund", 1, counting)
    assert word.weight < 0


def test_words_stand_where_they_say() -> None:
    text = "我要退款 [PHONE_NUMBER]!"
    words = weigh_words(text, 0, counting)
    assert [text[word.start : word.end] for word in words] == ["我", "要", "退", "款", "[PHONE_NUMBER]"]


def test_a_text_without_words_has_no_weights_and_a_long_one_is_cut() -> None:
    assert weigh_words("?!", 0, counting) == ()
    assert len(weigh_words("refund " * 100, 0, counting)) == MOST_WORDS
