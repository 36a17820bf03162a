"""What a tagger finds in a text of any length, where rules found nothing."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from modelcore.data import Span

_WINDOW = 600  # characters: what a tagger of 256 tokens reads of most scripts
_PAUSE = re.compile(r"[.!?\n。！？；]\s*|\s(?=\S*\Z)")


class _Prediction(Protocol):
    @property
    def spans(self) -> Sequence[Span]: ...


class Tagger(Protocol):
    """A `modelcore.serving.Predictor` of a tagging."""

    def predict(self, texts: Sequence[str], /) -> Sequence[_Prediction]: ...


def tag(texts: Sequence[str], tagger: Tagger) -> list[list[Span]]:
    """Spans of whole texts, read in windows that end with a sentence where one does.

    Args:
        texts: n, of any length.
        tagger: cuts what is longer than it reads; asked once for all.

    Returns:
        The spans of each text, in order.
    """
    places: list[tuple[int, int]] = []
    windows: list[str] = []
    for number, text in enumerate(texts):
        starts = [*_window_starts(text)]
        places += [(number, start) for start in starts]
        windows += [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    spans: list[list[Span]] = [[] for _ in texts]
    for (number, start), prediction in zip(places, tagger.predict(windows), strict=True):
        spans[number] += [Span(start + one.start, start + one.end, one.label) for one in prediction.spans]
    return spans


def uncovered(text: str, tagged: Iterable[Span], covered: Iterable[Span]) -> list[Span]:
    """What of some spans lies outside of others.

    Args:
        text: that both mark.
        tagged: spans to cut, apart.
        covered: spans that stay, apart.

    Returns:
        The pieces of `tagged` that hold a letter or a digit, without signs at their ends, in order.
    """
    taken = sorted(covered, key=lambda span: span.start)
    kept: list[Span] = []
    next_taken = 0
    for span in sorted(tagged, key=lambda span: span.start):
        while next_taken < len(taken) and taken[next_taken].end <= span.start:
            next_taken += 1
        start, place = span.start, next_taken
        while place < len(taken) and taken[place].start < span.end:
            kept += _trimmed(text, Span(start, max(start, taken[place].start), span.label))
            start = max(start, taken[place].end)
            place += 1
        kept += _trimmed(text, Span(start, max(start, span.end), span.label))
    return kept


def _window_starts(text: str) -> Iterator[int]:
    start = 0
    yield start
    while len(text) - start > _WINDOW:
        window = text[start : start + _WINDOW]
        pauses = [match.end() for match in _PAUSE.finditer(window) if match.end() > _WINDOW // 4]
        start += pauses[-1] if pauses else _WINDOW
        yield start


def _trimmed(text: str, span: Span) -> list[Span]:
    characters = [place for place in range(span.start, span.end) if text[place].isalnum()]
    if not characters:
        return []
    whole = characters[0] == span.start and characters[-1] == span.end - 1
    return [span if whole else Span(characters[0], characters[-1] + 1, span.label)]
