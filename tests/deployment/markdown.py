"""What the documents refer to: links, headings, tables, make targets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.deployment.composefile import ROOT

LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
PROGRAM = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
# In a code span, or at the start of a line of a code block.
MAKE = re.compile(r"(?:`|^)make ([a-z][a-z-]*)", re.MULTILINE)
VARIABLE_CELL = re.compile(r"^\| `([A-Z][A-Z_]+)` \|", re.MULTILINE)


@dataclass(frozen=True)
class Link:
    page: Path
    target: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)} → {self.target}"

    @property
    def is_ours(self) -> bool:
        return not self.target.startswith(("http://", "https://", "mailto:"))

    def fault(self) -> str:
        """Why it leads nowhere; empty when it leads somewhere."""
        path, _, anchor = self.target.partition("#")
        page = (self.page.parent / path).resolve() if path else self.page
        if not page.exists():
            return f"{self}: there is no such file"
        if anchor and anchor not in anchors(page.read_text("utf-8")):
            return f"{self}: there is no such heading"
        return ""


def pages() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def links() -> Iterator[Link]:
    for page in pages():
        for target in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
            yield Link(page, target)


def anchors(text: str) -> set[str]:
    """As GitHub and most renderers make them of headings."""
    headings = HEADING.findall(FENCE.sub("", text))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def make_targets_mentioned() -> set[str]:
    return {target for page in pages() for target in MAKE.findall(page.read_text("utf-8"))}


def variables_documented() -> tuple[set[str], set[str]]:
    """What the program reads, and what only the containers read: the two tables of the operations guide."""
    section = (ROOT / "docs/operations.md").read_text("utf-8").partition("## Environment variables")[2]
    program, _, containers = section.partition("What only the containers read:")
    return set(VARIABLE_CELL.findall(program)), set(VARIABLE_CELL.findall(containers))


def programs(page: Path) -> list[str]:
    return PROGRAM.findall(page.read_text("utf-8"))
