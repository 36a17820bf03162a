"""What the words beside a number say it is."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from modelcore.privacy.drawing import read_words

# Stands for what was found already; no detector reads across it, so masked text is read as the original was.
HIDDEN = "\x1a"

NEAR, CLOSE = 48, 18  # characters before a number
_WORD = re.compile(r"[^\W\d_]+")
# "no. 12" and "tel. 12" go on; a longer word before the stop ended a sentence.
_SENTENCE_START = re.compile(rf"[{HIDDEN}!?。！？]|(?<=[^\W\d_]{{4}})\. ")
_CLAUSE_END = re.compile(rf"[,.;:!?\n{HIDDEN}，。；：！？]")
_FIRST_JOINED = "\u0590"  # from here on scripts that write words together, or marks inside of words


class Words:
    """Words and phrases that speak for one kind of number, whatever their case.

    Args:
        lines: a word or a phrase each; `telefo*` is every word that begins so. In scripts without blanks
            they are looked for inside of words too.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        plain = {line.lower() for line in lines}
        self._joined = tuple(sorted(line for line in plain if line[0] >= _FIRST_JOINED))
        parted = {line for line in plain if line[0] < _FIRST_JOINED}
        self._stems = tuple(sorted(line[:-1] for line in parted if line.endswith("*")))
        self._phrases = frozenset(tuple(_WORD.findall(line)) for line in parted if not line.endswith("*"))
        self._longest = max(map(len, self._phrases), default=1)

    def after_end(self, text: str) -> int:
        """Characters of lower-case `text` after the last of them; all and more where there is none."""
        return len(text) - max((end for _, end in self._places(text)), default=-NEAR)

    def before_start(self, text: str) -> int:
        """Characters of lower-case `text` before the first of them; all and more where there is none."""
        return min((start for start, _ in self._places(text)), default=len(text) + NEAR)

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        for line in self._joined:
            if line in text:
                yield text.index(line), text.rindex(line) + len(line)
        found = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(text)]
        for place, (word, start, end) in enumerate(found):
            if self._stems and word.startswith(self._stems):
                yield start, end
                continue
            for length in range(1, self._longest + 1):
                phrase = found[place : place + length]
                if tuple(one[0] for one in phrase) in self._phrases:
                    yield start, phrase[-1][2]


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
        within: so many characters before the number, and as many after it in the same clause.

    Returns:
        1 for a word of `to`, -1 for one of `away`, 0 where neither is near. A word after the number is as
        far as one before it at twice the distance.
    """
    before = _SENTENCE_START.split(text[max(0, start - within) : start].lower())[-1]
    after = _CLAUSE_END.split(text[end : end + within].lower(), maxsplit=1)[0]
    near, far = (min(within, words.after_end(before), 2 * words.before_start(after)) for words in (to, away))
    return (near < far) - (far < near)
