"""In which code page a file was written: the one that gives its words the letters of their language."""

import math
import re
from collections.abc import Iterator, Sequence

from modelcore.data.languages import ALPHABETS, identifier

WESTERN = "cp1252"  # latin-1 and, where that has nothing to print, quotes, dashes and a few letters
_CODE_PAGES = (
    WESTERN,
    *("iso-8859-15", "mac-roman", "cp850"),  # of Western Europe, too
    *("cp1250", "iso-8859-2", "iso-8859-16", "cp852"),
    *("cp1254", "cp857"),  # Turkish
    *("cp1257", "iso-8859-13", "iso-8859-4"),  # Baltic
    *("cp1251", "koi8-u", "iso-8859-5", "cp866", "cp1253"),  # Cyrillic and Greek
)
_LOOKS = 2000  # places of a large file that are looked at, of which so many are weighed:
_PASSAGES = 150
_AROUND = 150  # bytes on either side
_BREAK = re.compile(rb'[\n\r\t;|"{}]')
_HIGH = re.compile(rb"[\x80-\xff]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_RAISED = re.compile(r"\b(?:[cdkm]?m[²³]|[nN]º)")
_BEFORE_LETTERS = frozenset("«“„‘‚‹’–—…·•£€©§µ\xa0\xad")
_AFTER_LETTERS = frozenset("»”“’‘›–—…·´°€®™©\xa0\xad")
_STRANGE = 0.1  # how much less likely a letter makes a language that does not have it
_LEAST_SHARE = 0.001
_UNLIKELY = 0.02  # nothing is less likely, so that one odd passage decides no file
_MARGIN = 0.7  # of log-likelihoods; it grows by the other for each passage
_MARGIN_EACH = 0.02


def find_code_page(payload: bytes) -> str | None:
    """Weigh code pages of Europe by how well they explain the passages around the bytes above 127.

    Args:
        payload: text of single bytes, ASCII up to 127.

    Returns:
        The name of the codec; WESTERN unless another explains them clearly better; None if it explains hardly
        any, nor does another.
    """
    passages = list(_passages(payload))
    weights = {page: _weigh(passages, page) for page in _CODE_PAGES}
    best = max(weights, key=weights.__getitem__)
    if weights[best] > weights[WESTERN] + _MARGIN + _MARGIN_EACH * len(passages):
        return best
    return WESTERN if weights[WESTERN] > len(passages) * math.log(0.1) else None


def _passages(payload: bytes) -> Iterator[bytes]:
    """An even sample of the stretches without a break that have such bytes."""
    found, at = list[slice](), 0
    while match := _HIGH.search(payload, at):
        start = max(0, match.start() - _AROUND)
        breaks = [mark.end() for mark in _BREAK.finditer(payload, start, match.start())]
        close = _BREAK.search(payload, match.end(), match.end() + _AROUND)
        end = close.start() if close else match.end() + _AROUND
        found.append(slice(breaks[-1] if breaks else start, end))
        at = max(end, match.start() + len(payload) // _LOOKS)
    for place in found[:: math.ceil(len(found) / _PASSAGES)]:
        yield payload[place]


def _weigh(passages: Sequence[bytes], page: str) -> float:
    try:
        return sum(math.log(_UNLIKELY + _likelihood(passage.decode(page))) for passage in passages)
    except UnicodeDecodeError:
        return len(passages) * math.log(_UNLIKELY)


def _likelihood(text: str) -> float:
    """Over all languages, how likely it is in each and how much it keeps to that one's letters."""
    letters, misplaced = _marks(text)
    likelihood = 0.0
    for language, share in identifier().rank(text):
        if share > _LEAST_SHARE and language in ALPHABETS:
            strange = misplaced + sum(letter not in ALPHABETS[language] for letter in letters)
            likelihood += share * _STRANGE**strange
    return likelihood


def _marks(text: str) -> tuple[list[str], int]:
    """The letters beyond ASCII, and how many marks stand where nobody writes them."""
    text = _RAISED.sub(" ", text)
    letters, misplaced = [], 0
    for match in _BEYOND_ASCII.finditer(text):
        mark = match[0]
        before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
        if mark in "¿¡" or (mark.isalpha() and mark not in "ªºµ"):
            letters.append(mark)
            misplaced += mark.isupper() and before.islower()
        else:
            misplaced += before.isalpha() and mark not in _AFTER_LETTERS
            misplaced += after.isalpha() and mark not in _BEFORE_LETTERS
    return letters, misplaced
