"""Ways of saying something, in files of one regular expression a line."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "phrase_files"
_NAMED = re.compile(r"<(\w+)>")


@cache
def phrases(name: str) -> re.Pattern[str]:
    """Any line of `phrase_files/NAME.txt`.

    They are compared with `sentences.plain`: lower case, no punctuation, Chinese without spaces. `<other>` in
    a line stands for any line of `phrase_files/other.txt`. Possessive groups such as `(?:…)*+` don't stand in
    one another: Python before 3.11.5 misreads them.
    """
    return re.compile(_any_line_of(name))


@cache
def _any_line_of(name: str) -> str:
    lines = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    kept = [line for line in lines if line and not line.startswith("#")]
    joined = "|".join(f"(?:{line})" for line in kept)
    return f"(?:{_NAMED.sub(lambda match: _any_line_of(match[1]), joined)})"
