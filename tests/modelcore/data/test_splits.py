from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelcore.data import (
    LabelledTexts,
    Span,
    SpanTexts,
    TextPairs,
    folds,
    normalise,
    sample_per_label,
    split,
)
from modelcore.errors import InputError

WORDS = st.sampled_from(["a", "A", "a!", "b", "B ", "c", "d", "e", "f", "g", "h", "i", "j", "k"])
ROWS = st.lists(st.tuples(WORDS, st.sampled_from("xyz")), min_size=1, max_size=60)
SEEDS = st.integers(0, 5)


def labelled(rows: list[tuple[str, str]]) -> LabelledTexts:
    return LabelledTexts(tuple(text for text, _ in rows), tuple(label for _, label in rows))


def keys(data: LabelledTexts) -> set[str]:
    return {normalise(text) for text in data.texts}


def balanced(per_label: int) -> LabelledTexts:
    return labelled([(f"text {number} of {label}", label) for label in "abc" for number in range(per_label)])


@settings(deadline=None)
@given(ROWS, st.floats(0.05, 0.6), SEEDS)
def test_a_split_loses_nothing_and_shares_no_text(
    rows: list[tuple[str, str]], fraction: float, seed: int
) -> None:
    data = labelled(rows)
    try:
        parts = split(data, evaluation_fraction=fraction, seed=seed)
    except InputError:
        return  # a part would be empty, which the tests below look at
    assert not keys(parts.train) & keys(parts.evaluation)
    assert sorted(parts.train.rows + parts.evaluation.rows) == list(data.rows)
    assert set(parts.train.labels) == set(data.labels)


@settings(deadline=None)
@given(ROWS, st.integers(2, 5), SEEDS)
def test_folds_evaluate_each_row_once_and_share_no_text(
    rows: list[tuple[str, str]], count: int, seed: int
) -> None:
    data = labelled(rows)
    try:
        parts = list(folds(data, count=count, seed=seed))
    except InputError:
        assert len(keys(data)) < count
        return
    assert sorted(row for part in parts for row in part.evaluation.rows) == list(data.rows)
    for part in parts:
        assert not keys(part.train) & keys(part.evaluation)
        assert sorted(part.train.rows + part.evaluation.rows) == list(data.rows)


@settings(deadline=None)
@given(ROWS, st.integers(1, 4), SEEDS)
def test_a_sample_has_different_texts_of_every_label(
    rows: list[tuple[str, str]], per_label: int, seed: int
) -> None:
    data = labelled(rows)
    sample = sample_per_label(data, per_label=per_label, seed=seed)
    drawn = Counter(sample.labels)
    for label in set(data.labels):
        available = {normalise(text) for text, given_label in rows if given_label == label}
        assert drawn[label] == min(per_label, len(available))
    assert len(set(zip(map(normalise, sample.texts), sample.labels, strict=True))) == len(sample.texts)


def test_a_split_keeps_the_share_of_each_label() -> None:
    parts = split(balanced(50), evaluation_fraction=0.2, seed=3)
    assert Counter(parts.evaluation.labels) == {"a": 10, "b": 10, "c": 10}


def test_two_texts_a_label_can_be_split() -> None:
    data = labelled([(f"{number} {label}", label) for label in "abcdefghij" for number in range(2)])
    parts = split(data, evaluation_fraction=0.2, seed=0)
    assert len(parts.evaluation.rows) == 4
    assert set(parts.train.labels) == set(data.labels)


def long_tail() -> LabelledTexts:
    common = [(f"common {number}", "x") for number in range(80)]
    return labelled([*common, *((f"rare {number}", f"y{number}") for number in range(400))])


def test_rare_labels_go_to_either_part_as_often_as_it_is_large() -> None:
    parts = split(long_tail(), evaluation_fraction=0.25, seed=0, rare_by_chance=True)
    kept = Counter(label == "x" for label in parts.evaluation.labels)
    assert kept[True] == 20
    assert 80 < kept[False] < 120


def test_without_rare_labels_chance_changes_no_split() -> None:
    for seed in range(5):
        assert split(balanced(20), seed=seed, rare_by_chance=True) == split(balanced(20), seed=seed)


def test_folds_keep_the_share_of_each_label() -> None:
    for part in folds(balanced(50), count=10, seed=3):
        assert Counter(part.evaluation.labels) == {"a": 5, "b": 5, "c": 5}


def test_a_seed_repeats_a_split_and_another_changes_it() -> None:
    data = balanced(50)
    assert split(data, seed=1) == split(data, seed=1)
    assert split(data, seed=1) != split(data, seed=2)


def test_parts_are_in_source_order() -> None:
    parts = split(balanced(50), seed=1)
    assert list(parts.train.rows) == sorted(parts.train.rows)


def test_a_template_is_never_parted() -> None:
    texts = tuple(f"{name} lives in {town}" for name in "ABCDEFGH" for town in ("Rome", "Bonn", "Lima"))
    spans = tuple((Span(0, 1, "PER"),) for _ in texts)
    data = SpanTexts(texts, spans, groups=tuple(text[0] for text in texts))
    parts = split(data, evaluation_fraction=0.25, seed=0)
    assert not set(parts.train.groups) & set(parts.evaluation.groups)
    assert len(parts.evaluation.rows) == 6


def test_pairs_that_share_a_text_stay_together() -> None:
    data = TextPairs(("a", "b", "c", "x", "y"), ("b", "c", "d", "X!", "z"))
    parts = split(data, evaluation_fraction=0.4, seed=0)
    assert {parts.train.rows, parts.evaluation.rows} == {(1, 2, 3), (4, 5)} or len(parts.train.rows) == 4
    chain = [rows for rows in (parts.train.rows, parts.evaluation.rows) if 1 in rows]
    assert {1, 2, 3} <= set(chain[0])


def test_pairs_that_all_share_a_text_cannot_be_split() -> None:
    with pytest.raises(InputError, match="All 6 pairs hang together through the texts that they share"):
        split(TextPairs(("a", "b", "c") * 2, ("x",) * 3 + ("y",) * 3))


def test_one_text_cannot_be_split() -> None:
    with pytest.raises(InputError, match=r"Too few different texts a label to part in two \(rows: 3\)"):
        split(labelled([("one", "x"), ("One", "y"), ("one!", "x")]))


@pytest.mark.parametrize("fraction", [0.0, 1.0, -1.0])
def test_a_fraction_outside_its_range_is_refused(fraction: float) -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        split(balanced(5), evaluation_fraction=fraction)


def test_too_many_folds_and_empty_samples_are_refused() -> None:
    with pytest.raises(InputError, match="fewer different texts"):
        list(folds(balanced(1), count=4, seed=0))
    with pytest.raises(InputError, match="at least 2"):
        list(folds(balanced(5), count=1, seed=0))
    with pytest.raises(InputError, match="at least 1"):
        sample_per_label(balanced(5), per_label=0, seed=0)
