"""What is printed on a card beside its number: the month it ends and the code that shops ask for."""

import re
from collections.abc import Iterator

from modelcore.data import Span

_BEFORE, _AFTER = 48, 80  # characters around a number in which its details are looked for
# A letter of Latin or the like before a word makes another word of it; Chinese is written without blanks.
_LETTER = r"[^\W\d_\u2e80-\uffff]"
_SAYS = (
    r"(?:[^\w\n]{0,3}(?:code|no|number|nummer|nr|date|fin|is|ist|lautet|est|es|été|the|en|el|am|on|in|ends?|thru"
    rf"|until|til|to|bis|[的是为為至到])(?!{_LETTER})){{0,3}}[^\w\n]{{0,4}}"
)
# No other number is called so.
_CODE_NAME = (
    r"cvv2?|cvc2?|cvn2?|cav2|card security code|card verification (?:code|value|number)"
    r"|kartenpr[üu]f(?:nummer|ziffer)|cryptogramme(?: visuel)?|背面的?最?[后後]?[三3]位(?:[数數]字?)?"
)
# Others are, too; beside a card they are its own.
_LIKE_A_CODE_NAME = (
    rf"{_CODE_NAME}|csc|cid|cvd|security code|verification code|code on the back|pr[üu]f(?:nummer|ziffer)"
    r"|sicherheitscode|code de sécurité|código de seguridad|codice di sicurezza|安全[码碼]|校[验驗][码碼]"
)
_CODE, _LIKE_A_CODE = (
    re.compile(rf"(?<!{_LETTER})(?:{name}){_SAYS}(\d{{3,4}})(?![0-9A-Za-z_])", re.IGNORECASE)
    for name in (_CODE_NAME, _LIKE_A_CODE_NAME)
)
_EXPIRY_NAME = (
    r"exp\.?|expir[a-z]*|valid|val\.?|good|gültig|gueltig|ablauf[a-z]*|verfall[a-z]*|fin de validité|valable"
    r"|caduc[a-z]*|venc[a-z]*|scad[a-z]*|validade|mm/yy(?:yy)?|有效期|有效日期|到期日?|期限"
)
_NAMED_MONTH = (
    r"(?:jan|ene|gen|f[eé][bv]|m[aä]r|apr|avr|abr|ma[iyg]|ju[nli]|a[uo]?g|août|sep|set|o[ckt]t|nov|de[czs]|di[cz])"
    r"[^\W\d_]{0,7}\.? ?'?(?:20)?[2-5]\d"
)
_MONTH = (
    r"(?:(?:0?[1-9]|1[0-2]) ?[-/.] ?(?:20)?[2-5]\d|(?:0[1-9]|1[0-2])(?:20)?[2-5]\d"
    r"|20[2-5]\d ?[-/.年] ?(?:1[0-2]|0?[1-9])月?"
    rf"|(?:1[0-2]|0?[1-9])月 ?(?:20)?[2-5]\d年?|{_NAMED_MONTH})(?![-/.]?\d)"
)
_EXPIRY = re.compile(rf"(?<!{_LETTER})(?:{_EXPIRY_NAME}){_SAYS}({_MONTH})", re.IGNORECASE)
# Nothing said: the card's number, its month and its code in a row. What looks like less needs the code.
_SIGNS = r"[ \t,，;|/:()\n-]{1,4}"
_CODE_AT_END = rf"{_SIGNS}(\d{{3,4}})(?![\w/-]|\.\d)"
_ROW = re.compile(
    rf"{_SIGNS}(?:((?:0[1-9]|1[0-2]) ?[-/] ?(?:20)?[2-5]\d)(?![-/.]?\d)(?:{_CODE_AT_END})?"
    rf"|((?:0[1-9]|1[0-2])[ \t,;|/:]?(?:20)?[2-5]\d|{_NAMED_MONTH}){_CODE_AT_END})",
    re.IGNORECASE,
)


def find_card_codes(text: str) -> Iterator[Span]:
    """Find codes of cards by their names alone, such as `CVC 123`.

    Args:
        text: folded, with HIDDEN in place of what was found.

    Yields:
        Spans CARD_CODE, in order and apart.
    """
    for match in _CODE.finditer(text):
        yield Span(*match.span(1), "CARD_CODE")


def details_beside(text: str, start: int, end: int) -> Iterator[Span]:
    """The month and the code that belong to the card number `text[start:end]`.

    Args:
        text: folded.
        start: of the number.
        end: of the number, excluded.

    Yields:
        Spans CARD_EXPIRY and CARD_CODE; they may overlap.
    """
    for first, last in ((max(0, start - _BEFORE), start), (end, end + _AFTER)):
        for pattern, label in ((_EXPIRY, "CARD_EXPIRY"), (_LIKE_A_CODE, "CARD_CODE")):
            for match in pattern.finditer(text, first, last):
                yield Span(*match.span(1), label)
    row = _ROW.match(text, end)
    for group, label in ((1, "CARD_EXPIRY"), (2, "CARD_CODE"), (3, "CARD_EXPIRY"), (4, "CARD_CODE")):
        if row and row[group]:
            yield Span(*row.span(group), label)
