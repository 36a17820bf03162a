"""Two processes train one model."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from modelcore.artifacts import open_artifact
from modelcore.serving import Predictor
from tests.modelcore.training.samples import topics

TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
# Two processes with a pool of threads each would get into each other's way.
ENVIRONMENT = {"PYTHONPATH": ".", "OMP_NUM_THREADS": "1", "PATH": ""}

PROGRAM = """
import json
import sys
from pathlib import Path

import torch
from modelcore.backbones import resolve
from modelcore.training.methods import Texts, gradient
from modelcore.training.processes import count, join, number
from modelcore.training.progress import Watcher
from modelcore.training.self_distillation import OwnPredictions
from modelcore.training.session import Session
from tests.modelcore.training.samples import quick

join()
recipe = quick(Path(sys.argv[1]), epochs=2, self_distillation=0.5)
session = Session(recipe, resolve(sys.argv[1]), Path(sys.argv[2]), Watcher())
texts = Texts([[2, 10 + n % 2, 20 + n, 3] for n in range(64)], [n % 2 for n in range(64)])
model = gradient.learn("main", texts, 2, session, None)

own = OwnPredictions([0, 1], 2, strength=0.5, smoothing=0.0, weights=None)
own(torch.zeros(1, 2), torch.tensor([number()]))
end = {"processes": count(), "weights": float(model.head.weight.sum()), "kept": own.predictions.tolist()}
Path(sys.argv[2], f"end-{number()}.json").write_text(json.dumps(end), encoding="utf-8")
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with train.csv and test.csv."""
    folder = tmp_path_factory.mktemp("files")
    for name, texts in (("train", topics(61, seed=1)), ("test", topics(30, seed=2))):
        with (folder / f"{name}.csv").open("w", encoding="utf-8") as file:
            csv.writer(file).writerows([("text", "label"), *zip(texts.texts, texts.labels, strict=True)])
    return folder


def fit_command(files: Path, tiny: Path, out: Path, *options: str) -> list[str]:
    data = [str(files / "train.csv"), "--eval", str(files / "test.csv")]
    return [*TORCHRUN, "-m", "modelcore", "fit", *data, "--backbone", str(tiny), "--out", str(out), *options]


def run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)


def test_two_processes_end_with_one_model(tiny: Path, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")

    done = run([*TORCHRUN, str(program), str(tiny), str(tmp_path)])

    ends = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(tmp_path.glob("end-*.json"))]
    assert len(ends) == 2, done.stderr
    assert ends[0] == ends[1]
    assert ends[0]["processes"] == 2
    assert ends[0]["kept"] == [[0.5, 0.5], [0.5, 0.5]]


@pytest.mark.parametrize("method", ["contrastive", "adalora"])
def test_a_fit_of_two_processes_speaks_with_one_voice(
    method: str, files: Path, tiny: Path, tmp_path: Path
) -> None:
    done = run(fit_command(files, tiny, tmp_path / "model", "--method", method, "--epochs", "1"))

    assert done.returncode == 0, done.stderr
    told = done.stderr.splitlines()
    assert told.count("evaluate · 30 texts are evaluated.") == 1
    assert "destroy_process_group" not in done.stderr
    assert json.loads(done.stdout)["digest"] == open_artifact(tmp_path / "model").digest
    predictor = Predictor.open(tmp_path / "model")
    assert predictor.predict(["lost card"])[0].label in {"card", "refund", "travel"}
    predictor.close()


def test_two_killed_processes_go_on(files: Path, tiny: Path, tmp_path: Path) -> None:
    options = ["--method", "full", "--epochs", "2", "--checkpoint-seconds", "0"]
    once, again = (
        fit_command(files, tiny, tmp_path / name, *options, "--work", str(tmp_path / f"{name} work"))
        for name in ("once", "again")
    )
    assert run(once).returncode == 0
    with subprocess.Popen(again, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True) as torchrun:
        assert torchrun.stderr is not None
        for line in torchrun.stderr:
            if line.startswith("train · 5/8"):
                kill_with_children(torchrun.pid)
                break
    done = run(again)

    # The twin went on from its checkpoint; only the model itself began at its first step.
    assert sum(line.startswith("train · 1/") for line in done.stderr.splitlines()) == 1
    weights = {open_artifact(tmp_path / n).manifest.files["model.safetensors"] for n in ("once", "again")}
    assert len(weights) == 1


def kill_with_children(process: int) -> None:
    children = Path(f"/proc/{process}/task/{process}/children").read_text("utf-8").split()
    for number in (process, *map(int, children)):
        os.kill(number, signal.SIGKILL)


def test_a_mistake_in_the_data_is_told_once(files: Path, tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    done = run(fit_command(files, tiny, tmp_path))

    assert done.returncode != 0
    assert done.stdout == ""
    assert done.stderr.count("holds other things") == 1
    assert "exitcode  : 2" in done.stderr
