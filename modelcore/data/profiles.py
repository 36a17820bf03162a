"""The profile of a data set: counts, findings, and the sentences to read before training."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from modelcore.data.findings import Conflict, Leak, Lengths, Mojibake
from modelcore.data.label_errors import LabelError
from modelcore.data.label_spelling import spelling, told_apart
from modelcore.sentence import Sentence

RARE = 5  # rows; with fewer, a label has no row or one in an evaluation part of a fifth
IMBALANCE = 20
LONG_WORDS = 90  # about 128 tokens, where the default recipe cuts
NOTABLE_LANGUAGE = 0.05


@dataclass(frozen=True)
class Profile:
    """Counts and findings; each list holds at most the first 100, its `…_count` counts all.

    `labels` counts rows by label (spans by label for tagging), the largest first. `duplicate_count` counts
    the rows whose normalised text occurred in an earlier row (of pairs, both texts). `languages` are shares
    among the texts that surely are in one. `evaluation_rows` is None where no evaluation data were given.
    `label_errors_note` says why none were sought, or is empty; `cross_validated_accuracy` is that of the
    cheap model which sought them, None where it was not asked.
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
    label_errors_note: Sentence
    cross_validated_accuracy: float | None

    @cached_property
    def warnings(self) -> tuple[Sentence, ...]:
        """What to look at, as sentences, the gravest first."""
        return (*_warn_of_labels(self), *_warn_of_texts(self), *_warn_of_encoding(self))

    def to_json(self) -> dict[str, Any]:
        """The same, with the warnings, as plain JSON types."""
        plain: dict[str, Any] = json.loads(json.dumps({**asdict(self), "warnings": self.warnings}))
        return plain


def _warn_of_labels(profile: Profile) -> Iterator[Sentence]:
    if profile.conflict_count:
        yield Sentence(
            "Texts with different labels: {texts:,}, the first in rows {rows}. Decide for one label each.",
            texts=profile.conflict_count,
            rows=_listed(profile.conflicts[0].rows),
        )
    if profile.leak_count:
        leak = profile.leaks[0]
        yield Sentence(
            "Texts that are both in training and in evaluation: {texts:,}, the first in training row "
            "{train_row} and evaluation row {evaluation_row}. The measured quality will look better than it "
            "is.",
            texts=profile.leak_count,
            train_row=leak.train_rows[0],
            evaluation_row=leak.evaluation_rows[0],
        )
    if profile.label_error_count:
        suspect = profile.label_errors[0]
        yield Sentence(
            "Labels that look wrong: {labels:,}, most of all row {row}: {given!r} may be {suggested!r}. The "
            "quick model that doubts them finds {share:.0%} of all labels: the fewer, the more of its doubts "
            "are mistakes of its own.",
            labels=profile.label_error_count,
            row=suspect.row,
            given=suspect.given,
            suggested=suspect.suggested,
            share=profile.cross_validated_accuracy,
        )
    rare = [label for label, count in profile.labels.items() if count < RARE]
    if rare:
        yield Sentence(
            "Labels with fewer than {rare} rows: {labels:,} ({names}). Add rows, or merge them with others.",
            rare=RARE,
            labels=len(rare),
            names=_listed(rare),
        )
    counts = list(profile.labels.values())
    if counts and counts[0] > IMBALANCE * counts[-1]:
        largest, *_, smallest = profile.labels
        yield Sentence(
            "{largest!r} has {most:,} rows and {smallest!r} {fewest:,}: judge by macro F1, and consider "
            "class weights.",
            largest=largest,
            most=counts[0],
            smallest=smallest,
            fewest=counts[-1],
        )
    yield from _warn_of_spellings(profile)


def _warn_of_spellings(profile: Profile) -> Iterator[Sentence]:
    spellings = defaultdict(list)
    for label in profile.labels:
        spellings[spelling(label)].append(label)
    for alike in spellings.values():
        if len(alike) > 1:
            names = _listed(told_apart(alike))
            yield Sentence("The labels {names} differ only in spelling: merge them.", names=names)


def _warn_of_texts(profile: Profile) -> Iterator[Sentence]:
    if profile.duplicate_count:
        yield Sentence(
            "Rows that repeat an earlier text: {rows:,} ({share:.1%}); a split keeps them on one side.",
            rows=profile.duplicate_count,
            share=profile.duplicate_count / profile.rows,
        )
    if profile.words.p95 > LONG_WORDS:
        yield Sentence(
            "One text in twenty has more than {words:.0f} words. As many word pieces of a text are read as "
            "max_tokens says, 128 unless it is set and 512 at most; the rest is cut off.",
            words=profile.words.p95,
        )
    told = {
        language: share
        for language, share in profile.languages.items()
        if share >= NOTABLE_LANGUAGE and language != "other"
    }
    if len(told) > 1:
        yield Sentence(
            "The texts are in several languages ({shares}): choose a backbone that knows them all.",
            shares=", ".join(f"{language} {share:.0%}" for language, share in told.items()),
        )


def _warn_of_encoding(profile: Profile) -> Iterator[Sentence]:
    if profile.mojibake_count:
        first = profile.mojibake[0]
        yield Sentence(
            "Texts that look garbled by a wrong decoding: {texts:,}, the first in row {row}. Export them "
            "again as UTF-8.",
            texts=profile.mojibake_count,
            row=first.row,
        )
        if first.suggestion:
            yield Sentence(
                "Row {row} may have read {suggestion!r}.",
                row=first.row,
                suggestion=_shortened(first.suggestion),
            )
    if profile.replacement_character_count:
        yield Sentence(
            "Texts that lost characters to an earlier wrong decoding (U+FFFD): {texts:,}. Take them from the "
            "original file.",
            texts=profile.replacement_character_count,
        )
    if profile.encoding not in ("utf-8", "latin-1"):
        yield Sentence(
            "The file is not UTF-8 and was read as {encoding}: look at some rows, and save it as UTF-8 if "
            "they are right.",
            encoding=profile.encoding,
        )
    elif profile.encoding == "latin-1":
        yield Sentence(
            "The file is not UTF-8 and was read as latin-1: check the accented letters of some rows."
        )


def _listed(items: tuple[int, ...] | list[str], most: int = 5) -> str:
    return ", ".join(str(item) for item in items[:most]) + (", …" if len(items) > most else "")


def _shortened(text: str, most: int = 80) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
