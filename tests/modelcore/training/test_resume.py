"""A run that was interrupted anywhere ends where an undisturbed one does."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from modelcore.artifacts import open_artifact
from modelcore.data import LabelledTexts
from modelcore.errors import InputError
from modelcore.training import Cancelled, fit
from modelcore.training.checkpoints import last_complete, run_folder, same_threads
from modelcore.training.recipe import Recipe
from tests.modelcore.small_disk import run_on_a_small_disk
from tests.modelcore.training.samples import ideographs, quick, topics

VARIANTS: dict[str, dict[str, object]] = {
    "dropout": {"dropout": 0.2},
    "accumulation": {"accumulation": 2},
    "early stopping": {"patience": 2},
    "patience of one": {"patience": 1, "epochs": 8},
    "lora": {"method": "lora", "rank": 4},
    "adalora": {"method": "adalora", "rank": 4},
    "contrastive": {"method": "contrastive", "learning_rate": 1e-3},
}

PROGRAM = """
import sys
from pathlib import Path
from modelcore.training import fit
from tests.modelcore.training.samples import quick, topics
tiny, place = (Path(given) for given in sys.argv[1:3])
for name in sys.argv[3:]:
    fit(topics(60, seed=1), topics(30, seed=2), quick(tiny), out=place / name, work=place / f"{name} work",
        checkpoint_seconds=0, on_progress=lambda told: print(name, told.phase, told.step, flush=True))
"""

FILLED_MEANWHILE = """
import sys
from contextlib import suppress
from pathlib import Path
from modelcore.training import fit
from modelcore.training.checkpoints import CheckpointNotWritten
from tests.modelcore.training.samples import quick, topics
tiny, disk, out = (Path(given) for given in sys.argv[1:4])
filler, filled, steps = disk / "filler", [], []

def tell(told):
    if told.phase == "train":
        steps.append(told.step)
    if told.step == 6 and not filled:
        filled.append(filler)
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(bytes(2**16)):
                pass

def run():
    fit(topics(60, seed=1), topics(30, seed=2), quick(tiny), out=out, work=disk / "work",
        checkpoint_seconds=0, on_progress=tell)

try:
    run()
except CheckpointNotWritten as error:
    print(error)
filler.unlink()
steps.clear()
run()
print(steps[0])
"""


def weights_and_metrics(artifact: Path) -> tuple[str, object, object]:
    manifest = open_artifact(artifact).manifest
    training = manifest.metrics["training"]
    visited = training["curve"], training["examples"]
    return manifest.files["model.safetensors"], manifest.metrics["accuracy"], visited


def interrupted(
    recipe: Recipe, tmp_path: Path, *, asked: int, make: Callable[..., LabelledTexts] = topics
) -> tuple[str, object, object]:
    """Stop at the `asked`-th question whether to stop, then run it again."""
    questions = iter(range(10_000))
    work = tmp_path / "work"
    data = (make(60, seed=1), make(30, seed=2), recipe)
    with pytest.raises(Cancelled):
        fit(
            *data,
            out=tmp_path / "again",
            work=work,
            checkpoint_seconds=0,
            should_stop=lambda: next(questions) >= asked,
        )
    fit(*data, out=tmp_path / "again", work=work, checkpoint_seconds=0)
    return weights_and_metrics(tmp_path / "again")


@pytest.mark.parametrize("variant", VARIANTS)
def test_an_interrupted_run_ends_like_an_undisturbed_one(variant: str, tiny: Path, tmp_path: Path) -> None:
    recipe = quick(tiny, **VARIANTS[variant])
    fit(topics(60, seed=1), topics(30, seed=2), recipe, out=tmp_path / "once")

    assert interrupted(recipe, tmp_path, asked=14) == weights_and_metrics(tmp_path / "once")


@pytest.fixture(scope="module")
def undisturbed(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, object, object]:
    once = tmp_path_factory.mktemp("undisturbed") / "once"
    fit(topics(60, seed=1), topics(30, seed=2), quick(tiny), out=once)
    return weights_and_metrics(once)


@pytest.mark.parametrize("asked", [3, 14, 26, 35])
def test_the_moment_of_the_interruption_does_not_matter(
    asked: int, undisturbed: tuple[str, object, object], tiny: Path, tmp_path: Path
) -> None:
    assert interrupted(quick(tiny), tmp_path, asked=asked) == undisturbed


@pytest.mark.parametrize("method", ["full", "lora"])
def test_added_word_pieces_come_back(method: str, tiny: Path, tmp_path: Path) -> None:
    recipe = quick(tiny, method=method, rank=4)
    fit(ideographs(60, seed=1), ideographs(30, seed=2), recipe, out=tmp_path / "once")

    assert interrupted(recipe, tmp_path, asked=14, make=ideographs) == weights_and_metrics(tmp_path / "once")


def test_a_killed_process_goes_on(tiny: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tiny), str(tmp_path), "again", "once"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line == "again rehearse 9\n":
                os.kill(process.pid, signal.SIGKILL)
    seen = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout

    # The twin went on from its checkpoint; only the model itself began at its first step.
    assert seen.splitlines().count("again train 16") == 1
    assert weights_and_metrics(tmp_path / "again") == weights_and_metrics(tmp_path / "once")


def test_another_seed_does_not_take_the_checkpoints(tiny: Path, tmp_path: Path) -> None:
    for seed in (0, 1):
        recipe = quick(tiny, seed=seed, epochs=1)
        fit(topics(60, seed=1), topics(30, seed=2), recipe, out=tmp_path / str(seed), work=tmp_path / "work")

    assert len(list((tmp_path / "work").iterdir())) == 2


def test_a_half_written_checkpoint_is_removed(tmp_path: Path) -> None:
    for step in (5, 10):
        (tmp_path / f"checkpoint-{step}").mkdir()
    (tmp_path / "checkpoint-5" / "complete").touch()

    assert last_complete(tmp_path) == tmp_path / "checkpoint-5"
    assert not (tmp_path / "checkpoint-10").exists()


def test_a_folder_that_cannot_be_made_for_checkpoints_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "work").write_text("a file")

    with pytest.raises(InputError, match=r'No checkpoint can be kept in "[^"]*work"'):
        run_folder(tmp_path / "work", {"recipe": "full"})


def test_a_fit_goes_on_with_the_threads_that_it_began_with(tmp_path: Path) -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        with same_threads(tmp_path):
            pass
        torch.set_num_threads(2)
        with same_threads(tmp_path):
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_a_disk_that_fills_up_is_told_and_costs_no_checkpoint(
    tiny: Path, undisturbed: tuple[str, object, object], tmp_path: Path
) -> None:
    disk, out = tmp_path / "disk", tmp_path / "model"
    disk.mkdir()
    said = run_on_a_small_disk(disk, FILLED_MEANWHILE, str(tiny), str(disk), str(out), mebibytes=16)

    sentence, step = said.splitlines()
    assert sentence.startswith("The disk is full: a checkpoint in")
    assert int(step) > 3
    assert weights_and_metrics(out) == undisturbed
