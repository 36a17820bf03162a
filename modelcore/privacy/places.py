"""Made-up addresses, and places that are on the map."""

from modelcore.privacy.drawing import Draw

_UNITS = ("Apt. {}", "Apt {}", "Suite {}", "Unit {}", "Flat {}", "#{}", "Floor {}", "Room {}", "PO Box {}")
_DOORS = ("{}, {}", "{} {}", "{}\n{}")


def place(draw: Draw) -> str:
    """A city, a country, a state or a region; mostly one that exists."""
    chance = draw.random.random()
    if chance < 0.4:
        return draw.one_of("cities")
    if chance < 0.7:
        return draw.one_of("lands")
    if chance < 0.75:
        return draw.one_of("state_codes")
    if chance < 0.82:
        return str(draw.fakers["en_US"].country())
    return str(draw.from_anywhere().faker.city())


def post_code(draw: Draw) -> str:
    shapes = ("#####", "#####", "#####-####", "####", "??# #??", "??## #??", "?#? #?#")
    if draw.random.random() < 0.5:
        return draw.digits(draw.random.choice(shapes))
    return str(draw.faker.postcode())


def street(draw: Draw) -> str:
    """A street and a number, at times with a flat, without the town."""
    if draw.random.random() < 0.35:
        found = f"{draw.random.randint(1, 999)} {_street_name(draw)} {draw.one_of('street_kinds')}"
    else:
        found = " ".join(str(draw.faker.street_address()).split())
    if draw.random.random() > 0.2:
        return found
    unit = draw.random.choice(_UNITS).format(draw.random.randint(1, 400))
    return draw.random.choice(_DOORS).format(found, unit)


def address(draw: Draw) -> str:
    """A whole block: street, town, post code, at times the country; over lines or on one."""
    if draw.random.random() < 0.3:
        lines = [line.strip(" ,") for line in str(draw.faker.address()).splitlines()]
    else:
        lines = [street(draw), *_town(draw)]
    if draw.random.random() < 0.3:
        lines.append(draw.one_of("lands"))
    return draw.either("\n", "\n", ", ", ", ", " ").join(line for line in lines if line)


def _street_name(draw: Draw) -> str:
    match draw.random.randrange(4):
        case 0:
            return draw.either("1st", "2nd", "3rd", "4th", "5th", "12th", "23rd", "East", "North 7th")
        case 1:
            return draw.one_of("nouns").title()
        case 2:
            return f"{draw.one_of('adjectives').title()} {draw.one_of('nouns').title()}"
        case _:
            return str(draw.fakers["en_US"].last_name())


def _town(draw: Draw) -> list[str]:
    town = draw.one_of("cities") if draw.random.random() < 0.4 else str(draw.faker.city())
    code, state = str(draw.faker.postcode()), draw.one_of("state_codes")
    return draw.random.choice(
        (
            [f"{code} {town}"],
            [f"{town} {code}"],
            [f"{town}, {state} {code}"],
            [town, code],
            [f"{town}, {code}"],
            [town],
        )
    )
