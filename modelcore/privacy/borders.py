"""Where a number ends and its neighbour begins, for all kinds that are looked for.

A stop joins digits. So does a hyphen, but not two values of nine or more. A colon joins those of a time,
a slash those of a date, a comma thousands and decimals: elsewhere these three part two values, and so do the
wide ones of Chinese, which nobody counts with.
"""

import re

from modelcore.privacy.hints import HIDDEN

# Where a number may begin: not within decimals or thousands, after "0," or in the minutes of a time.
BEGINS = (
    r"(?<!\d\.)(?:(?<!\d:)|(?!\d\d(?!\d)))"
    r"(?:(?<!\d,)|(?:(?<!(?<!\d)0,)|(?!\d+(?![\d,-])))(?!\d{3}(?![\d-]| \d{3,4} \d{4}|\.\d{3}[.-]\d)))"
)
# A plus begins a telephone number, but between two values it parts them: 张三+110101199003074477.
AFTER_NO_PLUS = rf"(?:(?<!\+)|(?<=[\w?{HIDDEN}]\+))"  # a question mark: a sign of Chinese in a shape
# What makes the digits before it a part of something longer: a stop, a hyphen, the rest of a time or a date.
GOES_ON = (
    r"\.\d|-(?:(?<!\d{9}-)|(?!\d{9}))\d"
    r"|(?:(?<=\D\d)|(?<=\D[0-3]\d))[:/][0-5]?\d(?!\d| \d\d(?!\d))"
)
# Between two numbers in a row of digits and signs, if the first is one; no group has nine digits.
PARTS = r"(?:[,:/]|--|(?<=\d{9})[-_](?=\d{9}))"
_DECIMALS = re.compile(r",\d\d?(?!\d)")
_UNITS = re.compile(r"\d{1,8}|\d{1,3}(?:[ .]\d{3})+")
_LONGEST_GROUP = 8  # digits; more are a value of their own
_DATE = r"(?:\d{4}([-/.])\d\d?\1\d\d?|\d\d?([-/.])\d\d?\2(?:\d{4}|\d\d))"
_MOMENT_BEFORE = re.compile(rf"(?<!\d)(?:{_DATE}|\d\d?[:：]\d\d)\s\Z")
_MOMENT_AFTER = re.compile(rf"\s(?:{_DATE}|\d\d?[:：]\d\d|\d{{4}}年)(?!\d)")
_POST_CODE_BEFORE = re.compile(r"(?<![\d-])(?<!\d )\d{5}\s\Z")
_GROUP_BEFORE = re.compile(rf"(?<!\d)\d{{1,{_LONGEST_GROUP}}}[A-Z]?([ \n-])\Z")
_GROUP_AFTER = re.compile(
    rf"([ -])(?!\d\d?(?:[^\W\d]|\)))\d{{1,{_LONGEST_GROUP}}}(?!\d)"
)  # 3days and 2) count
_NEAR = 12  # characters: a date and a blank are 11


def is_amount(text: str, start: int, end: int) -> bool:
    """Whether decimals follow `text[start:end]`, and it is written as what has some: 1 234 567,50."""
    return bool(_DECIMALS.match(text, end) and _UNITS.fullmatch(text, start, end))


def has_group_before(text: str, start: int, end: int, since: int = 0) -> bool:
    """Whether the number `text[start:end]` is the rest of one that began before, as a tracking number's is.

    Args:
        text: folded.
        start: of the number.
        end: of the number, excluded.
        since: where what can belong to it begins.
    """
    before = text[max(since, start - _NEAR) : start]
    group = _GROUP_BEFORE.search(before)
    if not group or not _is_written_so(text[start:end], group[1]) or _MOMENT_BEFORE.search(before):
        return False
    return not (text[start] == "0" and _POST_CODE_BEFORE.search(before))


def has_group_after(text: str, start: int, end: int) -> bool:
    """Whether the number `text[start:end]` goes on in the next group of digits."""
    group = _GROUP_AFTER.match(text, end)
    if not group or not _is_written_so(text[start:end], group[1]):
        return False
    return not _MOMENT_AFTER.match(text, end)


def _is_written_so(number: str, sign: str) -> bool:
    """Whether one more group after a sign would be like the groups that the number has."""
    if number.isdecimal():
        return len(number) <= _LONGEST_GROUP
    return sign in number or (sign == "\n" and " " in number)
