"""The production settings in a process of their own, with the environment of a deployment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3]
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "apps.project.settings.production",
    "SECRET_KEY": "k9!" * 20 + "aBcDeF",
    "ALLOWED_HOSTS": "berth.example.com",
    "DATABASE_URL": "postgres://berth:secret@127.0.0.1:5432/berth",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
}


def check(tmp_path: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    return run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **changes)


def run(tmp_path: Path, *command: str, **changes: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        cwd=FOLDER,
        env={**inherited, "BERTH_VAR": str(tmp_path), **SETTINGS, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deployment_check_warns_of_nothing(tmp_path: Path) -> None:
    outcome = check(tmp_path)

    assert outcome.returncode == 0, outcome.stderr
    assert "no issues" in outcome.stdout


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"])
def test_what_is_missing_is_named_in_a_sentence(tmp_path: Path, name: str) -> None:
    outcome = check(tmp_path, **{name: ""})

    assert outcome.returncode != 0
    assert f"Set the environment variable {name}: " in outcome.stderr


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    assert "needs at least 50" in check(tmp_path, SECRET_KEY="short").stderr


def test_a_short_secret_of_identities_is_refused_where_the_flag_is_passed_on_empty(tmp_path: Path) -> None:
    outcome = check(tmp_path, SUPPORT_IDENTITY="", SUPPORT_IDENTITY_SECRET="short")

    assert "SUPPORT_IDENTITY_SECRET has 5 characters" in outcome.stderr


def test_what_an_earlier_key_signed_is_still_good(tmp_path: Path) -> None:
    signed = run(tmp_path, "-c", "from django.core import signing; print(signing.dumps(7))").stdout.strip()
    keys = {"SECRET_KEY": "n3w" * 20, "SECRET_KEY_FALLBACKS": f"older, {SETTINGS['SECRET_KEY']}"}

    read = f"from django.core import signing; print(signing.loads({signed!r}))"
    assert run(tmp_path, "-c", read, **keys).stdout.strip() == "7"
