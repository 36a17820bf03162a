import random

import numpy as np
import pytest

from modelcore.data import LabelledTexts, find_label_errors
from modelcore.data.label_errors import (
    LabelError,
    TooFewTextsError,
    cross_validated_accuracy,
    cross_validated_probabilities,
)
from modelcore.errors import InputError

SUBJECTS = {"parcel": "delivery", "card": "payment", "password": "account"}
PHRASES = ["where is my {}", "my {} is lost", "the {} does not work", "a new {} please", "I need help: {}"]


def shop_questions(*, per_phrase: int) -> LabelledTexts:
    rows = [
        (f"{phrase.format(subject)} {number}", label)
        for subject, label in SUBJECTS.items()
        for phrase in PHRASES
        for number in range(per_phrase)
    ]
    return LabelledTexts(tuple(text for text, _ in rows), tuple(label for _, label in rows))


def sought(data: LabelledTexts) -> tuple[LabelError, ...]:
    return find_label_errors(data, cross_validated_probabilities(data))


def test_the_thresholds_are_the_mean_own_probabilities() -> None:
    # Thresholds by hand: a (0.9 + 0.8 + 0.1) / 3 = 0.6, b (0.7 + 0.9 + 0.35) / 3 = 0.65.
    data = LabelledTexts(("t1", "t2", "t3", "t4", "t5", "t6"), ("a", "a", "a", "b", "b", "b"))
    chance_of_a = np.array([0.9, 0.8, 0.1, 0.3, 0.1, 0.65])
    found = find_label_errors(data, np.column_stack([chance_of_a, 1 - chance_of_a]))
    assert [(one.row, one.given, one.suggested, one.score) for one in found] == [
        (3, "a", "b", 0.8),
        (6, "b", "a", 0.3),
    ]


def test_below_every_threshold_nothing_is_suspected() -> None:
    data = LabelledTexts(("t1", "t2", "t3", "t4"), ("a", "a", "b", "b"))
    chance_of_a = np.array([0.99, 0.45, 0.01, 0.03])  # thresholds 0.72 and 0.98
    assert not find_label_errors(data, np.column_stack([chance_of_a, 1 - chance_of_a]))


def test_planted_label_errors_are_found_and_no_others() -> None:
    clean = shop_questions(per_phrase=8)
    planted = random.Random(0).sample(range(len(clean.labels)), 6)
    others = {"delivery": "payment", "payment": "account", "account": "delivery"}
    labels = [others[label] if i in planted else label for i, label in enumerate(clean.labels)]
    found = sought(LabelledTexts(clean.texts, tuple(labels)))
    # One of the six stays below its threshold: the method would rather miss one than accuse a right label.
    assert {one.row - 1 for one in found} <= set(planted)
    assert len(found) >= 5
    assert all(one.suggested == clean.labels[one.row - 1] for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_clean_labels_raise_no_suspicion() -> None:
    assert sought(shop_questions(per_phrase=4)) == ()


def test_chinese_is_learnt_without_spaces() -> None:
    rows = [(f"我的{word}在哪里{n}", word) for word in ("包裹", "密码", "银行卡") for n in range(12)]
    labels = ["密码", *(label for _, label in rows[1:])]
    found = sought(LabelledTexts(tuple(text for text, _ in rows), tuple(labels)))
    assert [(one.row, one.suggested) for one in found] == [(1, "包裹")]


def test_the_cheap_model_predicts_probabilities_for_many_labels() -> None:
    rows = [
        (f"word{label} and more {number}", f"label {label}") for label in range(60) for number in range(6)
    ]
    data = LabelledTexts(tuple(text for text, _ in rows), tuple(label for _, label in rows))
    probabilities = cross_validated_probabilities(data)
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert cross_validated_accuracy(data, probabilities) > 0.95


def test_the_accuracy_is_the_share_of_labels_that_are_most_probable() -> None:
    data = LabelledTexts(("t1", "t2", "t3", "t4"), ("b", "a", "b", "b"))
    chance_of_a = np.array([0.4, 0.9, 0.8, 0.1])
    assert cross_validated_accuracy(data, np.column_stack([chance_of_a, 1 - chance_of_a])) == 0.75


def test_probabilities_of_another_shape_are_refused() -> None:
    with pytest.raises(InputError, match="15 texts by 3 labels are needed"):
        find_label_errors(shop_questions(per_phrase=1), np.ones((15, 2)) / 2)


@pytest.mark.parametrize(
    ("texts", "labels", "reason"),
    [
        (("a", "A", "b", "B!", "c"), ("x", "y", "x", "y", "x"), "fewer than 5 different texts"),
        (("one", "two", "three", "four", "five"), ("x",) * 5, "only one label"),
        (("?", "!", "…", "??", "!!", "!?"), ("x", "y") * 3, "no words"),
    ],
)
def test_texts_that_teach_nothing_are_refused(
    texts: tuple[str, ...], labels: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(TooFewTextsError, match=reason):
        cross_validated_probabilities(LabelledTexts(texts, labels))
