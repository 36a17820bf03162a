"""Checks of national ids that python-stdnum has not, or has too strictly for finding them in texts."""

import datetime
import re

from stdnum import luhn
from stdnum.cn import ric
from stdnum.in_ import aadhaar

from modelcore.privacy.cards import has_issuer

_SINGAPORE = {
    "S": "JZIHGFEDCBA",
    "T": "JZIHGFEDCBA",
    "F": "XWUTRQPNMLK",
    "G": "XWUTRQPNMLK",
    "M": "XWUTRQPNJLK",
}


def is_resident_id(number: str) -> bool:
    """China: 18 characters, a province, a date of birth and the check character of ISO 7064 mod 11-2.

    python-stdnum looks up the county too, and refuses people who were born before it got its code.
    """
    if len(number) != 18 or number[-1] != ric.calc_check_digit(number):
        return False
    return number[6:8] in ("18", "19", "20") and _is_date(number[6:14]) and 11 <= int(number[:2]) <= 91


def is_old_resident_id(number: str) -> bool:
    """China until 1999: 15 digits without a check digit."""
    return _is_date("19" + number[6:12]) and 11 <= int(number[:2]) <= 91


def is_hong_kong_id(number: str) -> bool:
    """Source: weights 9 to 2, a missing first letter counts as 36; with the check digit 0 mod 11."""
    letters, digits, check = re.findall(r"^([A-Z]+)(\d{6})\W*([\dA])", number)[0]
    values = [36] * (2 - len(letters)) + [ord(one) - 55 for one in letters] + [int(one) for one in digits]
    total = sum(weight * value for weight, value in zip(range(9, 1, -1), values, strict=True))
    return (total + int(check, 16)) % 11 == 0


def is_taiwan_id(number: str) -> bool:
    """Source: the letter stands for 10 to 35; its tens weigh 1, its ones 9, the digits 8 to 1 and 1."""
    place = 10 + "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(number[0])
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    digits = (place // 10, place % 10, *map(int, number[1:]))
    return sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 10 == 0


def is_singapore_id(number: str) -> bool:
    """Source: weights 2 7 6 5 4 3 2; T and G add 4, M adds 3; the remainder mod 11 names the letter."""
    total = sum(w * int(d) for w, d in zip((2, 7, 6, 5, 4, 3, 2), number[1:8], strict=True))
    total += {"T": 4, "G": 4, "M": 3}.get(number[0], 0)
    return _SINGAPORE[number[0]][total % 11] == number[-1]


def is_korean_id(number: str) -> bool:
    """Korea: a date of birth; those given out since October 2020 have no check digit any more."""
    century = "19" if number[7] in "1256" else "20"
    return _is_date(century + number[:6])


def is_aadhaar_alone(number: str) -> bool:
    """India: the check digit of Verhoeff, and not the issuer and the check digit of a card of 12 digits."""
    digits = re.sub(r"\D", "", number)
    return aadhaar.is_valid(digits) and not (has_issuer(digits) and luhn.is_valid(digits))


def has_form_alone(number: str) -> bool:
    """For ids without a check digit whose form no other number has."""
    return bool(number)


def may_be_an_account(number: str) -> bool:
    """At a bank, and not a card: people call their cards so, too."""
    digits = re.sub(r"\D", "", number)
    return len(digits) > 6 and not (has_issuer(digits) and luhn.is_valid(digits))


def may_be_an_id(number: str) -> bool:
    """Of any state, with or without a check digit: as many digits as ids have."""
    return 5 <= len(re.sub(r"\D", "", number)) <= 18 and len(number) > 5


def _is_date(digits: str) -> bool:
    try:
        datetime.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True
