"""Small data that a two-layer encoder can learn in a moment."""

from __future__ import annotations

import random
from pathlib import Path

from modelcore.data import LabelledTexts, Span, SpanTexts
from modelcore.training import Recipe

TOPICS = {
    "card": "card pin code lost stolen new broken",
    "refund": "refund money return order price fee",
    "travel": "city london paris berlin street car house",
}
NAMES, CITIES = ("john", "mary", "anna", "peter"), ("london", "paris", "berlin")


def quick(backbone: Path, **settings: object) -> Recipe:
    """A recipe that learns `topics` in about thirty steps."""
    given = {
        "method": "full",
        "backbone": str(backbone),
        "epochs": 5,
        "batch_size": 16,
        "learning_rate": 3e-3,
        "dropout": 0.0,
        "own_sentences": 0,
    }
    return Recipe.from_json({**given, **settings})


def topics(count: int, *, seed: int) -> LabelledTexts:
    """`count` different texts of three topics, in turn."""
    generator = random.Random(seed)
    labels = [list(TOPICS)[number % len(TOPICS)] for number in range(count)]
    texts = []
    for number, label in enumerate(labels):
        words = generator.choices(TOPICS[label].split(), k=generator.randint(2, 6))
        texts.append(f"{' '.join(words)} {number}")
    return LabelledTexts(tuple(texts), tuple(labels))


def ideographs(count: int, *, seed: int) -> LabelledTexts:
    """`topics` with a sign for each word and each number, all of which the tiny vocabulary lacks."""
    plain = topics(count, seed=seed)
    signs = {word: chr(0x4E00 + place) for place, word in enumerate(" ".join(TOPICS.values()).split())}
    texts = [
        "".join(signs.get(word, chr(0x6000 + len(word))) for word in text.split()) for text in plain.texts
    ]
    return LabelledTexts(tuple(f"{text}{chr(0x7000 + n)}" for n, text in enumerate(texts)), plain.labels)


def people_in_cities(count: int, *, seed: int) -> SpanTexts:
    """`count` texts with a marked PERSON and a marked PLACE each."""
    generator = random.Random(seed)
    texts, spans = [], []
    for number in range(count):
        name, city = generator.choice(NAMES), generator.choice(CITIES)
        text = generator.choice(["{} is in {}", "my dog and {} was from {}", "where is {} {}"]).format(
            name, city
        )
        person, place = text.index(name), text.index(city)
        texts.append(f"{text} {number}")
        spans.append((Span(person, person + len(name), "PERSON"), Span(place, place + len(city), "PLACE")))
    return SpanTexts(tuple(texts), tuple(spans))
