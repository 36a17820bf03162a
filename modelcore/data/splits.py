"""Splits that keep the shares of the labels and never part texts that say the same."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from modelcore.data.grouping import group_indices, strata
from modelcore.data.texts import LabelledTexts, SpanTexts, TextPairs
from modelcore.errors import InputError

Data = TypeVar("Data", LabelledTexts, SpanTexts, TextPairs)


@dataclass(frozen=True)
class Split(Generic[Data]):
    """Two parts of one data set, each in source order, with no normalised text or group in both."""

    train: Data
    evaluation: Data


def split(
    data: Data, *, evaluation_fraction: float = 0.2, seed: int = 0, rare_by_chance: bool = False
) -> Split[Data]:
    """Part a data set in two, stratified by label and grouped by normalised text.

    Args:
        data: labelled texts, span texts (stratified by the labels of their spans) or pairs.
        evaluation_fraction: in (0, 1); the share of each label for evaluation, as near as groups allow.
        seed: decides which; the same seed and data give the same split.
        rare_by_chance: for a model that is judged by what it will meet, labels that it has not seen among
            it: texts of labels so rare that their share for evaluation is less than one text go there as
            often as that share says. Where no label is, the split is the same.

    Returns:
        The two parts; every label occurs in train, but for those that went by chance.

    Raises:
        InputError: the fraction is outside (0, 1), or there are too few different texts to part.

    Source: Sechidis et al. 2011, "On the stratification of multi-label data"; here of groups, not rows.
    """
    if not 0 < evaluation_fraction < 1:
        raise InputError(
            "The evaluation fraction is {evaluation_fraction}: it must lie between 0 and 1.",
            evaluation_fraction=evaluation_fraction,
        )
    shares = (1 - evaluation_fraction, evaluation_fraction)
    sides = _assign(data, shares, seed, train_first=True, rare_by_chance=rare_by_chance)
    if not all(sides):
        # With two texts a label, no label has a whole text to spare for a fifth: share out all rows alike.
        sides = _assign(data, shares, seed, train_first=True, stratified=False)
    if not all(sides) and isinstance(data, TextPairs):
        # A text on both sides would be known before it is asked for.
        raise InputError(
            "All {rows:,} pairs hang together through the texts that they share, so no part of them can be "
            "held out: add pairs of other texts, or give a file to evaluate on.",
            rows=len(data.rows),
        )
    if not all(sides):
        raise InputError(
            "Too few different texts a label to part in two (rows: {rows:,}): add texts, or give a file to "
            "evaluate on.",
            rows=len(data.rows),
        )
    return Split(train=data.take(sides[0]), evaluation=data.take(sides[1]))


def folds(data: Data, *, count: int, seed: int) -> Iterator[Split[Data]]:
    """Cross-validation folds, stratified by label and grouped by normalised text.

    Args:
        data: as in `split`.
        count: number of folds, at least 2; every row is in evaluation exactly once.
        seed: decides which; the same seed and data give the same folds.

    Returns:
        An iterator of `count` splits.

    Raises:
        InputError: fewer than two folds, or more folds than different texts.
    """
    for evaluation in fold_indices(data, count=count, seed=seed):
        held_out = set(evaluation)
        train = [index for index in range(len(data.rows)) if index not in held_out]
        yield Split(train=data.take(train), evaluation=data.take(evaluation))


def fold_indices(data: Data, *, count: int, seed: int) -> list[list[int]]:
    """The row indices of each fold's evaluation part.

    Args:
        data: as in `split`.
        count: number of folds, at least 2.
        seed: decides which; the same seed and data give the same folds.

    Returns:
        `count` lists; every index of `data` is in exactly one.

    Raises:
        InputError: fewer than two folds, or more folds than different texts.
    """
    if count < 2:
        raise InputError("{count} folds were asked for: cross-validation needs at least 2.", count=count)
    parts = _assign(data, (1 / count,) * count, seed)
    if not all(parts):
        raise InputError(
            "{count} folds were asked for, but there are fewer different texts: ask for fewer.", count=count
        )
    return parts


def sample_per_label(data: LabelledTexts, *, per_label: int, seed: int) -> LabelledTexts:
    """Draw the same number of different texts for each label.

    Args:
        data: labelled texts.
        per_label: at least 1; a label with fewer different texts gives all that it has.
        seed: decides which; the same seed and data give the same sample.

    Returns:
        The sample in source order; no normalised text occurs twice in a label.

    Raises:
        InputError: `per_label` is below 1.
    """
    if per_label < 1:
        raise InputError(
            "{per_label} texts a label were asked for: it must be at least 1.", per_label=per_label
        )
    candidates: dict[str, list[int]] = defaultdict(list)
    for indices in group_indices(data):
        firsts: dict[str, int] = {}
        for index in indices:
            firsts.setdefault(data.labels[index], index)
        for label, index in firsts.items():
            candidates[label].append(index)
    generator = random.Random(seed)  # noqa: S311 - a sample, not a secret
    chosen: list[int] = []
    for label in sorted(candidates):
        texts = sorted(candidates[label])
        chosen += generator.sample(texts, min(per_label, len(texts)))
    return data.take(sorted(chosen))


def _assign(
    data: Data,
    shares: Sequence[float],
    seed: int,
    *,
    train_first: bool = False,
    stratified: bool = True,
    rare_by_chance: bool = False,
) -> list[list[int]]:
    """Put whole groups, the largest first, where their labels are most wanted."""
    groups = group_indices(data)
    generator = random.Random(seed)  # noqa: S311 - a split, not a secret
    generator.shuffle(groups)
    groups.sort(key=len, reverse=True)
    labels = strata(data)
    totals: dict[str, int] = defaultdict(int)
    for row in labels:
        for label in row:
            totals[label] += 1
    wanted = [{label: share * total for label, total in totals.items()} for share in shares]
    room = [share * len(labels) for share in shares]
    parts: list[list[int]] = [[] for _ in shares]
    in_train: set[str] = set()
    for indices in groups:
        counts: dict[str, int] = defaultdict(int)
        for index in indices:
            for label in labels[index]:
                counts[label] += 1
        if rare_by_chance and all(shares[1] * totals[label] < 1 for label in counts):
            place = int(generator.random() < shares[1])
        elif train_first and not in_train.issuperset(counts):
            place = 0
        else:
            place = _most_wanted(counts if stratified else {}, totals, wanted, room)
        if place == 0:
            in_train.update(counts)
        parts[place] += indices
        room[place] -= len(indices)
        for label, number in counts.items():
            wanted[place][label] -= number
    return [sorted(part) for part in parts]


def _most_wanted(
    counts: dict[str, int], totals: dict[str, int], wanted: list[dict[str, float]], room: list[float]
) -> int:
    def need(place: int) -> tuple[float, float]:
        # Rounded, so that sums of shares that differ in the last bit count as ties and room decides.
        missing = sum(wanted[place][label] * number / totals[label] for label, number in counts.items())
        return round(missing, 9), round(room[place], 9)

    return max(range(len(room)), key=need)
