"""Labelled sentences with made-up personal data, to teach a tagger what to look for."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from random import Random

from modelcore.data import Span, SpanTexts
from modelcore.errors import InputError
from modelcore.privacy import fillers, identifiers, moments, organisations, people, places
from modelcore.privacy.drawing import Draw, start_drawing
from modelcore.privacy.template_file import Slot, Template, read_templates

_MARKED: Mapping[str, Callable[[Draw], str]] = {
    "AGE": people.age,
    "CREDIT_CARD": identifiers.credit_card,
    "DATE_TIME": moments.moment,
    "DOMAIN_NAME": identifiers.domain,
    "EMAIL_ADDRESS": identifiers.email,
    "GPE": places.place,
    "IBAN_CODE": identifiers.iban,
    "IP_ADDRESS": identifiers.ip_address,
    "NRP": lambda draw: draw.one_of("groups"),
    "ORGANIZATION": organisations.organisation,
    "PERSON": people.person,
    "PHONE_NUMBER": identifiers.phone,
    "STREET_ADDRESS": places.street,
    "TITLE": people.title,
    "US_DRIVER_LICENSE": identifiers.driver_license,
    "US_SSN": identifiers.social_security_number,
    "ZIP_CODE": places.post_code,
}
_UNMARKED: Mapping[str, Callable[[Draw], str]] = {
    "number": fillers.number,
    "price": fillers.price,
    "product": fillers.product,
    "reference": fillers.reference,
    "work": fillers.work,
}
LABELS = tuple(_MARKED)

_WHOLE_BLOCK = 0.75  # of the addresses that stand alone, those with their town
_ARTICLE = re.compile(r"(?:^|\s)[Aa] $")
_TAKES_AN = re.compile(r"[aeio]|u[^nkrs]|8|1[18]\b", re.IGNORECASE)


def personal_sentences(*, count: int, seed: int) -> SpanTexts:
    """Make up sentences with marked personal data.

    Args:
        count: how many, at least 1; each template comes equally often, to within one.
        seed: the same seed and count give the same sentences.

    Returns:
        The sentences in a drawn order, with spans of LABELS; about a fifth have none. The group of a sentence
        is the template that it was made from, so a split evaluates on patterns that were not trained on.

    Raises:
        InputError: `count` is below 1.
    """
    if count < 1:
        raise InputError("{count} sentences cannot be made: ask for at least 1.", count=count)
    draw = start_drawing(seed)
    texts: list[str] = []
    spans: list[tuple[Span, ...]] = []
    groups: list[str] = []
    for template in _in_rounds(_templates(), count, draw.random):
        text, marked = _fill(template, draw.from_anywhere())
        texts.append(text)
        spans.append(marked)
        groups.append(f"template {template.line}")
    return SpanTexts(texts=tuple(texts), spans=tuple(spans), groups=tuple(groups))


@cache
def _templates() -> tuple[Template, ...]:
    return read_templates(
        Path(__file__).parent / "templates" / "en.txt", known=frozenset({*_MARKED, *_UNMARKED})
    )


def _in_rounds(templates: tuple[Template, ...], count: int, random: Random) -> Iterator[Template]:
    for start in range(0, count, len(templates)):
        yield from random.sample(templates, min(len(templates), count - start))


def _fill(template: Template, draw: Draw) -> tuple[str, tuple[Span, ...]]:
    text = ""
    spans: list[Span] = []
    for piece in template.pieces:
        if isinstance(piece, str):
            text += piece
            continue
        value = _value(piece, template, draw)
        if _ARTICLE.search(text) and _TAKES_AN.match(value):
            text = f"{text[:-1]}n "
        if piece.name in _MARKED:
            spans.append(Span(len(text), len(text) + len(value), piece.name))
        text += value
    return text, tuple(spans)


def _value(slot: Slot, template: Template, draw: Draw) -> str:
    if slot.name in _UNMARKED:
        return _UNMARKED[slot.name](draw)
    # Beside a slot for the town or the post code the address is the street alone.
    stands_alone = slot.name == "STREET_ADDRESS" and not {"GPE", "ZIP_CODE"} & set(template.slots)
    if stands_alone and draw.random.random() < _WHOLE_BLOCK:
        return places.address(draw)
    return _MARKED[slot.name](draw)
