"""Between marked spans and a BIO tag for every token; loads no model library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

# Under its own name, so that whoever reads tags needs this module alone.
from modelcore.evaluation.entities import SpanLike as SpanLike

Offsets = Sequence[tuple[int, int]]


def bio_tags(labels: Sequence[str]) -> tuple[str, ...]:
    """The tags of these entity labels: "O" first, then B- and I- of each in order."""
    return ("O", *(f"{prefix}-{label}" for label in labels for prefix in "BI"))


def encode_spans(spans: Sequence[SpanLike], offsets: Offsets) -> list[str | None]:
    """Tag the tokens of a text.

    Args:
        spans: of the text, not overlapping.
        offsets: one a token, (start, end) in characters; empty ones belong to special tokens.
    Returns:
        "B-…" for the first token that touches a span, "I-…" for its others, "O", and None for special tokens.
    """
    tags: list[str | None] = [None if start == end else "O" for start, end in offsets]
    for span in spans:
        prefix = "B"
        for place, (start, end) in enumerate(offsets):
            if start < end and start < span.end and end > span.start and tags[place] == "O":
                tags[place] = f"{prefix}-{span.label}"
                prefix = "I"
    return tags


def decode_spans(tags: Sequence[str], offsets: Offsets, text: str) -> Iterator[tuple[int, int, str]]:
    """Read tags as (start, end, label) in order.

    Args:
        tags: one a token.
        offsets: one a token, (start, end) in characters of `text`; empty ones are skipped.
        text: what was tagged.
    Returns:
        Spans; an I- tag without a beginning of its label begins one, as conlleval reads it, and the pieces
        of a word belong to the span of its first piece.
    Source: Tjong Kim Sang and De Meulder, the CoNLL-2003 shared task, 2003.
    """
    open_span: tuple[int, int, str] | None = None
    for start, end, tag in _words(tags, offsets, text):
        prefix, _, label = tag.partition("-")
        goes_on = open_span is not None and open_span[2] == label and not text[open_span[1] : start].strip()
        if prefix == "I" and goes_on and open_span is not None:
            open_span = (open_span[0], end, label)
            continue
        if open_span is not None:
            yield open_span
        open_span = (start, end, label) if prefix in ("B", "I") else None
    if open_span is not None:
        yield open_span


def _words(tags: Sequence[str], offsets: Offsets, text: str) -> Iterator[tuple[int, int, str]]:
    word: tuple[int, int, str] | None = None
    for tag, (start, end) in zip(tags, offsets, strict=True):
        if start == end:
            continue
        if word is not None and word[1] == start and _is_inside_word(text, start):
            word = (word[0], end, word[2])
            continue
        if word is not None:
            yield word
        word = (start, end, tag)
    if word is not None:
        yield word


def _is_inside_word(text: str, at: int) -> bool:
    # Ideographs are words of their own for BERT; other letters and digits that touch are pieces of one word.
    return all(character.isalnum() and not "⺀" <= character <= "鿿" for character in text[at - 1 : at + 1])
