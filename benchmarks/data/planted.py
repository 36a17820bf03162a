"""Sentences with made-up personal values in them, from generators that share nothing with the detectors."""

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from faker import Faker

from benchmarks.data.planted_sentences import HARMLESS, ID_SENTENCES, NEIGHBOURED, SENTENCES
from modelcore.data import Span

_LANGUAGES = {
    "en": ("US", "GB", "CA", "AU", "IN"),
    "de": ("DE", "AT", "CH"),
    "es": ("ES", "MX"),
    "pt": ("BR", "PT"),
    "zh": ("CN", "TW"),
}
_LOCALES = (
    *(f"{language}_{land}" for language, lands in _LANGUAGES.items() for land in lands),
    *(
        "fr_FR",
        "it_IT",
        "nl_NL",
        "pl_PL",
        "sv_SE",
        "no_NO",
        "da_DK",
        "fi_FI",
        "cs_CZ",
        "sk_SK",
        "hu_HU",
        "ro_RO",
    ),
    *("bg_BG", "el_GR", "tr_TR", "ru_RU", "uk_UA", "ja_JP", "ko_KR", "hi_IN", "id_ID"),
)
_IBANS = ("de_DE", "en_GB", "fr_FR", "es_ES", "it_IT", "nl_NL", "pl_PL", "no_NO", "fi_FI", "tr_TR", "de_CH")


@dataclass(frozen=True)
class Planted:
    """A text with what was put into it."""

    text: str
    spans: tuple[Span, ...]


class Source:
    """Draws values and sentences.

    Args:
        seed: the same seed gives the same ones.
    """

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._fakers = {locale: Faker(locale) for locale in sorted({*_LOCALES, *_IBANS})}
        for faker in self._fakers.values():
            faker.seed_instance(self.random.getrandbits(32))

    def faker(self, locale: str) -> Any:
        return self._fakers[locale]

    def digits(self, shape: str) -> str:
        return "".join(self.random.choice("0123456789") if mark == "#" else mark for mark in shape)

    def planted(self, kind: str) -> Planted:
        value = _VALUES[kind](self)
        sentences = SENTENCES.get(kind, ID_SENTENCES)
        sentence = self._filled(self.random.choice(sentences).replace("{name}", _ID_NAMES.get(kind, "")))
        before, after = sentence.split("{v}")
        return Planted(before + value + after, (Span(len(before), len(before) + len(value), kind),))

    def neighboured(self, kind: str) -> Planted:
        """Two values at most, the first of a kind, in forms that need no word beside them."""
        pieces = re.split(r"(\{[vw]\})", self._filled(self.random.choice(NEIGHBOURED)))
        text, spans = "", []
        for piece in pieces:
            if piece in ("{v}", "{w}"):
                label = kind if piece == "{v}" else self.random.choice((*KINDS, self.random.choice(IDS)))
                value = _shaped(*_SURE_PHONES)(self) if label == "PHONE_NUMBER" else _VALUES[label](self)
                spans.append(Span(len(text), len(text) + len(value), label))
                piece = value
            text += piece
        return Planted(text, tuple(spans))

    def harmless(self) -> Planted:
        return Planted(self._filled(self.random.choice(HARMLESS)), ())

    def _filled(self, sentence: str) -> str:
        return re.sub(r"\{([a-z]{2,})\}", lambda match: _OTHERS[match.group(1)](self), sentence)


def _card(source: Source) -> str:
    digits = str(source.faker("en_US").credit_card_number())
    mark = source.random.choice(("", "", "", " ", "-"))
    if not mark:
        return digits
    if len(digits) == 15:
        return mark.join((digits[:4], digits[4:10], digits[10:]))
    return mark.join(re.findall(".{1,4}", digits))


def _iban(source: Source) -> str:
    found = str(source.faker(source.random.choice(_IBANS)).iban())
    written = source.random.choice((found, " ".join(re.findall(".{1,4}", found))))
    return written if source.random.random() > 0.1 else written.lower()


def _mail(source: Source) -> str:
    faker = source.faker(source.random.choice(_LOCALES))
    return str(source.random.choice((faker.email, faker.free_email, faker.company_email))())


def _phone(source: Source) -> str:
    return str(source.faker(source.random.choice(_LOCALES)).phone_number())


def _aadhaar(source: Source) -> str:
    """Source: Verhoeff, the dihedral group of ten, each place permuted once more than the one before."""
    while True:
        digits = source.random.choice("23456789") + source.digits("###########")
        if _verhoeff(digits) == 0 and digits != digits[::-1]:
            spaced = " ".join((digits[:4], digits[4:8], digits[8:]))
            return source.random.choice((digits, spaced))


def _verhoeff(digits: str) -> int:
    permutation, check = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4), 0
    for place, digit in enumerate(map(int, reversed(digits))):
        for _ in range(place % 8):
            digit = permutation[digit]
        check = _turned(check, digit)
    return check


def _turned(left: int, right: int) -> int:
    """The product in the group of turns and mirrorings of a pentagon."""
    if left < 5:
        return (left + right) % 5 + (right // 5) * 5
    return 5 - (right // 5) * 5 + (left - right) % 5


def _nhs(source: Source) -> str:
    """Source: weights 10 to 2, 0 mod 11 with the check digit, which is never 10; England's ranges."""
    while True:
        digits = source.random.choice("467") + source.digits("########")
        check = -sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits, strict=True)) % 11
        if check < 10:
            written = f"{digits}{check}"
            return source.random.choice((written, f"{written[:3]} {written[3:6]} {written[6:]}"))


def _german_tax_id(source: Source) -> str:
    """Source: ten digits with exactly one that comes twice, then the check digit of ISO 7064 mod 11-10."""
    pool = source.random.sample("0123456789", 9)
    digits = [*pool, source.random.choice(pool)]
    source.random.shuffle(digits)
    if digits[0] == "0":
        return _german_tax_id(source)
    product = 10
    for digit in digits:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    written = "".join(digits) + str((11 - product) % 10)
    spaced = f"{written[:2]} {written[2:5]} {written[5:8]} {written[8:]}"
    return source.random.choice((written, spaced))


def _of(locale: str, name: str) -> Callable[[Source], str]:
    def draw(source: Source) -> str:
        # Faker's Spanish numbers come from the state of the module, whoever is seeded.
        random.seed(source.random.getrandbits(64))
        return str(getattr(source.faker(locale), name)())

    return draw


_IDS: Mapping[str, tuple[str, Callable[[Source], str]]] = {
    "BR_CPF": ("CPF", _of("pt_BR", "cpf")),
    "CN_RESIDENT_ID": ("身份证号", _of("zh_CN", "ssn")),
    "DE_TAX_ID": ("Steuer-ID", _german_tax_id),
    "ES_DNI": ("DNI", _of("es_ES", "nif")),
    "ES_NIE": ("NIE", _of("es_ES", "nie")),
    "FI_HETU": ("henkilötunnus", _of("fi_FI", "ssn")),
    "FR_NIR": ("numéro de sécurité sociale", _of("fr_FR", "ssn")),
    "IN_AADHAAR": ("Aadhaar number", _aadhaar),
    "IT_FISCAL_CODE": ("codice fiscale", _of("it_IT", "ssn")),
    "NO_PERSON_ID": ("fødselsnummer", _of("no_NO", "ssn")),
    "PL_PESEL": ("PESEL", _of("pl_PL", "pesel")),
    "RO_CNP": ("CNP", _of("ro_RO", "ssn")),
    "SE_PERSON_ID": ("personnummer", _of("sv_SE", "ssn")),
    "TR_ID": ("kimlik no", _of("tr_TR", "ssn")),
    "TW_ID": ("身分證字號", _of("zh_TW", "ssn")),
    "UK_NHS": ("NHS number", _nhs),
}
_ID_NAMES = {label: name for label, (name, _) in _IDS.items()}
_VALUES: Mapping[str, Callable[[Source], str]] = {
    "CREDIT_CARD": _card,
    "IBAN_CODE": _iban,
    "EMAIL_ADDRESS": _mail,
    "PHONE_NUMBER": _phone,
    **{label: draw for label, (_, draw) in _IDS.items()},
}
_SURE_PHONES = (
    *("138########", "+86 159 #### ####", "010-6#######", "(0755) 8#######"),
    *("415-555-####", "(415) 555-####", "+1 415 555 ####", "+44 7### ######", "020 7### ####"),
    *("0171 #######", "0171/#######", "+49 (0)30 ######", "06 ## ## ## ##", "0612######", "+34 6## ## ## ##"),
)
IDS = tuple(_IDS)
KINDS = ("CREDIT_CARD", "IBAN_CODE", "EMAIL_ADDRESS", "PHONE_NUMBER")


def _shaped(*shapes: str) -> Callable[[Source], str]:
    return lambda source: source.digits(source.random.choice(shapes))


def _date(source: Source) -> str:
    day = source.faker("en_US").date_object()
    forms = ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%y", "%Y/%m/%d", "%d %B %Y", "%Y年%m月%d日")
    return str(day.strftime(source.random.choice(forms)))


def _amount(source: Source) -> str:
    amount = source.random.randint(1, 10 ** source.random.randint(1, 7)) + source.random.random()
    forms = (
        "${:,.2f}",
        "€ {:,.2f}",
        "{:,.0f} USD",
        "{:.2f} EUR",
        "¥{:.0f}",
        "£{:,.0f}",
        "{:.0f}元",
        "Rs. {:,.0f}",
    )
    return source.random.choice(forms).format(amount)


_OTHERS: Mapping[str, Callable[[Source], str]] = {
    "amount": _amount,
    "article": _shaped("####-###", "######", "A-#####", "##.###.##"),
    "code": _shaped("####", "######"),
    "date": _date,
    "few": _shaped("#", "##"),
    "expiry": lambda source: f"{source.random.randint(1, 12):02}/{source.random.randint(26, 32)}",
    "isbn": _shaped("978-#-##-######-#", "978##########"),
    "order": _shaped(
        "########",
        "##########",
        "############",
        "#######",
        "2026########",
        "ORD-#######",
        "###-#######-#######",
    ),
    "points": _shaped("# ###", "##,###", "#####"),
    "rate": _shaped("#.##", "#.####", "0.#####"),
    "serial": _shaped("SN########", "##########", "X#-####-####"),
    "size": _shaped("##x##x## cm", "## x ## x ##"),
    "ticket": _shaped("######", "#########"),
    "time": _shaped("1#:30", "08:##", "1#:##:##"),
    "tracking": _shaped("1Z###W##########", "RR#########CN", "############", "##########", "SF#############"),
    "version": _shaped("#.#.#", "#.##.#.####", "2026.#.##"),
    "voucher": _shaped("SAVE##-####", "########"),
    "weight": _shaped("#.# kg", "#### g"),
    "year": _shaped("20##", "19##"),
}


def planted(count: int, *, seed: int) -> Iterator[Planted]:
    """`count` sentences with a value, kinds in turn, ids as often as two of the other kinds."""
    source = Source(seed)
    for number in range(count):
        turn = number % 6
        yield source.planted(KINDS[turn] if turn < 4 else source.random.choice(IDS))


def neighboured(count: int, *, seed: int) -> Iterator[Planted]:
    """`count` rows of values beside others and beside digits, kinds in turn as in `planted`."""
    source = Source(seed)
    for number in range(count):
        turn = number % 6
        yield source.neighboured(KINDS[turn] if turn < 4 else source.random.choice(IDS))


def harmless(count: int, *, seed: int) -> Iterator[Planted]:
    source = Source(seed)
    for _ in range(count):
        yield source.harmless()
