"""JSON rows → texts with marked spans, as doccano, spaCy, Presidio and Hugging Face write them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import accumulate
from typing import Any

from modelcore.data.conll import ONLY_LABEL, POSITIONS, Marked, TaggedTokens
from modelcore.data.tables import Row, check_text
from modelcore.data.texts import Span
from modelcore.errors import InputError

_LISTS = ("spans", "entities", "label")
_STARTS = ("start", "start_offset", "start_position")
_ENDS = ("end", "end_offset", "end_position")
_LETTER = re.compile(r"[^\W_\u3040-\u30ff\u3400-\u9fff]")
_WIDE = re.compile("[\U00010000-\U0010ffff]")
_LABELS = ("label", "type", "entity_type")


def read_json_spans(row: Row, text_column: str) -> Marked:
    """A text with its spans, as `read_spans` says.

    Raises:
        InputError: nothing says what is marked, or a span is not what one can be.
    """
    listed = _listed(row)
    if listed is None and "tokens" in row.values:
        marked = _from_tokens(row)
        text, spans = marked.text, marked.spans
    elif listed is None:
        raise InputError(
            "Row {number} has no list of spans: give one as spans, entities or label, [] where nothing is "
            "marked, or tokens and ner_tags.",
            number=row.number,
        )
    else:
        is_full = text_column == "text" and "full_text" in row.values
        text = row.text("full_text" if is_full else text_column)
        marked_so = [_span(row.number, text, item) for item in listed]
        _refuse_code_units(row.number, text, marked_so)
        # The same mark twice is one.
        found = {_without_blanks(row.number, text, span) for span in marked_so}
        spans = tuple(sorted(found, key=lambda span: (span.start, span.end, span.label)))
    group = row.values.get("group", row.values.get("template_id"))
    return Marked(row.number, text, spans, "" if group is None else str(group))


def _listed(row: Row) -> list[Any] | None:
    given = [row.values[name] for name in _LISTS if name in row.values]
    return next((value for value in given if isinstance(value, list)), [] if None in given else None)


def _from_tokens(row: Row) -> Marked:
    tokens, tags = _texts(row.values["tokens"]), _texts(row.values.get("ner_tags"))
    if not tokens or len(tokens) != len(tags):
        raise InputError(
            "Row {number} needs a list of tokens and as many ner_tags, each a text such as B-PER or O and no "
            "number.",
            number=row.number,
        )
    text = TaggedTokens(row.number)
    for token, tag in zip(tokens, tags, strict=True):
        if token.strip():
            text.add(token, f"{tag}-{ONLY_LABEL}" if tag in POSITIONS else tag, row.number)
    return text.marked()


def _texts(value: object) -> list[str]:
    """The value, or nothing where it is no list of texts."""
    return value if isinstance(value, list) and all(isinstance(item, str) for item in value) else []


def _span(row: int, text: str, item: Any) -> Span:
    start, end, label = _parts(row, item)
    if type(start) is not int or type(end) is not int or not isinstance(label, str):
        raise InputError(
            "Row {row} has a span without whole numbers for start and end or without a label; it "
            "has: {fields}.",
            row=row,
            fields=", ".join(map(str, item)),
        )
    value = item.get("entity_value", item.get("text")) if isinstance(item, Mapping) else None
    if isinstance(value, str) and text[start:end] != value:
        raise InputError(
            "Row {row} has a span {start}–{end} that should hold {wanted!r} but holds {found!r}: "
            "correct its start and end.",
            row=row,
            start=start,
            end=end,
            wanted=value,
            found=text[start:end],
        )
    return Span(start, end, check_text(row, "label", label).strip())


def _parts(row: int, item: object) -> tuple[object, object, object]:
    """Start, end and label, by whichever name or in this order; a whole float, as of pandas, is an int."""
    if isinstance(item, Mapping):
        parts = [
            next((item[name] for name in names if name in item), None) for names in (_STARTS, _ENDS, _LABELS)
        ]
    elif isinstance(item, list) and len(item) == 3:
        parts = item
    else:
        raise InputError(
            "Row {row} has a span that is neither an object with start, end and label nor a list of these "
            "three.",
            row=row,
        )
    start, end = (int(at) if isinstance(at, float) and at.is_integer() else at for at in parts[:2])
    return start, end, parts[2]


def _refuse_code_units(row: int, text: str, spans: Collection[Span]) -> None:
    """Where offsets count a character such as 😀 as two, spans after one would be moved and nobody told."""
    if not _WIDE.search(text) or all(_is_of_words(text, span.start, span.end) for span in spans):
        return
    widths = (1 + (character > "\uffff") for character in text)
    places = {units: place for place, units in enumerate(accumulate(widths, initial=0))}
    ends = [(places.get(span.start, -1), places.get(span.end, -1)) for span in spans]
    if all(_is_of_words(text, start, end) for start, end in ends):
        raise InputError(
            "Row {row} has spans that fit its words only if a character such as 😀 counts as two, as it does "
            "in JavaScript: give starts and ends in characters.",
            row=row,
        )


def _is_of_words(text: str, start: int, end: int) -> bool:
    """Whether a span begins and ends where words do; ideographs are words by themselves."""
    if not 0 <= start < end <= len(text):
        return False
    return not any(
        _LETTER.match(text[place - 1]) and _LETTER.match(text[place])
        for place in (start, end)
        if 0 < place < len(text)
    )


def _without_blanks(row: int, text: str, span: Span) -> Span:
    """A span without the blanks at its ends, which no word piece holds, so that nobody can find them."""
    start, end = span.start, span.end
    if not 0 <= start < end <= len(text):
        return span  # refused with the other spans of its text
    held = text[start:end]
    if not held.strip():
        raise InputError(
            "Row {row} has a span {start}–{end} of blanks alone: mark a word, or take it out.",
            row=row,
            start=start,
            end=end,
        )
    return replace(
        span, start=start + len(held) - len(held.lstrip()), end=end - len(held) + len(held.rstrip())
    )
