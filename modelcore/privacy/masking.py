"""A text → the same text with a label in the place of each piece of personal data."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from modelcore.data import Span
from modelcore.privacy.accounts import find_ibans
from modelcore.privacy.card_details import find_card_codes
from modelcore.privacy.cards import find_cards
from modelcore.privacy.folding import Folded, fold
from modelcore.privacy.handles import find_handles
from modelcore.privacy.hints import HIDDEN
from modelcore.privacy.id_kinds import id_kinds
from modelcore.privacy.mail import find_mail, find_spelt_mail
from modelcore.privacy.national_ids import find_national_ids
from modelcore.privacy.networks import find_ip_addresses, find_keys, find_secret_links
from modelcore.privacy.phones import find_phones
from modelcore.privacy.sentences import LABELS
from modelcore.privacy.streets import find_streets
from modelcore.privacy.tagged import Tagger, tag, uncovered

# The surest first: what one has found, the next ones do not see.
_DETECTORS: tuple[Callable[[str], Iterator[Span]], ...] = (
    find_secret_links,
    find_keys,
    find_ibans,
    find_mail,
    find_spelt_mail,
    find_national_ids,
    find_cards,
    find_card_codes,
    find_ip_addresses,
    find_handles,
    find_phones,
    find_streets,
)
_OTHERS = ("CARD_CODE", "CARD_EXPIRY", "CHAT_ID", "SECRET", "URL")
_KNOWN = sorted({*LABELS, *(kind.label for kind in id_kinds()), *_OTHERS})
_PLACEHOLDER = re.compile(rf"\[({'|'.join(_KNOWN)})\]")
# A tagger has labels of its own, and must not take one that it left for a name.
_LABEL = re.compile(r"\[([A-Z][A-Z_]{2,})\]")

_CONTEXT = 160  # characters beside a number that a detector looks at, with some to spare


@dataclass(frozen=True)
class Masked:
    """A text without its personal data.

    Args:
        text: with `[LABEL]` in place of each span.
        spans: of the original in characters, sorted and apart.
    """

    text: str
    spans: tuple[Span, ...]


def mask(text: str, *, tagger: Tagger | None = None) -> Masked:
    """Put labels in the place of personal data.

    What rules find wins over what a tagger finds: they check digits, it has only seen similar texts. A span
    of the tagger that reaches beyond is kept where no rule found anything. Masked text stays as it is.

    Args:
        text: of any length and script.
        tagger: finds what has no form of its own, such as names; a `Predictor` of a tagging, of any labels.

    Returns:
        The masked text, and what was masked.
    """
    return mask_all([text], tagger=tagger)[0]


def mask_all(texts: Sequence[str], *, tagger: Tagger | None = None) -> list[Masked]:
    """The same for many texts, of which the tagger is asked once."""
    tagged = tag(texts, tagger) if tagger is not None else [[] for _ in texts]
    return [_masked(text, found) for text, found in zip(texts, tagged, strict=True)]


def labels_in(text: str) -> tuple[str, ...]:
    """What stands in a text as personal data does once it is masked, such as `[PHONE_NUMBER]`; each once."""
    return tuple(dict.fromkeys(match[0] for match in _LABEL.finditer(text)))


def _masked(text: str, tagged: Sequence[Span]) -> Masked:
    folded = fold(text)
    spans = [folded.in_original(span) for span in _by_rules(folded)]
    labels = [Span(match.start(), match.end(), match.group(1)) for match in _LABEL.finditer(text)]
    spans += uncovered(text, tagged, _apart([*spans, *_placeholders(text), *labels]))
    spans.sort(key=lambda span: span.start)
    return Masked(_with(text, spans, lambda span: f"[{span.label}]"), tuple(spans))


def _by_rules(folded: Folded) -> list[Span]:
    """Look until nothing new is found: what is hidden now may have lent a hint before.

    Only near to what was just found something can be new, so the time grows with the length also where many
    values wait for one another; the last look at all of the text proves it.
    """
    text = _hide(folded.text, _placeholders(folded.text))
    spans: list[Span] = []
    everything = [(0, len(text))]
    places = everything
    while True:
        found = [span for start, end in places for span in _found_within(text, start, end)]
        spans += found
        text = _hide(text, found)
        if not found and places == everything:
            return spans
        places = _around(found, len(text)) if found else everything


def _found_within(text: str, start: int, end: int) -> list[Span]:
    """What all detectors find in a part of a text, but for what may be cut where it ends."""
    part = text[start:end]
    found: list[Span] = []
    for find in _DETECTORS:
        new = _apart(find(part))
        part = _hide(part, new)
        found += new
    first = start + _CONTEXT if start else 0
    last = end - _CONTEXT if end < len(text) else end
    moved = (Span(start + span.start, start + span.end, span.label) for span in found)
    return _apart(span for span in moved if first <= span.start and span.end <= last)


def _around(spans: Iterable[Span], length: int) -> list[tuple[int, int]]:
    """The parts of a text that are near to some spans, in order and apart."""
    parts: list[tuple[int, int]] = []
    for span in spans:
        start, end = max(0, span.start - 2 * _CONTEXT), min(length, span.end + 2 * _CONTEXT)
        if parts and start <= parts[-1][1]:
            start = parts.pop()[0]
        parts.append((start, end))
    return parts


def _placeholders(text: str) -> list[Span]:
    return [Span(match.start(), match.end(), match.group(1)) for match in _PLACEHOLDER.finditer(text)]


def _apart(found: Iterable[Span]) -> list[Span]:
    """Spans that do not overlap: of two that do the one that was found first."""
    kept: list[tuple[int, Span]] = []
    for rank, span in sorted(enumerate(found), key=lambda one: (one[1].start, one[0])):
        if kept and span.start < kept[-1][1].end:
            if rank < kept[-1][0]:
                kept[-1] = (rank, span)
            continue
        kept.append((rank, span))
    return [span for _, span in kept]


def _hide(text: str, spans: Sequence[Span]) -> str:
    return _with(text, spans, lambda span: HIDDEN * (span.end - span.start))


def _with(text: str, spans: Sequence[Span], put: Callable[[Span], str]) -> str:
    """A text with something else in the place of spans that are sorted and apart."""
    pieces: list[str] = []
    end = 0
    for span in spans:
        pieces += text[end : span.start], put(span)
        end = span.end
    return "".join([*pieces, text[end:]])
