"""Looking a data set over before a model is trained on it."""

from collections import Counter

from modelcore.data import findings
from modelcore.data.label_errors import (
    Features,
    LabelError,
    TooFewTextsError,
    cross_validated_accuracy,
    cross_validated_probabilities,
    find_label_errors,
)
from modelcore.data.normal import normalise
from modelcore.data.profiles import Profile
from modelcore.data.texts import LabelledTexts, Rows, Span, SpanTexts, TextPairs
from modelcore.errors import InputError
from modelcore.sentence import Sentence

LISTED = 100
LABEL_ERROR_ROWS = 25_000
LABEL_ERROR_CELLS = 1_000_000  # rows x labels; beyond either, five fits take longer than a person waits


def profile(
    data: Rows,
    *,
    evaluation: Rows | None = None,
    label_errors: bool = True,
    features: Features | None = None,
    seed: int = 0,
) -> Profile:
    """Count, measure and look for what spoils training or its evaluation.

    Args:
        data: the training data, at least one row; of pairs, anchors and positives are both looked at.
        evaluation: the evaluation data, whose texts must not occur in training.
        label_errors: whether to look for wrong labels, which fits a cheap model five times.
        features: of the cheap model, see `label_errors.cross_validated_probabilities`.
        seed: decides the folds of the cheap model.

    Returns:
        The profile; 100,000 short texts take seconds, because above 25,000 rows no label errors are sought.

    Raises:
        InputError: there are no rows.
    """
    if not data.rows:
        raise InputError("There are no rows to look at: add some.")
    texts, rows = _texts_of(data)
    keys = [normalise(text) for text in texts]
    conflicts = findings.find_conflicts(texts, keys, _labels_of(data), rows)
    leaks: tuple[findings.Leak, ...] = ()
    if evaluation is not None:
        other_texts, other_rows = _texts_of(evaluation)
        other_keys = [normalise(text) for text in other_texts]
        leaks = findings.find_leaks(other_texts, (keys, rows), (other_keys, other_rows))
    mojibake = findings.find_mojibake(texts, rows)
    note = _why_no_label_errors(data, label_errors)
    suspects: tuple[LabelError, ...] = ()
    accuracy: float | None = None
    if not note and isinstance(data, LabelledTexts):
        try:
            probabilities = cross_validated_probabilities(data, features=features, seed=seed)
        except TooFewTextsError as error:
            note = Sentence("Label errors were not sought: {cause}", cause=error.sentence)
        else:
            suspects = find_label_errors(data, probabilities)
            accuracy = cross_validated_accuracy(data, probabilities)
    return Profile(
        rows=len(data.rows),
        labels=_label_counts(data),
        characters=findings.measure_characters(texts),
        words=findings.measure_words(texts),
        duplicate_count=_duplicate_count(data, keys),
        conflict_count=len(conflicts),
        conflicts=conflicts[:LISTED],
        evaluation_rows=None if evaluation is None else len(evaluation.rows),
        leak_count=len(leaks),
        leaks=leaks[:LISTED],
        languages=findings.language_shares(texts),
        encoding=data.encoding,
        mojibake_count=len(mojibake),
        mojibake=mojibake[:LISTED],
        replacement_character_count=findings.count_replacement_characters(texts),
        label_error_count=len(suspects),
        label_errors=suspects[:LISTED],
        label_errors_note=note,
        cross_validated_accuracy=accuracy,
    )


def _texts_of(data: Rows) -> tuple[tuple[str, ...], tuple[int, ...]]:
    if isinstance(data, TextPairs):
        return data.anchors + data.positives, data.rows + data.rows
    return data.texts, data.rows


def _duplicate_count(data: Rows, keys: list[str]) -> int:
    rows = len(data.rows)
    # Many pairs share one of their texts; a row is repeated where both are.
    said = list(zip(keys[:rows], keys[rows:], strict=True)) if isinstance(data, TextPairs) else keys
    return rows - len(set(said))


def _labels_of(data: Rows) -> list[str]:
    match data:
        case LabelledTexts():
            return list(data.labels)
        case SpanTexts():
            return [_marks(*marked) for marked in zip(data.texts, data.spans, strict=True)]
        case TextPairs():
            return [""] * (2 * len(data.rows))


def _marks(text: str, spans: tuple[Span, ...]) -> str:
    # What is marked, not where: the same text with other white space is marked alike at other offsets.
    return ", ".join(f"{span.label} {normalise(text[span.start : span.end])}" for span in spans)


def _label_counts(data: Rows) -> dict[str, int]:
    match data:
        case LabelledTexts():
            counts = Counter(data.labels)
        case SpanTexts():
            counts = Counter(span.label for spans in data.spans for span in spans)
        case TextPairs():
            counts = Counter()
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _why_no_label_errors(data: Rows, wanted: bool) -> Sentence:
    if not wanted:
        return Sentence("Label errors were not sought: the caller did not ask for them.")
    if not isinstance(data, LabelledTexts):
        return Sentence("Label errors were not sought: they are defined for one label a text.")
    labels = len(set(data.labels))
    if labels < 2:
        return Sentence("Label errors were not sought: there is only one label.")
    if len(data.rows) > LABEL_ERROR_ROWS or len(data.rows) * labels > LABEL_ERROR_CELLS:
        return Sentence(
            "Label errors were not sought: {rows:,} rows of {labels:,} labels are more than the limit of "
            "{most_rows:,} rows or {most_cells:,} rows times labels.",
            rows=len(data.rows),
            labels=labels,
            most_rows=LABEL_ERROR_ROWS,
            most_cells=LABEL_ERROR_CELLS,
        )
    return Sentence.of("")
