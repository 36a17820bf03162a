"""Texts with marked spans as word pieces, and the number of each one's tag."""

from __future__ import annotations

from dataclasses import dataclass

from modelcore.data import SpanTexts
from modelcore.tasks.bio import encode_spans, first_pieces
from modelcore.training.batching import IGNORED, Tokenised
from modelcore.training.session import Session


@dataclass(frozen=True)
class Marked:
    """Texts, their word pieces, and a number of a tag for each piece, IGNORED for the special ones."""

    texts: tuple[str, ...]
    tokens: Tokenised
    targets: list[list[int]]

    @property
    def paths(self) -> list[list[int]]:
        """The numbers of the words' tags, a list a text."""
        texts = zip(self.texts, self.tokens.offsets, self.targets, strict=True)
        return [[target[place] for place in first_pieces(offsets, text)] for text, offsets, target in texts]


def read_marked(data: SpanTexts, tags: tuple[str, ...], session: Session) -> Marked:
    """Cut texts into word pieces and tag them.

    Args:
        data: texts with spans; one whose label is not among the tags leaves its pieces IGNORED.
        tags: as `bio_tags` gives them.
        session: knows the backbone's tokenizer and the longest text.
    """
    places: dict[str | None, int] = {None: IGNORED, **{tag: place for place, tag in enumerate(tags)}}
    tokens = session.tokenise(data.texts)
    rows = zip(data.spans, tokens.offsets, data.texts, strict=True)
    targets = [[places.get(tag, IGNORED) for tag in encode_spans(*row)] for row in rows]
    return Marked(data.texts, tokens, targets)
