"""Limits of the house style that no linter checks."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2]
LONGEST_FILE = 300
LONGEST_TEST = 20
VAGUE = frozenset(
    {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "stuff", "core"}
)
EXPLAINED_IGNORE = re.compile(r"# type: ignore\[[\w, -]+\]\s+(#|--?|\()\s*\w")
EXPLAINED_NOQA = re.compile(r"# noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*\s+(#|--?|\()\s*\w")
# Written by a program: Django's migrations and protobuf's messages.
GENERATED = ("/migrations/", "_pb2.py", "_pb2.pyi")


def sources(*suffixes: str) -> Iterator[Path]:
    for room in ("apps", "modelcore", "tests", "benchmarks", "templates", "docker"):
        for path in sorted((FOLDER / room).rglob("*")):
            if path.suffix in suffixes and not any(mark in path.as_posix() for mark in GENERATED):
                yield path


def shown(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {
        shown(path): len(path.read_text().splitlines()) for path in sources(".py", ".js", ".css", ".html")
    }

    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_room_has_a_vague_name() -> None:
    names = {shown(path): {path.stem, path.parent.name} & VAGUE for path in sources(".py")}

    assert {path: vague for path, vague in names.items() if vague} == {}


@pytest.mark.parametrize("mark", ["# noqa\n", "# noqa:\n", "# type: ignore\n", "TODO", "FIXME", "XXX"])
def test_nothing_is_silenced_without_a_reason_or_put_off(mark: str) -> None:
    here = Path(__file__)

    assert [shown(path) for path in sources(".py") if path != here and mark in path.read_text()] == []


def test_every_silenced_finding_has_a_code_and_a_reason() -> None:
    bare = [
        f"{shown(path)}:{number}"
        for path in sources(".py")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if has_no_reason(line)
    ]

    assert bare == []


def has_no_reason(line: str) -> bool:
    if "# type: ignore" in line:
        return EXPLAINED_IGNORE.search(line) is None
    return "# noqa" in line and EXPLAINED_NOQA.search(line) is None


def test_templates_hold_no_inline_script_or_style() -> None:
    marks = ("<script>", "<style", " style=", " onclick=", " onload=", " onchange=", "javascript:")
    pages = {shown(path): [mark for mark in marks if mark in path.read_text()] for path in sources(".html")}

    # The admin's theme sets styles itself, and its policy alone allows them.
    assert {path: found for path, found in pages.items() if found and "/admin/" not in path} == {}


def test_every_test_is_short() -> None:
    long = [
        f"{shown(path)}::{node.name}"
        for path in sources(".py")
        if path.name.startswith("test_")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if node.name.startswith("test_") and (node.end_lineno or 0) - node.body[0].lineno >= LONGEST_TEST
    ]

    assert long == []
