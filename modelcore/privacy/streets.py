"""Postal addresses as far as their form tells: a number and a kind of street, or Chinese levels to a door."""

import re
from collections.abc import Iterator

from modelcore.data import Span

# Not within a word, but Chinese and Japanese ones run into what follows: 寄到5 Rose Road.
_BEGINS = r"(?<![^\W\u3040-\u9fff])"
_KINDS = (
    "street|st|avenue|ave|av|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl|square|sq|terrace|ter|"
    "parkway|pkwy|highway|hwy|circle|cir|crescent|close|way|walk|alley|row|mews|trail|trl|loop|plaza|"
    "turnpike|tpke|gardens|grove|hill|quay|wharf|embankment|rise|vale"
)
_UNITS = "apt|apartment|suite|ste|unit|flat|floor|fl|room|rm|building|bldg"
_UNIT = rf"(?:[ ,]{{1,3}}(?:(?:{_UNITS})\.? ?#?|# ?)[0-9A-Za-z-]{{1,6}})"
_NAME = r"[A-Z][\w.'-]{1,20}(?: [A-Z][\w.'-]{1,20}){0,3}"
_CANADIAN = r"[A-Z]\d[A-Z] ?\d[A-Z]\d"
_POST_CODE = (
    r"(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
    rf"|(?:NSW|VIC|QLD|SA|WA|TAS|ACT|NT) \d{{4}}|{_CANADIAN})(?![0-9A-Za-z])"
)
_STATE = rf"(?:,? {{1,2}}[A-Z]{{2}}(?= \d{{5}}| {_CANADIAN}))"
_TOWN = rf"(?:[,\n]{{1,2}} ?{_NAME}{_STATE}?,? {{1,2}}{_POST_CODE})"
_CHUNK = r"(?:\d{1,4}(?:-\d{1,4})? )?[A-Z][\w.'-]{0,20}(?: [A-Z0-9][\w.'-]{0,20}){0,4}"
_HONG_KONG = rf"(?:(?:, ?{_CHUNK}){{0,3}}?, ?(?:Hong Kong|Kowloon|New Territories|N\.?T\.|HK)(?!\w))"
_LASTS = r"(?!(?:Year|Month|Week|Day|Hour|Minute|Mile|Star)s? )"  # 24 Hour Drive
_ENGLISH = re.compile(
    rf"{_BEGINS}(?<![$€£.#-])\d{{1,5}}(?:-\d{{1,4}})?[A-Za-z]?,? {_LASTS}"
    r"(?:[NSEW]\.? |(?:North|South|East|West) )?"
    rf"(?:(?:[A-Z][\w.'-]{{0,20}}|\d{{1,3}}(?:st|nd|rd|th)) ){{1,4}}(?i:{_KINDS})(?![\w])\.?"
    rf"(?: (?:N|S|E|W|NE|NW|SE|SW)(?!\w))?(?i:{_UNIT})?(?:{_TOWN}|{_HONG_KONG})?"
)
# In small letters "2 on the way" and "4 in a row" look alike; what a door beside it says is an address.
_SMALL_KINDS = "street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|terrace|parkway|pkwy"
_SMALL = re.compile(
    rf"{_BEGINS}(?<![$€£.#-])\d{{1,5}}[a-z]?,? (?:[a-z][a-z.'-]{{1,20}} ){{1,3}}(?:{_SMALL_KINDS})(?!\w)\.?"
    r"[ ,]{1,3}(?:apt|apartment|suite|ste|unit|flat)\.? ?#?\d{1,5}[a-z]?(?![\w-])"
)
_BOX = re.compile(rf"{_BEGINS}(?i:P\.? ?O\.? ?Box) \d{{1,6}}(?!\w){_TOWN}?")
# Singapore names a block and counts floor and flat after a sign.
_SINGAPORE = re.compile(
    rf"{_BEGINS}(?:(?i:blk|block) )?\d{{1,4}}[A-Z]?(?: [A-Z][\w.'-]{{0,20}}){{1,5}}(?: \d{{1,3}})?"
    r"(?:,? ?#\d{1,2}-\d{1,4}[A-Z]?(?:,? ?Singapore \d{6})?|,? ?Singapore \d{6})(?!\w)"
)
# Words that end like a street and are none, but for "Am Sportplatz 4": English ones and German compounds.
_NO_STREET = (
    r"(?:\w{1,30}[aeiou]ring|\w{0,30}(?:[Ss]pr|[Ss]tr|[Bb]r|[Ee]arr|[Kk]eyr)ing"
    r"|(?:Ohr|Ehe|Nasen|Finger|Schlüssel|Dichtungs|Kabel|Schwimm|Verlobungs|Freundschafts|Gold|Silber|Siegel|O-)ring"
    r"|(?:Um|Rück|Hin|Heim|Aus|Fuß|Rad|Fahrrad|Liefer|Transport|Rechts|Arbeits|Schul|Lösungs|Versand)weg"
    r"|(?:Park|Stell|Arbeits|Sitz|Steh|Fenster|Schlaf|Camping|Spiel|Sport|Golf|Tennis|Studien|Kita|Speicher|Lager)platz)"
)
# Post codes of four or five digits before a town, and the units that make them a count.
_UNITS_AFTER = (
    "EUR|Euro|USD|CHF|NOK|DKK|SEK|PLN|Kč|Ft|Stück|Stk|St|Teile|Meter|Tage|Stunden|Punkte|Km|MB|GB|W|V"
)
_FIVE_TOWN = (
    r"[,\n]{1,2} ?(?:[A-Z]{1,2}-)?(?:\d{5}|(?!19|20)[1-9]\d{3})"
    rf" (?!(?:{_UNITS_AFTER})(?!\w))(?:(?:Bad|St\.?|San|Santa|La|Le|Las|Los|El|Den|Saint) )?"
    r"[A-ZÀ-ÖØ-Þ][\w'-]{1,30}(?: (?:am|im|an der|ob der|de|del|sur|la) [A-ZÀ-ÖØ-Þ][\w'-]{1,20})?"
)
_MEASURED = r"(?! ?(?:%|€|[cmk]?m|k?g|V|W|Euro|EUR|Tagen?|Wochen?|Monaten?|Stunden?|Minuten?|Stück)(?!\w))"
_GERMAN = re.compile(
    rf"{_BEGINS}(?=[A-ZÄÖÜ])(?:(?<=Am )|(?<=Im )|(?!{_NO_STREET} ))"
    r"[A-ZÄÖÜ][\wäöüß-]{1,30}(?:straße|strasse|str\.|weg|gasse|platz|allee|ufer|damm|ring) "
    rf"(?!(?:19|20)\d\d(?!\d))\d{{1,4}}(?: ?[a-z])?(?!\w){_MEASURED}(?:{_FIVE_TOWN})?"
)
_PROPER = r"[A-ZÀ-Ý][\w'-]{1,20}(?: (?:(?:de|del|da|do|di|la) )?[A-ZÀ-Ý][\w'-]{1,20}){0,3}"
# Of a post code and a town as the Netherlands, Sweden and Poland write them.
_CAPITAL = r"(?:['\"]s-)?[A-ZÀ-ÖØ-ÞĄĆĘŁŃÓŚŹŻ]"
_CODE = r"(?:[A-Z]{1,2}-)?(?:[1-9]\d{3} ?[A-Z]{2}|\d{3} \d{2}|\d{2}-\d{3})"
_CODE_TOWN = rf"[,\n]{{1,2}} ?{_CODE}(?! (?:EUR|USD|SEK|PLN)(?!\w))(?:,? {_CAPITAL}[\w'-]{{1,20}}){{1,3}}"
_HOUSE = r"\d{1,4}(?: ?[A-Za-z](?!\w|\. ?\d))?(?:[-/ ](?:\d{1,4}|hs|huis|bis|[IV]{1,3})(?![\w-]))?"
_FLAT = (
    r"(?:,? (?:(?:lgh|tr|etage|verdieping|m|lok)\.? ?\d{1,4}"
    r"|\d{1,2}e? ?(?:trp?|etage|verdieping|hoog|piętro))(?!\w))"
)
_WORD = (
    rf"(?:{_CAPITAL}[\w.'-]{{0,20}}|\d{{1,2}}[a-z]|\d{{1,2}}\."
    rf"|(?:van|de|den|der|dem|des|ten|ter|het|op|aan|i|in|och|na|św|du|la|del|della|di|do|da|dos|das|el)\.?) "
)
# Dutch and Nordic streets are one word, or end in a word of their own: Prinsengracht, Södra Vägen.
_ONE_WORD = re.compile(
    rf"{_BEGINS}(?=[A-ZÀ-Þ0-9])(?:{_WORD}){{0,4}}?(?:[^\W\d][\w-]{{1,30}}"
    r"(?:straat|laan|gracht|kade|dijk|plein|steeg|singel|plantsoen|dreef|burgwal"
    r"|gatan|vägen|gränd|torget|stigen|backen|allén|kajen|vej|veien|katu)"
    r"|(?:[Vv]ägen|[Gg]atan|[Tt]orget|[Aa]llén"
    r"|(?:Laan|Plein|Weg) (?:van|der|den|de|het)(?: [\w'-]{2,20}){1,3}))"
    rf" {_HOUSE}(?!\w){_FLAT}?(?:{_CODE_TOWN})?"
)
# In small letters those alone whose ends no other words have.
_SMALL_WORD = re.compile(
    rf"{_BEGINS}(?![\u3040-\u9fff])[^\W\d][\w-]{{1,30}}(?:straat|gracht|gatan|vägen|straße|strasse)"
    rf" {_HOUSE}(?!\w){_FLAT}?(?i:{_CODE_TOWN})?"
)
_POLISH = re.compile(
    rf"{_BEGINS}(?:(?i:ul|al|os|pl)\. ?|(?i:ulica|ulicy|aleja|aleje|alei|osiedle|osiedlu|plac|placu) )"
    rf"(?:[\wĄ-ż.'-]{{1,24}} ){{1,4}}?{_HOUSE}(?!\w){_FLAT}?(?:{_CODE_TOWN})?"
)
_ANY_WITH_CODE = re.compile(
    rf"{_BEGINS}(?={_CAPITAL})(?:(?:{_WORD}){{1,4}}?{_HOUSE}(?!\w){_FLAT}?{_CODE_TOWN}"
    # Digits alone are less: two words at least go before them, as in Am Markt 5, 10115 Berlin.
    rf"|(?:{_WORD}){{2,4}}?(?!(?:19|20)\d\d(?!\d)){_HOUSE}(?!\w){_FLAT}?{_FIVE_TOWN})"
)
# Hong Kong counts floors before the house, Taiwan the house, lane and section before the street.
_ROOM = r"(?i:flat|room|rm|unit|shop|office|suite)\.? [0-9A-Z-]{1,6}, ?"
_FLOOR_FIRST = re.compile(
    rf"{_BEGINS}(?:(?:{_ROOM})?(?:\d{{1,2}}|G|LG|UG)/F\.?|{_ROOM}(?:Block|Blk|Tower)\.? [0-9A-Z]{{1,3}})"
    rf"(?:, ?{_CHUNK}){{1,6}}"
)
_LANE = r"(?:, ?(?:Ln|Lane|Aly|Alley|Sec)\.? ?\d{1,4})"
_HOUSE_FIRST = re.compile(
    rf"{_BEGINS}(?:\d{{1,3}}F\.?(?:-\d{{1,2}})?, ?)?No\. ?\d{{1,4}}(?:-\d{{1,3}})?{_LANE}{{0,3}}"
    r", ?(?:[A-Z][\w.'-]{0,20} ){1,4}(?:Rd|Road|St|Street|Blvd|Ave|Avenue|Boulevard)(?!\w)\.?"
    rf"(?:, ?{_CHUNK}){{0,5}}"
)
_FRENCH = re.compile(
    rf"{_BEGINS}\d{{1,4}}(?: ?(?:bis|ter))?,? (?i:rue|avenue|boulevard|place|quai|chemin|impasse|allée) "
    rf"(?:(?:de|du|des|la|le|les|l'|d') ?){{0,3}}{_PROPER}(?:, ?\d{{5}} {_PROPER})?"
)
_ROMANCE_FLAT = (
    r"(?:,? (?:(?i:apto|ap|piso|bloco|esc|int|sala|pta)\.? ?[0-9A-Z]{1,4}(?!\w)"
    r"|\d{1,2} ?[º°ªoa](?: ?(?:[A-Z]|izq|dcha|dto|esq)(?!\w)\.?)?))"
)
_STATE_AFTER = (
    rf"(?:(?:, ?| - ){_PROPER}){{1,2}}(?: ?[-/] ?|, )"
    r"[A-Z]{2}(?!\w)(?:,? \d{5}-?\d{3}(?!\d))?"
)
_ROMANCE = re.compile(
    rf"{_BEGINS}(?:(?i:calle|avenida|avda\.?|av\.|paseo|plaza|(via)|viale|piazza|corso|rua|travessa|largo|praça"
    r"|passeig|carrer|alameda|estrada) |(?:C/|c/) ?)"
    rf"(?:(?:de|del|da|do|dos|das|di|della|la|las|los|el) ){{0,3}}{_PROPER}"
    # Elsewhere "via" says how something is sent: via Express 2. Italian words end in a vowel.
    r"(?(1)(?<=[aeiouàèéìòùIVX])),? (?:n[º°.]? ?)?\d{1,4}(?!\w)"
    rf"{_ROMANCE_FLAT}{{0,3}}(?:, ?(?:\d{{5}}|\d{{4}}-\d{{3}}) {_PROPER}|{_STATE_AFTER})?"
)
_STEP = (
    r"(?:[0-9A-Za-z一二三四五六七八九十百甲乙丙丁]{1,6}(?:[-之][0-9]{1,4})?"
    r" ?(?:号楼|号院|[号號弄巷栋棟幢座户戶]|单元|單元|字?[楼樓]|[层層室])"
    r"(?:之[0-9一二三四五六七八九十]{1,3})?)"
)
_DOOR = re.compile(
    rf"{_STEP}(?: ?{_STEP}){{0,5}}"
    rf"(?:[\u4e00-\u9fff]{{1,10}}?(?:大[厦廈楼樓]|中心|[花公][园園]|苑|[閣阁]|[广廣][场場]|邨|小区|公寓|[园園]区?)"
    rf"{_STEP}{{1,4}})?(?:[0-9]{{2,4}}(?![0-9]))?"
)
_BEFORE_DOOR = re.compile(r"[\u4e00-\u9fff0-9A-Za-z-]{2,48} ?\Z")
_ROAD = re.compile(
    r"(?:路(?!由)|[街道段巷弄村庄莊屯园園苑里裡区區镇鎮乡鄉厦廈寓场場城港坊院组組邨])[\u4e00-\u9fff]{0,6} ?\Z"
)
_SAID_BEFORE = re.compile(
    r".*(?:住在|住|地址是|地址为|地址|寄到|寄往|送到|送至|[发發]到|[发發]往|改成|改[为為]|位[于於]|[在是到至于於为為往给給])"
)


# Most texts have nothing of an address; one look tells.
_DIGIT, _STEP_SIGN = re.compile(r"\d"), re.compile("[号號弄巷栋棟幢座户戶单單楼樓层層室]")
# What says more of an address before what says less.
_PATTERNS = (
    _FLOOR_FIRST,
    _HOUSE_FIRST,
    _SINGAPORE,
    _ENGLISH,
    _SMALL,
    _BOX,
    _ONE_WORD,
    _POLISH,
    _ANY_WITH_CODE,
    _GERMAN,
    _SMALL_WORD,
    _FRENCH,
    _ROMANCE,
)


def find_streets(text: str) -> Iterator[Span]:
    """Find postal addresses.

    Args:
        text: folded.

    Yields:
        Spans STREET_ADDRESS; those of different countries may overlap.
    """
    if _DIGIT.search(text):
        for pattern in _PATTERNS:
            for match in pattern.finditer(text):
                yield Span(match.start(), match.end(), "STREET_ADDRESS")
    if _STEP_SIGN.search(text):
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
