"""What a benchmark leaves behind: a table on the screen, a JSON file, a picture and a page, with the machine.

Whether a goal is met is judged here alone. A benchmark that measures only tells; one that holds a promise
ends with 1 where it is broken; and whoever runs several asks afterwards what was missed.
"""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from benchmarks.page import bound, write_page

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Row:
    """One figure: what was measured, what was seen, and the goal it is held against."""

    measure: str
    value: float
    goal: float | None = None
    at_least: bool = True
    unit: str = ""

    @property
    def is_met(self) -> bool | None:
        if self.goal is None:
            return None
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    def told(self, width: int = 0) -> str:
        """A line of a table, with room for so long a measure."""
        goal = bound(self.goal, self.at_least)
        verdict = {None: "", True: "met", False: "MISSED"}[self.is_met]
        return f"{self.measure:<{width}}  {self.value:>12.4g} {self.unit:<6} {goal:>10}  {verdict}"


@dataclass(frozen=True)
class Report:
    """The outcome of one benchmark."""

    name: str
    title: str
    rows: list[Row]
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def missed(self) -> list[Row]:
        return [row for row in self.rows if row.is_met is False]


def percentile(values: Sequence[float], percent: float) -> float:
    """As numpy has it: between two values the one on the straight line from one to the other."""
    import numpy as np

    return float(np.percentile(values, percent))


def machine() -> dict[str, Any]:
    """The processor, memory and versions that a figure belongs to."""
    import openvino
    import torch

    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    facts = dict(line.split(":", 1) for line in lines if ":" in line)
    cpu = {key.strip(): value.strip() for key, value in facts.items()}
    flags = set(cpu.get("flags", "").split())
    return {
        "processor": cpu.get("model name", platform.processor()),
        "family_model": f"{cpu.get('cpu family', '?')}/{cpu.get('model', '?')}",
        "cores": os.cpu_count(),
        "instructions": sorted(
            flags & {"avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "amx_int8"}
        ),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "openvino": openvino.__version__.split("-")[0],
        "commit": _commit(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def conclude(report: Report) -> NoReturn:
    """Publish it, and end with 1 where a promise was broken."""
    publish(report)
    sys.exit(bool(report.missed))


def publish(report: Report) -> None:
    """Print the table, write results/NAME.json, results/NAME.svg and the page of all results."""
    print_table(report)
    RESULTS.mkdir(exist_ok=True)
    payload = {
        "name": report.name,
        "title": report.title,
        "machine": machine(),
        "rows": [{**asdict(row), "met": row.is_met} for row in report.rows],
        "details": report.details,
    }
    (RESULTS / f"{report.name}.json").write_text(
        json.dumps(payload, indent=1, ensure_ascii=False) + "\n", "utf-8"
    )
    _draw(report)
    write_page(RESULTS)


def missed_since(name: str, moment: float) -> list[Row]:
    """The rows that miss their goal in the benchmark's result, if it has been written since then.

    Args:
        name: of the benchmark.
        moment: in seconds since 1970.
    """
    path = RESULTS / f"{name}.json"
    if not path.exists() or path.stat().st_mtime < moment:
        return []
    columns = [one.name for one in fields(Row)]
    rows = json.loads(path.read_text("utf-8"))["rows"]
    return Report(name, "", [Row(**{column: row[column] for column in columns}) for row in rows]).missed


def print_table(report: Report) -> None:
    print(f"\n{report.title}")
    width = max(len(row.measure) for row in report.rows)
    for row in report.rows:
        print(f"  {row.told(width)}")


def _draw(report: Report) -> None:
    """The figures as ratios to their goals, for those of different units have no other axis in common."""
    rows = [row for row in report.rows if row.goal]
    if not rows:
        return
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 0.9 + 0.45 * len(rows)))
    ratios = [row.value / (row.goal or 1.0) for row in rows]
    colours = ["#1b6e3c" if row.is_met else "#a82626" for row in rows]
    axes.barh([row.measure for row in rows], ratios, color=colours)
    axes.axvline(1.0, color="#13212a", linewidth=1)
    axes.invert_yaxis()
    axes.set_xlabel("ratio to the goal")
    axes.set_title(report.title)
    for index, row in enumerate(rows):
        axes.text(ratios[index], index, f" {row.value:.4g} {row.unit}", va="center", fontsize=8)
    figure.tight_layout()
    figure.savefig(RESULTS / f"{report.name}.svg", metadata={"Date": None})
    plt.close(figure)


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=RESULTS.parent, check=False)
    return done.stdout.strip() or "unknown"
