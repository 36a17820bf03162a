"""Start a container's program, with a page of its metrics beside it where METRICS_PORT is set."""

import os
import subprocess
import sys
from pathlib import Path


def main() -> None:
    # The metrics library wants the folder before the program is imported.
    Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)
    if os.environ.get("TMPDIR"):  # Python passes over one that isn't there
        Path(os.environ["TMPDIR"]).mkdir(parents=True, exist_ok=True)
    if os.environ.get("METRICS_PORT"):
        exporter = Path(__file__).with_name("exporter.py")
        subprocess.Popen([sys.executable, str(exporter), os.environ["METRICS_PORT"]])  # noqa: S603 -- our own file
    # The program takes this process over, so that it gets the container's signals itself.
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 -- what the container was told to run


if __name__ == "__main__":
    main()
