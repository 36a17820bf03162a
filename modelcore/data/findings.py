"""What a look at the rows finds: lengths, duplicates, conflicts, leakage, mojibake, languages."""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from modelcore.data.languages import identifier
from modelcore.data.normal import IDEOGRAPH

# An ideograph counts as a word, because Chinese and Japanese write none apart.
_WORD = re.compile(rf"{IDEOGRAPH.pattern}|[^\W_]+(?:['’\-][^\W_]+)*")
_LANGUAGE_SAMPLE = 1000
_LANGUAGE_SHARE = 0.01  # smaller ones are nearly always mistaken
_LANGUAGE_LETTERS = 20  # below it, the language of a text is a guess
_LANGUAGE_IDEOGRAPHS = 4
_LANGUAGE_CERTAINTY = 0.8  # of a name or a product even a long text is a guess
_LANGUAGE_TEXTS = 10  # fewer texts may all be mistaken, unless their script tells


@dataclass(frozen=True)
class Lengths:
    """Quantiles over the texts of one measure of length."""

    minimum: int
    p5: float
    median: float
    p95: float
    maximum: int
    mean: float


@dataclass(frozen=True)
class Conflict:
    """One normalised text that was given different labels; `labels` and `rows` run in parallel."""

    text: str
    labels: tuple[str, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Leak:
    """One normalised text that occurs in training and in evaluation."""

    text: str
    train_rows: tuple[int, ...]
    evaluation_rows: tuple[int, ...]


@dataclass(frozen=True)
class Mojibake:
    """A text that looks like UTF-8 read as something else; `suggestion` is what it was, or empty."""

    row: int
    text: str
    suggestion: str


def measure_characters(texts: Sequence[str]) -> Lengths:
    """How many characters (code points) the texts have.

    Args:
        texts: at least one.

    Returns:
        Quantiles and the mean, in characters.
    """
    return _lengths([len(text) for text in texts])


def measure_words(texts: Sequence[str]) -> Lengths:
    """How many words the texts have, each ideograph counted as one.

    Args:
        texts: at least one.

    Returns:
        Quantiles and the mean, in words.
    """
    return _lengths([len(_WORD.findall(text)) for text in texts])


def find_conflicts(
    texts: Sequence[str], keys: Sequence[str], labels: Sequence[object], rows: Sequence[int]
) -> tuple[Conflict, ...]:
    """The texts whose key occurs with more than one label.

    Args:
        texts: n texts.
        keys: n, equal for texts that count as the same.
        labels: n, one for each text.
        rows: n source rows, from 1.

    Returns:
        One for each such key, in the order of their first texts; its `text` is the first.
    """
    members = _members(keys)
    return tuple(
        Conflict(texts[at[0]], tuple(str(labels[i]) for i in at), tuple(rows[i] for i in at))
        for at in members.values()
        if len(at) > 1 and len({labels[i] for i in at}) > 1
    )


def find_leaks(
    texts: Sequence[str],
    train: tuple[Sequence[str], Sequence[int]],
    evaluation: tuple[Sequence[str], Sequence[int]],
) -> tuple[Leak, ...]:
    """The texts of the evaluation whose key the training has too.

    Args:
        texts: m texts of the evaluation.
        train: n keys, equal for texts that count as the same, and their n source rows.
        evaluation: m keys and m source rows.

    Returns:
        One for each such key, in the order of the evaluation.
    """
    train_members, evaluation_members = _members(train[0]), _members(evaluation[0])
    return tuple(
        Leak(
            texts[at[0]],
            tuple(train[1][i] for i in train_members[key]),
            tuple(evaluation[1][i] for i in at),
        )
        for key, at in evaluation_members.items()
        if key in train_members
    )


def find_mojibake(texts: Sequence[str], rows: Sequence[int]) -> tuple[Mojibake, ...]:
    """The texts that ftfy would decode differently, and those it finds garbled beyond repair.

    Source: ftfy (Robyn Speer), whose heuristic has few false positives on real text.
    """
    import ftfy

    found = []
    for row, text in zip(rows, texts, strict=True):
        if text.isascii():
            continue
        fixed = ftfy.fix_encoding(text)
        if fixed != text:
            found.append(Mojibake(row, text, fixed))
        elif ftfy.badness.is_bad(text):
            found.append(Mojibake(row, text, ""))
    return tuple(found)


def count_replacement_characters(texts: Iterable[str]) -> int:
    """How many texts lost a character to an earlier wrong decoding (U+FFFD)."""
    return sum("\ufffd" in text for text in texts)


def language_shares(texts: Sequence[str]) -> dict[str, float]:
    """The share of each language among an even sample of the texts that surely are in one.

    Args:
        texts: any; at most 1,000, evenly spaced, are looked at.

    Returns:
        ISO 639 code -> share, the largest first, summing to 1; as `other` what has below 1 % or, unless its
        script tells it, fewer than 10 texts; `und` alone if no text is long or plain enough.
    """
    step = max(1, math.ceil(len(texts) / _LANGUAGE_SAMPLE))
    counts, by_script = Counter[str](), set[str]()
    for text in texts[::step]:
        head = text[:2000]
        if len(IDEOGRAPH.findall(head)) >= _LANGUAGE_IDEOGRAPHS:
            language = identifier().classify(head)[0]
            by_script.add(language)
            counts[language] += 1
        elif sum(unicodedata.category(character)[0] == "L" for character in head) >= _LANGUAGE_LETTERS:
            language, certainty = identifier().classify(head)
            counts[language] += certainty >= _LANGUAGE_CERTAINTY
    total = counts.total()
    if not total:
        return {"und": 1.0}
    enough = {language for language, count in counts.items() if count >= _LANGUAGE_TEXTS} | by_script
    largest = counts.most_common(1)[0][0]
    told = {
        language: round(count / total, 4)
        for language, count in counts.most_common()
        if count / total >= _LANGUAGE_SHARE and (language in enough or language == largest)
    }
    other = sum(count for language, count in counts.items() if language not in told) / total
    return {**told, "other": round(other, 4)} if other else told


def _lengths(values: list[int]) -> Lengths:
    p5, median, p95 = np.percentile(values, [5, 50, 95])
    return Lengths(
        min(values), float(p5), float(median), float(p95), max(values), round(float(np.mean(values)), 2)
    )


def _members(keys: Sequence[str]) -> dict[str, list[int]]:
    members: dict[str, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        members[key].append(index)
    return members
