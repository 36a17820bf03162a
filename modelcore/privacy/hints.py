"""What the words beside a number say it is."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from modelcore.privacy.drawing import read_words

# Stands for what was found already; no detector reads across it, so masked text is read as the original was.
HIDDEN = "\x1a"

NEAR, CLOSE = 48, 18  # characters before a number
# Letters of scripts that part words: in 我的NI number是 the words are "NI" and "number".
_WORD = re.compile(r"[^\W\d_\u0590-\u1dff\u2000-\U0010ffff]+")
# "no. 12", "tel. 12" and "Kundennr. 12" go on; a longer word or number before the stop ended a sentence.
_SENTENCE_START = re.compile(rf"[{HIDDEN}!?。！？]|(?:(?<=[^\W\d_]{{4}})(?<!nr)|(?<=\d{{4}}))\. ", re.I)
_CLAUSE_END = re.compile(rf"[,.;:!?\n{HIDDEN}，。；：！？]")
_NEXT_NUMBER = re.compile(
    r"[A-Za-z]{0,5}-?\d(?:[^\w,.;:]{0,2}\d){4}|(?<!\w)(?=[A-Za-z-]{0,8}\d)[0-9A-Za-z-]{6}"
)
_CUT_START, _CUT_WORD = re.compile(rf"\A{_WORD.pattern}"), re.compile(rf"{_WORD.pattern}\Z")
FIRST_JOINED = "\u0590"  # from here on scripts that write words together, or marks inside of words


class Place(NamedTuple):
    """Where a word stands, in characters; the end is excluded."""

    start: int
    end: int


class Words:
    """Words and phrases that speak for one kind of number, whatever their case.

    Args:
        lines: a word or a phrase each; `telefo*` is every word that begins so, `*nummer` every longer one
            that ends so. In scripts without blanks they are looked for inside of words too.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        plain = {line.lower() for line in lines}
        self._joined = tuple(sorted(line for line in plain if line[0] >= FIRST_JOINED))
        parted = {line for line in plain if line[0] < FIRST_JOINED}
        self._stems = tuple(sorted(line[:-1] for line in parted if line.endswith("*")))
        self._ends = tuple(sorted(line[1:] for line in parted if line.startswith("*")))
        self._has_parts = bool(self._stems or self._ends)
        self._phrases: dict[str, list[tuple[str, ...]]] = {}  # by their first word
        for line in sorted(line for line in parted if "*" not in line):
            first, *others = _WORD.findall(line)
            self._phrases.setdefault(first, []).append((first, *others))

    def may_be_among(self, said: "SaidWords") -> bool:
        """Whether one of them can stand in a text, told without looking where."""
        return (
            not said.parted.isdisjoint(self._phrases)
            or (self._has_parts and any(map(self._is_stem_or_end, said.parted)))
            or any(line in said.text for line in self._joined)
        )

    def after_end(self, text: str) -> float:
        """Characters of lower-case `text` after the last of them; all and more where there is none.

        Of two that end at one place the longer says more, so it counts as a little nearer: "thai id" is not
        any id.
        """
        return len(text) - max(
            (end + (end - start) / 1000 for start, end in self.places(text)), default=-NEAR
        )

    def before_start(self, text: str) -> int:
        """Characters of lower-case `text` before the first of them; all and more where there is none."""
        return min((start for start, _ in self.places(text)), default=len(text) + NEAR)

    def places(self, text: str) -> Iterator[Place]:
        """Where they stand in lower-case `text`; in scripts without blanks the first and the last of each."""
        for line in self._joined if not text.isascii() else ():
            if line in text:
                for start in {text.index(line), text.rindex(line)}:
                    yield Place(start, start + len(line))
        found = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(text)]
        for place, (word, start, end) in enumerate(found):
            if self._has_parts and self._is_stem_or_end(word):
                yield Place(start, end)
                continue
            for phrase in self._phrases.get(word, ()):
                same = found[place : place + len(phrase)]
                if tuple(one[0] for one in same) == phrase:
                    yield Place(start, same[-1][2])

    def _is_stem_or_end(self, word: str) -> bool:
        return word.startswith(self._stems) or (word.endswith(self._ends) and word not in self._ends)


class SaidWords:
    """The words of a text, for many sets of words to be looked for.

    Args:
        text: of any case.
    """

    def __init__(self, text: str) -> None:
        self.text = text.lower()
        self.parted = frozenset(_WORD.findall(self.text))


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
    said = _window_before(text, start, within)
    before, after = _SENTENCE_START.split(said)[-1], said_after(text, end)[:within]
    near, far = (min(within, words.after_end(before), 2 * words.before_start(after)) for words in (to, away))
    if near == far == within and not before.strip() and not after.strip():  # Call me back! 555-1234.
        near = min(within, to.after_end(said.rpartition(HIDDEN)[2]))
    return 0 if near == far == within else 1 if near <= far else -1


def said_before(text: str, start: int, within: int) -> str:
    """What its sentence says before the number that begins at `start`, in small letters."""
    return _SENTENCE_START.split(_window_before(text, start, within))[-1]


def _window_before(text: str, start: int, within: int) -> str:
    said = text[max(0, start - within) : start].lower()
    # A word that the window cuts is none: "said" does not end in "id".
    return _CUT_START.sub("", said) if start > within and text[start - within - 1].isalpha() else said


def said_after(text: str, end: int) -> str:
    """What its clause says after the number that ends at `end`, in small letters."""
    return _after(text[end : end + NEAR])


def _after(text: str) -> str:
    """What is said of the number before `text`, in small letters, and not of the next number."""
    clause = _CLAUSE_END.split(text, maxsplit=1)[0]
    stop = text[len(clause) : len(clause) + 1]
    if stop in (":", "："):
        return ""
    follower = _NEXT_NUMBER.search(clause)
    if not follower and stop != HIDDEN:
        return clause.lower()
    gap = follower.start() if follower else len(clause)
    return _CUT_WORD.sub("", clause[: gap // 2 + 1])[: gap // 2].lower()
