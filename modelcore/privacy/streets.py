"""Postal addresses as far as their form tells: a number and a kind of street, or Chinese levels to a door."""

import re
from collections.abc import Iterator

from modelcore.data import Span

_KINDS = (
    "street|st|avenue|ave|av|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl|square|sq|terrace|ter|"
    "parkway|pkwy|highway|hwy|circle|cir|crescent|close|way|walk|alley|row|mews|trail|trl|loop|plaza|"
    "turnpike|tpke|gardens|grove|hill|quay|wharf|embankment|rise|vale"
)
_UNITS = "apt|apartment|suite|ste|unit|flat|floor|fl|room|rm|building|bldg"
_UNIT = rf"(?:[ ,]{{1,3}}(?:(?:{_UNITS})\.? ?#?|# ?)[0-9A-Za-z-]{{1,6}})"
_NAME = r"[A-Z][\w.'-]{1,20}(?: [A-Z][\w.'-]{1,20}){0,3}"
_POST_CODE = r"(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})(?![0-9A-Za-z])"
_TOWN = rf"(?:[,\n]{{1,2}} ?{_NAME}(?:,? {{1,2}}[A-Z]{{2}}(?= \d{{5}}))?,? {{1,2}}{_POST_CODE})"
_ENGLISH = re.compile(
    r"(?<![\w$€£.#-])\d{1,5}(?:-\d{1,4})?[A-Za-z]?,? (?:[NSEW]\.? |(?:North|South|East|West) )?"
    rf"(?:(?:[A-Z][\w.'-]{{0,20}}|\d{{1,3}}(?:st|nd|rd|th)) ){{1,4}}(?i:{_KINDS})(?![\w])\.?"
    rf"(?: (?:N|S|E|W|NE|NW|SE|SW)(?!\w))?(?i:{_UNIT})?{_TOWN}?"
)
# In small letters "2 on the way" and "4 in a row" look alike; what a door beside it says is an address.
_SMALL_KINDS = "street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|terrace|parkway|pkwy"
_SMALL = re.compile(
    rf"(?<![\w$€£.#-])\d{{1,5}}[a-z]?,? (?:[a-z][a-z.'-]{{1,20}} ){{1,3}}(?:{_SMALL_KINDS})(?!\w)\.?"
    r"[ ,]{1,3}(?:apt|apartment|suite|ste|unit|flat)\.? ?#?\d{1,5}[a-z]?(?![\w-])"
)
_BOX = re.compile(rf"(?<!\w)(?i:P\.? ?O\.? ?Box) \d{{1,6}}(?!\w){_TOWN}?")
_GERMAN = re.compile(
    r"(?<!\w)[A-ZÄÖÜ][\wäöüß-]{1,30}(?:straße|strasse|str\.|weg|gasse|platz|allee|ufer|damm|ring) "
    r"\d{1,4} ?[a-z]?(?!\w)(?:, ?\d{5} [A-ZÄÖÜ][\wäöüß-]{1,30})?"
)
_PROPER = r"[A-ZÀ-Ý][\w'-]{1,20}(?: (?:(?:de|del|da|do|di|la) )?[A-ZÀ-Ý][\w'-]{1,20}){0,3}"
_FRENCH = re.compile(
    r"(?<!\w)\d{1,4}(?: ?(?:bis|ter))?,? (?i:rue|avenue|boulevard|place|quai|chemin|impasse|allée) "
    rf"(?:(?:de|du|des|la|le|les|l'|d') ?){{0,3}}{_PROPER}(?:, ?\d{{5}} {_PROPER})?"
)
_ROMANCE = re.compile(
    r"(?<!\w)(?i:calle|avenida|avda\.?|paseo|plaza|via|viale|piazza|corso|rua|travessa|largo) "
    rf"(?:(?:de|del|da|do|dos|das|di|della|la|las|los|el) ){{0,3}}{_PROPER},? (?:n[º°.]? ?)?\d{{1,4}}(?!\w)"
)
_DOOR = re.compile(
    r"(?:[0-9A-Za-z一二三四五六七八九十百甲乙丙丁]{1,6}(?:-[0-9]{1,4})?"
    r"(?:号楼|号院|号|弄|栋|幢|座|单元|楼|层|室|户)){1,6}(?:[0-9]{2,4}(?![0-9]))?"
)
_BEFORE_DOOR = re.compile(r"[\u4e00-\u9fff0-9A-Za-z-]{2,48}\Z")
_ROAD = re.compile(r"[路街道巷弄村庄屯园苑里区镇乡厦寓场城港坊院组][\u4e00-\u9fff]{0,6}\Z")
_SAID_BEFORE = re.compile(
    r".*(?:住在|住|地址是|地址为|地址|寄到|寄往|送到|送至|发到|发往|改成|改为|位于|[在是到至于为往给])"
)


def find_streets(text: str) -> Iterator[Span]:
    """Find postal addresses.

    Args:
        text: folded.

    Yields:
        Spans STREET_ADDRESS; those of different countries may overlap.
    """
    for pattern in (_ENGLISH, _SMALL, _BOX, _GERMAN, _FRENCH, _ROMANCE):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), "STREET_ADDRESS")
    yield from _chinese(text)


def _chinese(text: str) -> Iterator[Span]:
    """From the largest level that is named to the door; found from the door, which alone has a sure form."""
    end = 0
    for door in _DOOR.finditer(text):
        before = _BEFORE_DOOR.search(text[max(end, door.start() - 48) : door.start()])
        if not before or not _ROAD.search(before.group()):
            continue
        said = _SAID_BEFORE.match(before.group()[:12])
        start = door.start() - len(before.group()) + (said.end() if said else 0)
        if start < door.start():
            end = door.end()
            yield Span(start, end, "STREET_ADDRESS")
