"""Made-up numbers and names that point at one person: cards, accounts, licences, phones, mail, machines."""

import re
import unicodedata

from modelcore.privacy.drawing import Draw

_IBAN_LOCALES = ("de_DE", "en_GB", "es_ES", "fr_FR", "it_IT", "nl_NL", "pl_PL", "no_NO", "fi_FI", "tr_TR")
_PATHS = ("", "", "", "", "/", "/en", "/shop/sale", "/index.html", "/about-us", "/news?id=7", "/login")


def credit_card(draw: Draw) -> str:
    digits = str(draw.fakers["en_US"].credit_card_number())
    form = draw.random.random()
    if form < 0.6:
        return digits
    mark = " " if form < 0.85 else "-"
    if len(digits) == 15:
        return mark.join((digits[:4], digits[4:10], digits[10:]))
    return mark.join(re.findall(".{1,4}", digits))


def iban(draw: Draw) -> str:
    found = str(draw.fakers[draw.random.choice(_IBAN_LOCALES)].iban())
    return " ".join(re.findall(".{1,4}", found)) if draw.random.random() < 0.4 else found


def social_security_number(draw: Draw) -> str:
    found = str(draw.fakers["en_US"].ssn())
    mark = draw.random.choices(("-", " ", ""), (80, 12, 8))[0]
    return found.replace("-", mark)


def driver_license(draw: Draw) -> str:
    return draw.digits(draw.one_of("license_shapes"))


def phone(draw: Draw) -> str:
    if draw.random.random() < 0.6:
        return draw.digits(draw.one_of("phone_shapes"))
    return str(draw.from_anywhere().faker.phone_number()).strip()


def ip_address(draw: Draw) -> str:
    faker = draw.fakers["en_US"]
    return str(faker.ipv6() if draw.random.random() < 0.15 else faker.ipv4())


def domain(draw: Draw) -> str:
    """A web address, from a bare host to one with its scheme and a page."""
    head = draw.random.choices(("", "www.", "http://", "https://", "https://www."), (30, 35, 10, 12, 13))[0]
    return head + _host(draw) + draw.random.choice(_PATHS)


def email(draw: Draw) -> str:
    faker = draw.from_anywhere().faker
    first, last = _ascii(str(faker.first_name())), _ascii(str(faker.last_name()))
    number = draw.random.randint(1, 1999)
    before = (
        f"{first}.{last}",
        f"{first}{last}",
        f"{first}_{last}",
        f"{first[0]}{last}",
        f"{first}{number}",
        f"{last}.{first[0]}",
        f"{first}",
        f"{draw.one_of('adjectives')}{draw.one_of('nouns')}{number}",
        "info",
        "sales",
        "support",
        "no-reply",
    )
    host = draw.one_of("mail_hosts") if draw.random.random() < 0.4 else _host(draw)
    found = f"{draw.random.choice(before)}@{host}"
    return found.title() if draw.random.random() < 0.04 else found


def _host(draw: Draw) -> str:
    noun, name = draw.one_of("nouns"), _ascii(str(draw.from_anywhere().faker.last_name()))
    names = (
        name,
        noun,
        f"{noun}{draw.one_of('nouns')}",
        f"{draw.one_of('adjectives')}-{noun}",
        f"{name}-{noun}",
        f"my{noun}",
        f"{noun}{draw.random.randint(1, 365)}",
        f"shop.{name}",
        f"{name}and{noun}",
    )
    return f"{draw.random.choice(names)}.{draw.one_of('domain_ends')}"


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub("[^a-z]", "", plain) or "someone"
