"""What `python -m benchmarks` says of benchmarks that meet, miss and break."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import __main__ as runner
from benchmarks import report
from benchmarks.report import Report, Row, publish

MET, MISSED = Row("recall", 0.9, 0.8), Row("macro F1", 0.7, 0.8)
Run = Callable[..., tuple[object, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The runner with benchmarks that take no time: by name the row that each publishes, or None to break."""
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    machine = {"cores": 2, "instructions": ["avx2"], "at": "2026-01-01T00:00:00+00:00", "commit": "abc"}
    monkeypatch.setattr(report, "machine", lambda: machine)

    def run(**rows: Row | None) -> tuple[object, str]:
        def measure(name: str) -> int:
            row = rows[name]
            if row is not None:
                publish(Report(name, f"Title of {name}", [row]))
            return int(row is None)

        monkeypatch.setattr(runner, "run", measure)
        monkeypatch.setattr("sys.argv", ["benchmarks", *rows])
        with pytest.raises(SystemExit) as ended:
            runner.main()
        return ended.value.code, capsys.readouterr().out

    return run


def test_all_is_well_where_every_goal_is_met(run: Run) -> None:
    status, said = run(names=MET, export=MET)

    assert not status
    assert "missed" not in said.casefold()


def test_a_missed_goal_is_summed_up_after_the_others_have_run(run: Run) -> None:
    status, said = run(tagging=MISSED, names=MET)

    assert status == 1
    _tables, summary = said.split("Goals that were missed")
    assert "tagging: macro F1" in summary
    assert "names" not in summary


def test_a_benchmark_that_breaks_is_not_judged_by_an_older_result(run: Run) -> None:
    run(tagging=MISSED)

    status, said = run(tagging=None, names=MET)

    assert status == 1
    assert "did not end well: tagging" in said
    assert "Title of names" in said
    assert "macro F1" not in said


def test_every_module_of_the_folder_is_a_benchmark_or_how_they_report() -> None:
    modules = {path.stem for path in Path(runner.__file__).parent.glob("*.py")}

    assert modules == {*runner.NAMES, "__init__", "__main__", "report", "page"}


def test_every_benchmark_can_be_started() -> None:
    """Django is set up by none before it runs."""
    named = "\n".join(f"import benchmarks.{name}" for name in runner.NAMES)
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}

    started = subprocess.run(
        [sys.executable, "-c", named], env=environment, capture_output=True, text=True, check=False
    )

    assert started.returncode == 0, started.stderr
