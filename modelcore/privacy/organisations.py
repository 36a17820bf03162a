"""Made-up firms, authorities, schools, papers, hotels, bands and teams, and some that everybody knows."""

from collections.abc import Callable

from modelcore.privacy.drawing import Draw
from modelcore.privacy.people import age, person

_TEAMS = ("United", "City", "Rovers", "FC", "Athletic", "Wanderers", "Lions", "Bulls", "Sharks", "Dynamo")
_PAPERS = ("Times", "Post", "Herald", "Gazette", "Chronicle", "Daily News", "Tribune", "Observer", "Mirror")
_SEATS = ("University", "College", "Hospital", "Museum", "Chamber of Commerce", "High School", "City Council")
_INNS = ("Hotel", "Inn", "Resort", "Café", "Restaurant", "Grill", "Bistro", "Pub", "Theatre", "Gallery")
_OFFICES = ("Ministry", "Department", "Institute", "Academy", "Bureau", "Federal Office", "School", "Society")
_LENDERS = ("Bank", "Savings Bank", "Credit Union", "Trust", "Bank & Trust", "Mutual", "Insurance", "Finance")


def organisation(draw: Draw) -> str:
    """The name of an organisation; about one in eight exists."""
    kinds: dict[Callable[[Draw], str], int] = {
        _known: 12,
        _coined: 14,
        _coined_with_trade: 10,
        _worded: 12,
        _family: 12,
        _seated: 9,
        _office: 7,
        _lender: 6,
        _letters: 6,
        _paper_or_team: 7,
        _band: 6,
        _inn: 6,
        _listed: 12,
    }
    return draw.random.choices(list(kinds), list(kinds.values()))[0](draw)


def _known(draw: Draw) -> str:
    return draw.one_of("companies")


def _coined(draw: Draw) -> str:
    word = draw.one_of("onsets") + draw.one_of("vowels")
    if draw.random.random() < 0.6:
        word += draw.one_of(draw.either("onsets", "later_onsets")) + draw.one_of("vowels")
    return (word + draw.one_of("name_ends")).capitalize()


def _coined_with_trade(draw: Draw) -> str:
    return f"{_coined(draw)} {draw.one_of(draw.either('trades', 'suffixes'))}"


def _worded(draw: Draw) -> str:
    noun, other = draw.one_of("nouns").title(), draw.one_of("nouns")
    adjective = draw.one_of("adjectives").title()
    return draw.either(
        f"{noun}{other}",
        f"{noun} & {other.title()}",
        f"{adjective} {noun} {draw.one_of('trades')}",
        f"{noun} {draw.one_of('trades')}",
        f"{noun} {draw.one_of('suffixes')}",
        f"{adjective}{noun}",
        f"The {adjective} {noun}",
    )


def _family(draw: Draw) -> str:
    name, other, third = (str(draw.from_anywhere().faker.last_name()) for _ in range(3))
    return draw.either(
        f"{name} & Sons",
        f"{name} & {other}",
        f"{name} and {other}",
        f"{name}, {other} and {third}",
        f"{name}-{other}",
        f"{name} {draw.one_of('suffixes')}",
        f"{name} {draw.one_of('trades')}",
        f"{name} Bros.",
        f"{name}'s",
        f"{name} Foundation",
    )


def _seated(draw: Draw) -> str:
    town, seat = draw.one_of("cities"), draw.random.choice(_SEATS)
    return draw.either(f"{town} {seat}", f"{seat} of {town}", f"University of {town}", f"the {town} {seat}")


def _office(draw: Draw) -> str:
    office, task, land = draw.random.choice(_OFFICES), draw.one_of("fields"), draw.one_of("lands")
    return draw.either(
        f"{office} of {task}",
        f"the {office} of {task}",
        f"{office} for {task}",
        f"{draw.one_of('groups')} {office} of {task}",
        f"Royal {office} of {task}",
        f"National Bank of {land}",
        f"Save the {draw.one_of('nouns').title()}s",
    )


def _lender(draw: Draw) -> str:
    lender = draw.random.choice(_LENDERS)
    return draw.either(
        f"{draw.one_of('cities')} {lender}",
        f"First {draw.one_of('nouns').title()} {lender}",
        f"{_coined(draw)}bank",
        f"{draw.from_anywhere().faker.last_name()} {lender}",
        f"Banca {_coined(draw)}",
    )


def _letters(draw: Draw) -> str:
    short = draw.digits("?" * draw.random.choice((2, 3, 3, 3, 4, 4)))
    return draw.either(
        short,
        short,
        f"the {short}",
        f"{short} {draw.one_of('trades')}",
        f"{short} {draw.one_of('suffixes')}",
    )


def _paper_or_team(draw: Draw) -> str:
    kind, town = draw.random.choice(_TEAMS + _PAPERS), draw.one_of("cities")
    return draw.either(f"{town} {kind}", f"the {town} {kind}", f"The {town} {kind}")


def _band(draw: Draw) -> str:
    noun, adjective = draw.one_of("nouns").title(), draw.one_of("adjectives").title()
    return draw.either(
        f"The {noun}s",
        f"The {adjective} {noun}s",
        f"{adjective} {noun}",
        f"{noun} {age(draw)}",
        f"{person(draw)} and the {noun}s",
        f"{noun} of {draw.one_of('nouns').title()}",
    )


def _inn(draw: Draw) -> str:
    noun, inn = draw.one_of("nouns").title(), draw.random.choice(_INNS)
    return draw.either(
        f"{inn} {noun}",
        f"The {noun} {inn}",
        f"{draw.one_of('adjectives').title()} {noun} {inn}",
        f"Grand {inn} {draw.one_of('cities')}",
        f"{draw.from_anywhere().faker.first_name()}'s {inn}",
        f"Chez {draw.from_anywhere().faker.first_name()}",
    )


def _listed(draw: Draw) -> str:
    return " ".join(str(draw.from_anywhere().faker.company()).split())
