"""Made-up people: names in many shapes, titles, ages."""

import re

from modelcore.privacy.drawing import Draw


def person(draw: Draw) -> str:
    """A name, of the sentence's locale half of the time: first and last, one alone, initials, any case."""
    if draw.random.random() < 0.5:
        draw = draw.from_anywhere()
    name = _shaped(draw)
    chance = draw.random.random()
    if chance < 0.05:
        return name.upper()
    return name.lower() if chance < 0.1 else name


def title(draw: Draw) -> str:
    return draw.one_of("titles")


def age(draw: Draw) -> str:
    if draw.random.random() < 0.12:
        return draw.one_of("ages_in_words")
    return str(draw.random.randint(1, 99))


def _shaped(draw: Draw) -> str:
    first, last = _plain(draw.faker.first_name()), _plain(draw.faker.last_name())
    second, other = _plain(draw.faker.first_name()), _plain(draw.faker.last_name())
    particle = draw.one_of("particles")
    joined = particle + ("" if particle in ("al-", "Mc", "O'") else " ") + last
    shapes = {
        f"{first} {last}": 44,
        first: 18,
        last: 10,
        f"{first} {second[0]}. {last}": 6,
        f"{first} {second} {last}": 4,
        f"{first} {joined}": 4,
        f"{first} {last}-{other}": 3,
        f"{first}-{second} {last}": 2,
        f"{first[0]}. {last}": 3,
        f"{first[0]}. {second[0]}. {last}": 1,
        f"{last}, {first}": 2,
        f"{last} {first}": 1,
        f"{first} {last} Jr.": 1,
        f"{first} {last[0]}.": 1,
    }
    return draw.random.choices(list(shapes), list(shapes.values()))[0]


def _plain(name: str) -> str:
    """The name without a title in front, which has a label of its own."""
    return re.sub(r"^(?:\S+\.\s*|Chị |Ông |Bà |Cô |Anh |Quý cô |Quý ông )+(?=\S)", "", name).strip() or name
