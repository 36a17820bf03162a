from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from transformers import TrainerControl, TrainerState

from modelcore.training import trainer
from modelcore.training.progress import Watcher
from modelcore.training.trainer import Part, Reporter

STEPS = 1000


class Run:
    """Steps of a second each, whose checkpoints take their time."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, *, checkpoint_seconds: float) -> None:
        self.now = 0.0
        monkeypatch.setattr(trainer, "time", SimpleNamespace(monotonic=lambda: self.now))
        self.arguments: Any = SimpleNamespace(output_dir=folder, logging_steps=1)
        self.reporter = Reporter(Watcher(), Part(), checkpoint_seconds=checkpoint_seconds)

    def saved_after(self, *, saving: float) -> list[int]:
        """The steps after which a checkpoint was written, each in so many seconds."""
        saved, control = [], TrainerControl()
        for step in range(1, STEPS):
            state = TrainerState(global_step=step, max_steps=STEPS)
            self.now += 1
            self.reporter.on_step_end(self.arguments, state, control)
            if control.should_save:
                control.should_save = False
                self.now += saving
                (Path(self.arguments.output_dir) / f"checkpoint-{step}").mkdir()
                self.reporter.on_save(self.arguments, state, control)
                saved.append(step)
        return saved


def test_small_checkpoints_come_as_often_as_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(tmp_path, monkeypatch, checkpoint_seconds=5)

    assert run.saved_after(saving=0.1)[:3] == [5, 10, 15]


def test_large_checkpoints_take_a_twentieth_of_the_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(tmp_path, monkeypatch, checkpoint_seconds=5)

    saved = run.saved_after(saving=2)

    assert len(saved) * 2 == pytest.approx(0.05 * run.now, rel=0.1)


def test_zero_seconds_write_one_at_every_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(tmp_path, monkeypatch, checkpoint_seconds=0)

    assert run.saved_after(saving=2) == list(range(1, STEPS))
