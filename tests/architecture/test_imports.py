"""What a process pays for: heavy libraries come in with the work that needs them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2]
HEAVY = (
    "torch",
    "transformers",
    "peft",
    "openvino",
    "nncf",
    "onnxruntime",
    "sklearn",
)


def loaded_by(statement: str) -> set[str]:
    """The heavy libraries that are loaded after `statement` in a process of its own."""
    code = f"import sys\n{statement}\nprint(*[name for name in {HEAVY!r} if sys.modules.get(name)])"
    outcome = subprocess.run(
        [sys.executable, "-c", code],
        cwd=FOLDER,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "apps.project.settings.test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr
    return set(outcome.stdout.splitlines()[-1].split())


def test_the_web_process_starts_without_model_libraries() -> None:
    assert (
        loaded_by(
            "import apps.project.asgi; from django.urls import get_resolver; get_resolver().url_patterns"
        )
        == set()
    )


def test_the_short_worker_starts_without_model_libraries() -> None:
    start = "import django; django.setup(); app.loader.import_default_modules()"

    assert loaded_by(f"from apps.project.celery import app; {start}") == set()


@pytest.mark.parametrize(
    "module",
    [
        "modelcore.artifacts",
        "modelcore.serving",
        "modelcore.data",
        "modelcore.evaluation",
        "modelcore.training.recipe",
    ],
)
def test_the_light_rooms_of_modelcore_are_light(module: str) -> None:
    assert "torch" not in loaded_by(f"import {module}")


def test_a_mistake_in_a_fit_is_told_without_model_libraries(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    told = f"""
from pathlib import Path
from modelcore.data import LabelledTexts
from modelcore.errors import InputError
from modelcore.training import Recipe, fit
rows = LabelledTexts(("lost card", "money back"), ("card", "refund"))
try:
    fit(rows, rows, Recipe(), out=Path({str(tmp_path)!r}))
except InputError as mistake:
    assert "holds other things" in str(mistake)
else:
    raise AssertionError"""

    assert loaded_by(told) == set()


def test_imports_keep_their_contracts() -> None:
    outcome = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=FOLDER,
        env={**os.environ, "PYTHONPATH": str(FOLDER)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert outcome.returncode == 0, outcome.stdout
