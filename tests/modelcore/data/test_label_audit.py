"""A batch's labels are doubted by what like texts are labelled, and only beyond what chance suspects."""

import random

import pytest

from modelcore.data import LabelledTexts, audit_label_batch, surely_wrong

TOPICS = {
    "card": ("card", "pin", "chip", "contactless", "plastic"),
    "parcel": ("parcel", "courier", "delivery", "doorstep", "tracking"),
    "refund": ("refund", "money", "return", "credit", "receipt"),
    "account": ("account", "login", "password", "profile", "email"),
}
FILLERS = ("please", "now", "my", "the", "where", "help", "today", "why", "again", "still", "never")


def questions(per_label: int, seed: int, topics: tuple[str, ...] = tuple(TOPICS)) -> list[tuple[str, str]]:
    generator = random.Random(seed)
    return [
        (" ".join([*generator.sample(TOPICS[label], 2), *generator.sample(FILLERS, 3)]), label)
        for label in topics
        for _ in range(per_label)
    ]


def data_of(*parts: list[tuple[str, str]]) -> LabelledTexts:
    texts, labels = zip(*(pair for part in parts for pair in part), strict=True)
    return LabelledTexts(texts, labels)


def spoiled(pairs: list[tuple[str, str]], share: float, seed: int) -> list[tuple[str, str]]:
    generator = random.Random(seed)
    wrong = set(generator.sample(range(len(pairs)), round(share * len(pairs))))
    return [
        (text, generator.choice([name for name in TOPICS if name != label]) if place in wrong else label)
        for place, (text, label) in enumerate(pairs)
    ]


def sure_of(trusted: list[tuple[str, str]], batch: list[tuple[str, str]]) -> float:
    found = audit_label_batch(data_of(trusted, batch), range(len(trusted), len(trusted) + len(batch)))
    return surely_wrong(judged=found.judged, suspected=len(found.suspected), by_chance=found.by_chance)


@pytest.mark.parametrize("seed", range(3))
def test_a_batch_with_a_third_of_its_labels_wrong_is_told_from_an_honest_one(seed: int) -> None:
    trusted, batch = questions(40, seed), questions(12, 100 + seed)

    assert sure_of(trusted, batch) <= 0.1
    assert sure_of(trusted, spoiled(batch, 0.3, seed)) > 0.1


def test_a_new_label_of_few_texts_is_not_wrong_for_being_new() -> None:
    trusted = questions(60, 1, topics=("card", "parcel", "account"))

    assert sure_of(trusted, questions(4, 2, topics=("refund",))) <= 0.1


def test_only_rows_of_the_batch_are_suspected_and_the_better_label_is_named() -> None:
    trusted, batch = questions(40, 3), [("card pin chip please", "parcel"), ("card pin help now", "card")]

    found = audit_label_batch(data_of(trusted, batch), [len(trusted), len(trusted) + 1])

    assert [(one.text, one.suggested) for one in found.suspected] == [("card pin chip please", "card")]
    assert found.judged == 2


@pytest.mark.parametrize("seed", range(3))
def test_chinese_texts_are_compared_with_chinese_ones(seed: int) -> None:
    letters = {ord(letter): 0x4E00 + place for place, letter in enumerate("abcdefghijklmnopqrstuvwxyz ")}

    def in_chinese(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        return [(text.translate(letters), label) for text, label in pairs]

    trusted, batch = questions(40, seed) + in_chinese(questions(20, seed)), questions(12, 100 + seed)

    assert sure_of(trusted, in_chinese(batch)) <= 0.1
    assert sure_of(trusted, in_chinese(spoiled(batch, 0.5, seed))) > 0.1


@pytest.mark.parametrize(
    "few",
    [[("我要退货", "refund")], [("我要退货", "refund"), ("包裹呢", "parcel")], [("退货", "refund")] * 2],
)
def test_too_few_texts_of_a_script_are_not_judged(few: list[tuple[str, str]]) -> None:
    trusted = questions(20, 4)

    found = audit_label_batch(data_of(trusted, few), range(len(trusted), len(trusted) + len(few)))

    assert (found.judged, found.suspected, found.by_chance) == (0, (), 0.0)


def test_a_text_that_is_alone_with_its_label_is_not_judged() -> None:
    trusted = questions(20, 4)

    found = audit_label_batch(data_of(trusted, [("opening hours today", "hours")]), [len(trusted)])

    assert (found.judged, found.suspected) == (0, ())


def test_suspicion_by_chance_is_no_evidence() -> None:
    assert surely_wrong(judged=200, suspected=30, by_chance=0.15) == 0.0
    assert surely_wrong(judged=200, suspected=80, by_chance=0.1) > 0.2
    assert surely_wrong(judged=0, suspected=0, by_chance=0.0) == 0.0
