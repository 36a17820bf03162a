import os
import subprocess
import sys
from collections import Counter

import pytest

from modelcore.data import split
from modelcore.data.texts import SpanTexts
from modelcore.errors import InputError
from modelcore.privacy import LABELS, personal_sentences


@pytest.fixture(scope="module")
def sentences() -> SpanTexts:
    return personal_sentences(count=4000, seed=3)


def marked(sentences: SpanTexts, label: str) -> list[str]:
    return [
        text[span.start : span.end]
        for text, spans in zip(sentences.texts, sentences.spans, strict=True)
        for span in spans
        if span.label == label
    ]


def test_the_seed_decides_every_character(sentences: SpanTexts) -> None:
    assert personal_sentences(count=300, seed=3).digest == personal_sentences(count=300, seed=3).digest
    assert personal_sentences(count=300, seed=4).digest != personal_sentences(count=300, seed=3).digest


def test_another_process_makes_the_same_sentences() -> None:
    """Sets have an order of their own in each process; nothing may be drawn by it."""
    made = "from modelcore.privacy import personal_sentences; print(personal_sentences(count=4000, seed=0))"
    by_process = [
        subprocess.run(
            [sys.executable, "-c", made],
            env={**os.environ, "PYTHONHASHSEED": number},
            capture_output=True,
            check=True,
        ).stdout
        for number in ("1", "2")
    ]

    assert by_process[0] == by_process[1]


def test_every_label_is_taught_and_a_fifth_of_the_sentences_has_none(sentences: SpanTexts) -> None:
    assert {span.label for spans in sentences.spans for span in spans} == set(LABELS)
    assert 0.15 < sum(not spans for spans in sentences.spans) / len(sentences.texts) < 0.3


def test_each_template_comes_equally_often(sentences: SpanTexts) -> None:
    counts = Counter(sentences.groups)
    assert max(counts.values()) - min(counts.values()) <= 1
    assert len(counts) >= 450


def test_no_slot_is_left_open(sentences: SpanTexts) -> None:
    assert not [text for text in sentences.texts if "{" in text or "}" in text]


def test_a_mark_holds_its_value_and_no_space_around_it(sentences: SpanTexts) -> None:
    values = [value for label in LABELS for value in marked(sentences, label)]
    assert all(value and value == value.strip() for value in values)


@pytest.mark.parametrize("label", ["CREDIT_CARD", "IBAN_CODE"])
def test_numbers_with_check_digits_hold_them(sentences: SpanTexts, label: str) -> None:
    is_valid = {"CREDIT_CARD": passes_luhn, "IBAN_CODE": passes_mod_97}[label]
    values = ["".join(filter(str.isalnum, value)) for value in marked(sentences, label)]
    assert len(set(values)) > 50
    assert all(is_valid(value) for value in values)


def passes_luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0


def passes_mod_97(account: str) -> bool:
    return int("".join(str(int(sign, 36)) for sign in account[4:] + account[:4])) % 97 == 1


def test_names_differ_in_shape_and_come_from_many_places(sentences: SpanTexts) -> None:
    names = marked(sentences, "PERSON")
    assert len(set(names)) > 0.9 * len(names)
    assert {len(name.split()) for name in names} >= {1, 2, 3}
    assert sum(not name.isascii() for name in names) > 0.05 * len(names)


def test_an_article_suits_the_word_that_was_filled_in(sentences: SpanTexts) -> None:
    before = [
        (text[: span.start].lower(), text[span.start].lower())
        for text, spans in zip(sentences.texts, sentences.spans, strict=True)
        for span in spans
    ]
    assert not [word for text, word in before if text.endswith(" an ") and word in "bcdfghjklmnpqrstvwxyz"]
    assert not [word for text, word in before if text.endswith(" a ") and word in "aeio"]


def test_a_split_never_judges_a_template_that_was_learnt(sentences: SpanTexts) -> None:
    parts = split(sentences, evaluation_fraction=0.2, seed=0)
    assert not set(parts.train.groups) & set(parts.evaluation.groups)


def test_none_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="at least 1"):
        personal_sentences(count=0, seed=0)
