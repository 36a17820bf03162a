"""What the words beside a number say it is."""

import re
from collections.abc import Iterable
from functools import cache

from modelcore.privacy.drawing import read_words

# Stands for what was found already; no detector reads across it, so masked text is read as the original was.
HIDDEN = "\x1a"

NEAR, CLOSE = 48, 18  # characters before a number
_WORD = re.compile(r"[^\W\d_]+")
_FIRST_JOINED = "\u0590"  # from here on scripts that write words together, or marks inside of words


class Words:
    """Words and phrases that speak for one kind of number, whatever their case.

    Args:
        lines: a word or a phrase each; in scripts without blanks they are looked for inside of words too.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        plain = {line.lower() for line in lines}
        self._joined = tuple(sorted(line for line in plain if line[0] >= _FIRST_JOINED))
        self._parted = frozenset(tuple(_WORD.findall(line)) for line in plain if line[0] < _FIRST_JOINED)
        self._longest = max(map(len, self._parted), default=0)

    def ends_in(self, text: str) -> int:
        """Where the last of them ends in lower-case `text`; -1 where there is none."""
        found = [(match.group(), match.end()) for match in _WORD.finditer(text)] if self._parted else []
        last = max((text.rfind(line) + len(line) for line in self._joined if line in text), default=-1)
        for place in range(len(found), 0, -1):
            if found[place - 1][1] <= last:
                break
            if self._has_phrase([word for word, _ in found[max(0, place - self._longest) : place]]):
                return found[place - 1][1]
        return last

    def _has_phrase(self, before: list[str]) -> bool:
        """Whether a phrase ends with the last of these words."""
        return any(tuple(before[start:]) in self._parted for start in range(len(before)))


@cache
def words(*names: str) -> Words:
    """The lines of the files `words/<name>.txt`."""
    return Words(line for name in names for line in read_words(name))


def leaning(text: str, start: int, end: int, *, to: Words, away: Words, within: int = NEAR) -> int:
    """Which of two sets of words stands nearest to `text[start:end]`.

    Args:
        text: folded, with HIDDEN in place of what was found.
        start: of the number.
        end: of the number, excluded.
        to: words that speak for it.
        away: words that speak for something else.
        within: so many characters before the number, and half as many after it.

    Returns:
        1 for a word of `to`, -1 for one of `away`, 0 where neither is near; what stands before weighs more.
    """
    before = text[max(0, start - within) : start].rpartition(HIDDEN)[2].lower()
    after = text[end : end + within // 2].partition(HIDDEN)[0].lower()
    for side in (before, after):
        last_to, last_away = to.ends_in(side), away.ends_in(side)
        if last_to != last_away:
            return 1 if last_to > last_away else -1
    return 0
