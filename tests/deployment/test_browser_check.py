"""The gate without a browser fails, unless its command says that it may go without."""

import subprocess
from pathlib import Path

from tests.deployment.composefile import ROOT


def check_browser(empty: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """On a machine with no program but bash, so that nothing is found or installed."""
    return subprocess.run(
        ["/bin/bash", str(ROOT / ".ci/browser"), "no-python"],
        env={"PATH": str(empty), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_browser_the_gate_fails(tmp_path: Path) -> None:
    outcome = check_browser(tmp_path)

    assert outcome.returncode == 1
    assert "Install the package chromium" in outcome.stderr


def test_without_a_browser_the_gate_passes_where_its_command_says_so(tmp_path: Path) -> None:
    outcome = check_browser(tmp_path, BERTH_NO_BROWSER="1")

    assert outcome.returncode == 0
    assert "journeys are skipped" in outcome.stdout
