"""python -m benchmarks [NAME …]: run them one after the other, each in a process of its own.

The exit status is 1 when a goal was missed or a benchmark did not end well; the others run all the same.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.report import Row, missed_since

NAMES = (
    "banking77",
    "few_shot",
    "phrasebank",
    "abstention",
    "resolution_stream",
    "parameter_efficient",
    "tagging",
    "masking",
    "names",
    "teaching",
    "pretraining",
    "export",
    "resume",
    "worker_kills",
    "bot_speed",
    "chaos",
    "ownership",
    "sockets",
    "visitor_fuzz",
)


def main() -> None:
    wanted = sys.argv[1:] or NAMES
    unknown = sorted(set(wanted) - set(NAMES))
    if unknown:
        sys.exit(f"There is no benchmark {', '.join(unknown)}; choose from {', '.join(NAMES)}.")
    missed: dict[str, list[Row]] = {}
    failed = []
    for name in wanted:
        began = time.time()
        status = run(name)
        missed[name] = missed_since(name, began)
        if status and not missed[name]:
            failed.append(name)
    if any(missed.values()):
        print("\nGoals that were missed")
    for name, rows in missed.items():
        for row in rows:
            print(f"  {name}: {row.told()}")
    if failed:
        print(f"\nThese did not end well: {', '.join(failed)}.")
    sys.exit(bool(failed or any(missed.values())))


def run(name: str) -> int:
    """The exit status of one benchmark, with all cores for its threads."""
    threads = str(os.cpu_count() or 1)
    environment = {**os.environ, "OMP_NUM_THREADS": threads, "TOKENIZERS_PARALLELISM": "false"}
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    return subprocess.run(command, env=environment, cwd=Path(__file__).parents[1], check=False).returncode


if __name__ == "__main__":
    main()
