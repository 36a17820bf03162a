"""The profile of a data set: counts, findings, and the sentences to read before training."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from modelcore.data.findings import Conflict, Leak, Lengths, Mojibake
from modelcore.data.label_errors import LabelError
from modelcore.data.normal import normalise

RARE = 5  # rows; with fewer, a label has no row or one in an evaluation part of a fifth
IMBALANCE = 20
LONG_WORDS = 90  # about 128 tokens, where the default recipe cuts
NOTABLE_LANGUAGE = 0.05


@dataclass(frozen=True)
class Profile:
    """Counts and findings; each list holds at most the first 100, its `…_count` counts all.

    `labels` counts rows by label (spans by label for tagging), the largest first. `duplicate_count` counts
    the rows whose normalised text occurred in an earlier row. `languages` are shares among the texts that
    are long enough to tell. `evaluation_rows` is None where no evaluation data were given.
    `label_errors_note` says why none were sought, or is empty.
    """

    rows: int
    labels: dict[str, int]
    characters: Lengths
    words: Lengths
    duplicate_count: int
    conflict_count: int
    conflicts: tuple[Conflict, ...]
    evaluation_rows: int | None
    leak_count: int
    leaks: tuple[Leak, ...]
    languages: dict[str, float]
    encoding: str
    mojibake_count: int
    mojibake: tuple[Mojibake, ...]
    replacement_character_count: int
    label_error_count: int
    label_errors: tuple[LabelError, ...]
    label_errors_note: str

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What to look at, as sentences, the gravest first."""
        return (*_warn_of_labels(self), *_warn_of_texts(self), *_warn_of_encoding(self))

    def to_json(self) -> dict[str, Any]:
        """The same, with the warnings, as plain JSON types."""
        plain: dict[str, Any] = json.loads(json.dumps({**asdict(self), "warnings": self.warnings}))
        return plain


def _warn_of_labels(profile: Profile) -> Iterator[str]:
    if profile.conflict_count:
        first = profile.conflicts[0]
        yield (
            f"{_count(profile.conflict_count, 'text occurs', 'texts occur')} with different labels, the "
            f"first in rows {_listed(first.rows)}: decide for one label each."
        )
    if profile.leak_count:
        leak = profile.leaks[0]
        yield (
            f"{_count(profile.leak_count, 'text occurs', 'texts occur')} both in training and in evaluation, "
            f"the first in training row {leak.train_rows[0]} and evaluation row {leak.evaluation_rows[0]}: "
            "the measured quality will look better than it is."
        )
    if profile.label_error_count:
        suspect = profile.label_errors[0]
        yield (
            f"{_count(profile.label_error_count, 'label looks', 'labels look')} wrong, most of all row "
            f"{suspect.row}: {suspect.given!r} may be {suspect.suggested!r}."
        )
    rare = [label for label, count in profile.labels.items() if count < RARE]
    if rare:
        yield (
            f"{_count(len(rare), 'label has', 'labels have')} fewer than {RARE} rows ({_listed(rare)}): "
            "add rows, or merge them with others."
        )
    counts = list(profile.labels.values())
    if counts and counts[0] > IMBALANCE * counts[-1]:
        largest, *_, smallest = profile.labels
        yield (
            f"{largest!r} has {counts[0]:,} rows and {smallest!r} {counts[-1]:,}: judge by macro F1, and "
            "consider class weights."
        )
    spellings = defaultdict(list)
    for label in profile.labels:
        spellings[normalise(label.replace("_", " "))].append(label)
    for alike in spellings.values():
        if len(alike) > 1:
            names = _listed([repr(label) for label in alike])
            yield f"The labels {names} differ only in spelling: merge them."


def _warn_of_texts(profile: Profile) -> Iterator[str]:
    if profile.duplicate_count:
        share = profile.duplicate_count / profile.rows
        yield (
            f"{_count(profile.duplicate_count, 'row repeats', 'rows repeat')} an earlier text ({share:.1%}); "
            "a split keeps them on one side."
        )
    if profile.words.p95 > LONG_WORDS:
        yield (
            f"One text in twenty has more than {profile.words.p95:.0f} words: raise max_tokens, or their "
            "ends are cut off."
        )
    told = {
        language: share
        for language, share in profile.languages.items()
        if share >= NOTABLE_LANGUAGE and language != "other"
    }
    if len(told) > 1:
        shares = ", ".join(f"{language} {share:.0%}" for language, share in told.items())
        yield f"The texts are in several languages ({shares}): choose a backbone that knows them all."


def _warn_of_encoding(profile: Profile) -> Iterator[str]:
    if profile.mojibake_count:
        first = profile.mojibake[0]
        guess = f" (it may have read {_shortened(first.suggestion)!r})" if first.suggestion else ""
        yield (
            f"{_count(profile.mojibake_count, 'text looks', 'texts look')} garbled by a wrong decoding, "
            f"the first in row {first.row}{guess}: export them again as UTF-8."
        )
    if profile.replacement_character_count:
        yield (
            f"{_count(profile.replacement_character_count, 'text has', 'texts have')} lost characters to an "
            "earlier wrong decoding (U+FFFD): take them from the original file."
        )
    if profile.encoding not in ("utf-8", "latin-1"):
        yield (
            f"The file is not UTF-8 and was read as {profile.encoding}: look at some rows, and save it as "
            "UTF-8 if they are right."
        )
    elif profile.encoding == "latin-1":
        yield "The file is not UTF-8 and was read as latin-1: check the accented letters of some rows."


def _count(number: int, one: str, many: str) -> str:
    return f"1 {one}" if number == 1 else f"{number:,} {many}"


def _listed(items: tuple[int, ...] | list[str], most: int = 5) -> str:
    shown = ", ".join(str(item) for item in items[:most])
    return f"{shown} and {len(items) - most} more" if len(items) > most else shown


def _shortened(text: str, most: int = 80) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
