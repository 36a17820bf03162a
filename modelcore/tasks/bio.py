"""Between marked spans and a BIO tag for every token; loads no model library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

# Under its own name, so that whoever reads tags needs this module alone.
from modelcore.evaluation.entities import SpanLike as SpanLike

Offsets = Sequence[tuple[int, int]]


def bio_tags(labels: Sequence[str]) -> tuple[str, ...]:
    """The tags of these entity labels: "O" first, then B- and I- of each in order."""
    return ("O", *(f"{prefix}-{label}" for label in labels for prefix in "BI"))


def entity_labels(tags: Sequence[str]) -> list[str]:
    """The entity labels that these tags are of, in order; the other way of `bio_tags`."""
    return list(dict.fromkeys(tag.partition("-")[2] for tag in tags if tag != "O"))


def encode_spans(spans: Sequence[SpanLike], offsets: Offsets, text: str) -> list[str | None]:
    """Tag the tokens of a text.

    Args:
        spans: of the text, not overlapping.
        offsets: one a token, (start, end) in characters of `text`; empty ones belong to special tokens.
        text: what was cut into tokens.
    Returns:
        "B-…" for the first token that touches a span, "I-…" for its others, "O", and None for special tokens
        and for blank ones, such as line ends.
    """
    tags: list[str | None] = ["O" if text[start:end].strip() else None for start, end in offsets]
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
        tags: one a word, as `first_pieces` finds them.
        offsets: one a token, (start, end) in characters of `text`; empty and blank ones are skipped.
        text: what was tagged.
    Returns:
        Spans; an I- tag without a beginning of its label begins one, as conlleval reads it.
    Source: Tjong Kim Sang and De Meulder, the CoNLL-2003 shared task, 2003.
    """
    open_span: tuple[int, int, str] | None = None
    for tag, (_, start, end) in zip(tags, _words(offsets, text), strict=True):
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


def first_pieces(offsets: Offsets, text: str) -> list[int]:
    """The places of the tokens at which a word begins; the other pieces of a word go with its first.

    Args:
        offsets: one a token, (start, end) in characters of `text`; empty and blank ones belong to no word.
        text: what was cut into tokens.
    """
    return [place for place, _, _ in _words(offsets, text)]


def _words(offsets: Offsets, text: str) -> list[tuple[int, int, int]]:
    words: list[tuple[int, int, int]] = []
    for place, (start, end) in enumerate(offsets):
        said = text[start:end]
        if not said.strip():
            continue
        start += len(said) - len(said.lstrip())  # pieces of some tokenizers hold the blank before them
        if words and words[-1][2] == start and _is_inside_word(text, start):
            words[-1] = (*words[-1][:2], end)
        else:
            words.append((place, start, end))
    return words


def _is_inside_word(text: str, at: int) -> bool:
    # Ideographs are words of their own for BERT; other letters and digits that touch are pieces of one word.
    return all(character.isalnum() and not "⺀" <= character <= "鿿" for character in text[at - 1 : at + 1])
