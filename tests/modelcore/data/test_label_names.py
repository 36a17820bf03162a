"""When a label's name is a text of its own."""

import pytest

from modelcore.data import LabelledTexts
from modelcore.data.label_names import in_words, with_label_names


def texts_of(*labels: str) -> LabelledTexts:
    return LabelledTexts(tuple(f"text {number}" for number in range(len(labels))), labels)


@pytest.mark.parametrize("label", ["card_arrival", "card-arrival", "cardArrival", "Card arrival?"])
def test_a_name_is_said_in_words(label: str) -> None:
    assert in_words(label) == "card arrival"


def test_names_that_mean_something_are_texts() -> None:
    named = with_label_names(texts_of("card_arrival", "refund", "refund"))

    assert named.texts[3:] == ("card arrival", "refund")
    assert named.labels[3:] == ("card_arrival", "refund")


@pytest.mark.parametrize("labels", [("LABEL_0", "LABEL_1"), ("0", "1"), ("A", "B"), ("refund", "---")])
def test_names_that_mean_nothing_are_none(labels: tuple[str, ...]) -> None:
    data = texts_of(*labels)

    assert with_label_names(data) is data


def test_chinese_names_are_texts() -> None:
    assert set(with_label_names(texts_of("退款", "物流")).texts[2:]) == {"退款", "物流"}
