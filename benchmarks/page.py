"""All results on one page of Markdown, with the machine and the day of each."""

import json
from pathlib import Path
from typing import Any

HEAD = """# Results

Written by the benchmarks; `.venv/bin/python -m benchmarks NAME` measures one of them anew.
"""


def write_page(folder: Path) -> None:
    """Write README.md of what the folder's NAME.json hold."""
    (folder / "README.md").write_text(page_of(folder), "utf-8")


def page_of(folder: Path) -> str:
    results = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    return "\n".join([HEAD, *(_section(result, folder) for result in results)])


def bound(goal: float | None, at_least: bool) -> str:
    """A goal, and on which side of it a figure should lie."""
    return "" if goal is None else f"{'≥' if at_least else '≤'} {goal:g}"


def _section(result: dict[str, Any], folder: Path) -> str:
    on, name = result["machine"], result["name"]
    machine = f"{on['cores']} cores with {', '.join(on['instructions'])}"
    lines = [
        f"## {name}\n",
        f"{result['title']}. Measured on {on['at'][:10]} at commit {on['commit']}, {machine}.\n",
        "| measure | seen | goal | |",
        "| --- | ---: | ---: | --- |",
        *(_line(row) for row in result["rows"]),
    ]
    if (folder / f"{name}.svg").exists():
        lines.append(f"\n![Ratios to the goals]({name}.svg)")
    return "\n".join([*lines, ""])


def _line(row: dict[str, Any]) -> str:
    verdict = {None: "", True: "met", False: "**missed**"}[row["met"]]
    goal = bound(row["goal"], row["at_least"])
    return f"| {row['measure']} | {row['value']:.4g} {row['unit']} | {goal} | {verdict} |"
