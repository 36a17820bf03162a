"""What `make` does before Python takes over, with a Python that only says that it was there."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2]
# Makes the folder, and fails at it as Debian does without python3-venv unless there is a file `whole`.
PYTHON = """#!/bin/bash
if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp python "$3/bin/python"; test -e whole || exit 1; fi
if [ "$2" = apps.project.demo ]; then printenv DEMO_PASSWORD; fi
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for name in ("Makefile", "requirements.txt", "constraints.txt"):
        shutil.copy(FOLDER / name, tmp_path)
    (tmp_path / "python").write_text(PYTHON)
    (tmp_path / "python").chmod(0o755)
    return tmp_path


def make_demo(clone: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--silent", "demo", "PYTHON=./python", *arguments],
        cwd=clone,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_virtual_environment_that_could_not_be_made_is_made_again(clone: Path) -> None:
    assert make_demo(clone).returncode != 0
    assert not (clone / ".venv/bin/python").exists()
    (clone / "whole").touch()

    assert make_demo(clone).returncode == 0


def test_a_password_reaches_the_demo_as_it_was_written(clone: Path) -> None:
    (clone / "whole").touch()
    password = "it's $HOME, $$ and #1"

    assert make_demo(clone, f"DEMO_PASSWORD={password}").stdout == f"{password}\n"
    assert make_demo(clone, DEMO_PASSWORD=password).stdout == f"{password}\n"
