"""A disk of a megabyte or a few, which only the program that is run on it sees."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def run_on_a_small_disk(disk: Path, script: str, *arguments: str, mebibytes: int = 1) -> str:
    """What the script printed; the test is skipped where nobody may mount a disk."""
    unshare = shutil.which("unshare")
    mount = f'mount -t tmpfs -o size={mebibytes}m none "{disk}"'
    if unshare is None or subprocess.run([unshare, "-rm", "sh", "-c", mount], check=False).returncode:
        pytest.skip("this system lets nobody mount a small disk")
    command = [unshare, "-rm", "sh", "-c", f'{mount} && exec "$@"', "sh", sys.executable, "-c", script]
    run = subprocess.run([*command, *arguments], check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout
