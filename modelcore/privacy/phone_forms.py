"""How much the form of a number alone says that it is a telephone number."""

import re
from enum import IntEnum


class Form(IntEnum):
    """What a number must have beside it to be taken for a telephone number."""

    NONE = 0  # nothing helps: a date, an amount, a range
    WEAK = 1  # a word that says so
    LIKELY = 2  # no word near that speaks of something else
    MOBILE = 3  # no name of another number, whatever else is spoken of
    GROUPED = 4  # no such name, and no word for something else right before it
    SURE = 5  # nothing


_EXTENSION = re.compile(r"[ ,，]{0,2}(?:#|x|e|i|d|p|分|转|轉|內|内|д)[^\d]*\d+\Z", re.IGNORECASE)
_DATE = re.compile(
    r"(?:(?:19|20)\d\d([-/. ])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?!\1\d)"
    r"|(?:0?[1-9]|[12]\d|3[01])([-/. ])(?:0?[1-9]|1[0-2])\2(?:(?:19|20)\d\d|\d\d)(?!\2\d)"
    r"|(?:0?[1-9]|1[0-2])([-/. ])(?:0?[1-9]|[12]\d|3[01])\3(?:(?:19|20)\d\d|\d\d)(?!\3\d))(?: |\Z)"
)
_DATES = re.compile(
    r"(?:\d{1,2}([-/.])\d{1,2}\1\d{2,4} ?[-/] ?\d{1,2}\1\d{1,2}\1\d{2,4}"
    r"|(?:19|20)\d\d([-/.])[01]?\d\2[0-3]?\d ?- ?(?:19|20)\d\d(?:\2[01]?\d\2[0-3]?\d)?)\Z"
)
_RANGE = re.compile(r"\d{1,2}\.\d{1,2} ?- ?\d{1,2}\.\d{1,2}\Z")  # 7.35-7.45
_HOURS = re.compile(r"[01]\d[0-5]\d ?- ?[012]\d[0-5]\d\Z")  # 0900-1730
# By year, as 2026-374197, or as a post code of Brazil or the United States.
_NUMBERED = re.compile(r"(?:(?:19|20)\d\d(?:[01]\d[0-3]\d)?-\d{4,6}|\d{5}-\d{3}|[1-8]\d{4}-\d{4})\Z")
_YEARS = re.compile(r"(?:(?:19|20)\d\d\D{1,3})+(?:(?:19|20)\d\d|\d\d)\Z|\d{1,2}\D{1,3}(?:19|20)\d\d\Z")
_VERSION = re.compile(
    r"\d+(?:\.\d+)*\.\d\.[\d.]*\d\Z"
)  # no telephone number has a group of one digit between points
_AMOUNT = re.compile(r"(?:\d+\.\d\d|0\.\d+)\Z")
_AREA = re.compile(r"(?:\d{1,3}[ -]?)?\(\+?\d{1,5}\)[-/. ]{0,2}(?:\d{2}|9[ -]\d{4})")
_NORTH_AMERICAN = re.compile(r"(?:1[ .·•-])?\d{3}([-. ·•])\d{3}\1\d{4}\Z")
_BARE_NORTH_AMERICAN = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}\Z")
_FOREIGN_MOBILE = re.compile(r"[6-9]\d{9}\Z|89\d{9}\Z")  # India; Russia with its trunk digit
_CHINESE_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}\Z")
# Of a company in China: area code, number and extension, as in 010-62345678-801.
_SWITCHBOARD = re.compile(
    r"(?:\+86[- ]?\(?0?|\(?0)(?:10|2\d|[3-9]\d\d)\)?[- ]?[2-8]\d{3}[- ]?\d{3,4}-\d{2,5}\Z"
)
_ABROAD = re.compile(r"(00(?=[ -]?[1-9])|011(?=[ -][1-9]))")  # what is dialled before a country's code
_THOUSANDS = re.compile(r"\d{1,3}(?:([ .])\d{3})(?:\1\d{3})+\Z")
_MOST_DIGITS = {"1": 11, "86": 13, "49": 15, "43": 15}  # country code included
_MOST = 13


def form_of(written: str) -> Form:
    """Judge one number.

    Args:
        written: folded; digits, signs between them, perhaps an extension at the end.

    Returns:
        The form.
    """
    extension = _EXTENSION.search(written)
    number = written[: extension.start()] if extension else written
    digits = re.sub(r"\D", "", number)
    if _SWITCHBOARD.match(number):
        return Form.GROUPED
    if not 6 <= len(digits) <= 16 or len(set(digits)) == 1:
        return Form.NONE
    if number.lstrip("( ").startswith("+"):
        return _international(digits.replace("0", "", 1) if "(0)" in number else digits)
    dialled = _ABROAD.match(number)
    if dialled and len(digits) >= 11:
        sure = Form.LIKELY if number == digits else Form.SURE
        return sure if len(digits) - len(dialled[1]) <= _MOST else Form.NONE
    if len(digits) > _MOST or (len(digits) == _MOST and digits.startswith(("978", "979"))):  # ISBN
        return Form.NONE
    if "(" in number:
        return Form.SURE if _AREA.match(number) and len(digits) > 6 else Form.NONE
    groups = re.split(r"\D+", number)
    form = _bare(digits) if len(groups) == 1 else _grouped(number, groups, digits)
    return max(form, Form.GROUPED) if extension and form else form


def _international(digits: str) -> Form:
    if digits.startswith("860"):  # what is dialled at home, after the country's code
        digits = digits.replace("0", "", 1)
    most = next((most for code, most in _MOST_DIGITS.items() if digits.startswith(code)), _MOST)
    return Form.SURE if 8 <= len(digits) <= most else Form.NONE


def _bare(digits: str) -> Form:
    if _CHINESE_MOBILE.match(digits):
        return Form.MOBILE
    if any(form.match(digits) for form in (_BARE_NORTH_AMERICAN, _FOREIGN_MOBILE)):
        return Form.LIKELY
    if digits[0] == "0" and 9 <= len(digits) <= 12:
        return Form.LIKELY
    return Form.WEAK if len(digits) > 6 else Form.NONE


def _grouped(number: str, groups: list[str], digits: str) -> Form:
    sizes = [len(group) for group in groups]
    if _NORTH_AMERICAN.match(number) or (
        _CHINESE_MOBILE.match(digits) and sizes in ([3, 4, 4], [3, 8], [2, 3, 4, 4])
    ):
        return Form.GROUPED
    if sizes == [2] * 5 and digits[0] == "0":  # French; may begin like a date
        return Form.GROUPED
    if (
        sizes == [6, 7]  # a resident number of Korea
        or _DATE.match(number)
        or _DATES.match(number)
        or _YEARS.match(number)
        or _RANGE.match(number)
        or _VERSION.match(number)
        or _AMOUNT.match(number)
        or (sizes[0] < 3 and sizes[-1] == 1 and len(sizes) == 4 and len(digits) == 10)  # ISBN
    ):
        return Form.NONE
    # Of pairs those of a lottery.
    if _NUMBERED.match(number) or _HOURS.match(number) or sizes in ([2] * 5, [2] * 6):
        return Form.WEAK
    if digits[0] == "0" and 8 <= len(digits) <= 12:
        return Form.GROUPED
    if _THOUSANDS.match(number):
        return Form.LIKELY if sizes == [3, 3, 3] and " " in number else Form.WEAK
    return _foreign(number, sizes, len(digits))


def _foreign(number: str, sizes: list[int], count: int) -> Form:
    """Numbers without a trunk digit: forms of smaller countries, which lists of numbers have too."""
    is_listed = number.count(" ") >= len(sizes) - 1 and (len(sizes) == 2 or max(sizes) < 3)
    if count < 8 or 1 in sizes[1:] or "." in number or is_listed:
        return Form.WEAK
    return Form.LIKELY
