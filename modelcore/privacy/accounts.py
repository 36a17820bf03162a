"""Bank accounts: IBANs by their country's length and structure and the check of ISO 7064."""

import re
from collections.abc import Iterator
from functools import cache

from stdnum import iban, numdb
from stdnum.iso7064 import mod_97_10

from modelcore.data import Span
from modelcore.privacy.hints import CLOSE, HIDDEN, said_before

_START = re.compile(
    r"(?:(?<![0-9A-Za-z])|(?<=iban)|(?-i:(?<=[a-z])(?=[A-Z])))[a-z]{2}[ \-]?\d ?\d(?=[ \-.:/]{0,2}[0-9a-z])",
    re.IGNORECASE,
)
_NEXT = re.compile(r"[ \t\-./]{0,2}(?:\n[ \t]{0,4})?[0-9A-Za-z]")  # mails break lines within one
# What else has the form is none, but people mistype.
_CALLED_SO = re.compile(r"iban|konto|account|cuenta|compte|conto|rekening|[账帐賬帳][号號户戶]")
_LENGTHS = re.compile(r"(\d+)!")
# Countries whose banks use IBANs although the registry (ISO 13616) lacks them.
_UNREGISTERED = re.compile("AO|B[FIJ]|C[FGIMV]|DZ|G[AQW]|HN|IR|KM|M[AGLZ]|NE|SN|T[DG]")
# As many groups as there are, and not beside what is hidden: else each of many in a row would be found in a
# round of its own. Before 3.11.5 Python misreads possessive groups, so a lookahead takes them.
_WRITTEN_AS_ONE = re.compile(
    r"[A-Z]{2}\d\d(?:[0-9A-Z]{11,30}|(?=((?: [0-9A-Z]{4}){2,7}(?: [0-9A-Z]{1,4})?))\1)"
    rf"(?![0-9A-Za-z]| ?{HIDDEN})"
)


def find_ibans(text: str) -> Iterator[Span]:
    """Find international bank account numbers, in one piece or in groups, in capitals or small letters.

    Where the registry lacks the country or names another length, the check digits decide, if it is written in
    capitals and in one piece or in groups of four.

    Args:
        text: folded.

    Yields:
        Spans IBAN_CODE, in order and apart.
    """
    end = 0
    for match in _START.finditer(text):
        if match.start() < end:
            continue
        found = _iban_at(text, match.start()) or _written_as_one(text, match.start())
        if found:
            end = found
            yield Span(match.start(), found, "IBAN_CODE")


def _iban_at(text: str, start: int) -> int:
    length = _length(text[start : start + 2].upper())
    place, number = start, ""
    while len(number) < length:
        match = _NEXT.match(text, place)
        if not match:
            return 0
        number += text[match.end() - 1]
        place = match.end()
    if not length or (text[place : place + 1].isascii() and text[place : place + 1].isalnum()):
        return 0
    is_right = iban.is_valid(number, check_country=False)
    return place if is_right or _CALLED_SO.search(said_before(text, start, CLOSE)) else 0


def _written_as_one(text: str, start: int) -> int:
    match = _WRITTEN_AS_ONE.match(text, start)
    if not match or not (_length(match[0][:2]) or _UNREGISTERED.match(match[0])):
        return 0
    number = match[0].replace(" ", "")
    return match.end() if mod_97_10.is_valid(number[4:] + number[:4]) else 0


@cache
def _length(country: str) -> int:
    """Characters of an IBAN of the country, 0 where it has none."""
    structure = numdb.get("iban").info(country)[0][1].get("bban", "")
    return 4 + sum(map(int, _LENGTHS.findall(structure))) if structure else 0
