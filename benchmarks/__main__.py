"""python -m benchmarks [NAME …]: run them one after the other, each in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

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
    threads = str(os.cpu_count() or 1)
    environment = {**os.environ, "OMP_NUM_THREADS": threads, "TOKENIZERS_PARALLELISM": "false"}
    failed = []
    for name in wanted:
        command = [sys.executable, "-m", f"benchmarks.{name}"]
        if subprocess.run(command, env=environment, cwd=Path(__file__).parents[1], check=False).returncode:
            failed.append(name)
    if failed:
        sys.exit(f"These did not end well: {', '.join(failed)}.")


if __name__ == "__main__":
    main()
