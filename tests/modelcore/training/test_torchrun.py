"""Two processes train one model."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from modelcore.artifacts import open_artifact
from modelcore.serving import Predictor
from tests.modelcore.training.samples import topics

# One process of pytest holds them all, so that one pair of processes is started for them.
pytestmark = pytest.mark.xdist_group("torchrun")
ONE_VOICE = ("contrastive", "adalora")
TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
# Two processes with a pool of threads each would get into each other's way.
ENVIRONMENT = {"PYTHONPATH": ".", "OMP_NUM_THREADS": "1", "PATH": ""}

MARK = "=== fit "
PROGRAM = """
import json
import os
import runpy
import sys
from pathlib import Path

import torch
from modelcore.backbones import resolve
from modelcore.training.methods import Texts, gradient
from modelcore.training.processes import count, number
from modelcore.training.progress import Watcher
from modelcore.training.self_distillation import OwnPredictions
from modelcore.training.session import Session
from tests.modelcore.training.samples import quick

backbone, place, mark, commands = *map(Path, sys.argv[1:3]), sys.argv[3], json.loads(sys.argv[4])
for name, command in commands.items():
    if os.environ["RANK"] == "0":
        print(mark + name, file=sys.stderr, flush=True)
    sys.argv = ["modelcore", *command]
    try:
        runpy.run_module("modelcore", run_name="__main__")
    except SystemExit as end:
        if end.code:
            raise

session = Session(quick(backbone, epochs=2, self_distillation=0.5), resolve(str(backbone)), place, Watcher())
texts = Texts([[2, 10 + n % 2, 20 + n, 3] for n in range(64)], [n % 2 for n in range(64)])
model = gradient.learn("main", texts, 2, session, None)

own = OwnPredictions([0, 1], 2, strength=0.5, smoothing=0.0, weights=None)
own(torch.zeros(1, 2), torch.tensor([number()]))
end = {"processes": count(), "weights": float(model.head.weight.sum()), "kept": own.predictions.tolist()}
Path(place, f"end-{number()}.json").write_text(json.dumps(end), encoding="utf-8")
"""


@dataclass(frozen=True)
class Session:
    """What two processes, which torchrun started once, said to several fits, and where these are."""

    stdout: str
    stderr: str
    place: Path

    def told(self, name: str) -> list[str]:
        """On stderr, from the beginning of a fit to that of the next."""
        return self.stderr.partition(f"{MARK}{name}\n")[2].partition(MARK)[0].splitlines()

    def results(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stdout.splitlines()]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with train.csv and test.csv."""
    folder = tmp_path_factory.mktemp("files")
    for name, texts in (("train", topics(61, seed=1)), ("test", topics(30, seed=2))):
        with (folder / f"{name}.csv").open("w", encoding="utf-8") as file:
            csv.writer(file).writerows([("text", "label"), *zip(texts.texts, texts.labels, strict=True)])
    return folder


@pytest.fixture(scope="module")
def session(files: Path, tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Two processes are killed in a fit; the next two go on with it, and make others after it."""
    place = tmp_path_factory.mktemp("session")
    kept = ["--method", "full", "--epochs", "2", "--checkpoint-seconds", "0"]
    options = {
        "again": [*kept, "--work", str(place / "again work")],
        "once": [*kept, "--work", str(place / "once work")],
        **{method: ["--method", method, "--epochs", "1"] for method in ONE_VOICE},
    }
    commands = {name: fit_command(files, tiny, place / name, *given) for name, given in options.items()}
    kill_in_training(commands["again"])
    (place / "program.py").write_text(PROGRAM, encoding="utf-8")
    given = [str(place / "program.py"), str(tiny), str(place), MARK, json.dumps(commands)]
    done = run([*TORCHRUN, *given])
    assert done.returncode == 0, done.stderr
    return Session(done.stdout, done.stderr, place)


def fit_command(files: Path, tiny: Path, out: Path, *options: str) -> list[str]:
    data = [str(files / "train.csv"), "--eval", str(files / "test.csv")]
    return ["fit", *data, "--backbone", str(tiny), "--out", str(out), *options]


def run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)


def kill_in_training(command: Sequence[str]) -> None:
    started = [*TORCHRUN, "-m", "modelcore", *command]
    with subprocess.Popen(started, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True) as torchrun:
        assert torchrun.stderr is not None
        for line in torchrun.stderr:
            if line.startswith("rehearse · 5/"):
                kill_with_children(torchrun.pid)
                break


def kill_with_children(process: int) -> None:
    children = Path(f"/proc/{process}/task/{process}/children").read_text("utf-8").split()
    for number in (process, *map(int, children)):
        os.kill(number, signal.SIGKILL)


def test_two_processes_end_with_one_model(session: Session) -> None:
    ends = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(session.place.glob("end-*.json"))]

    assert len(ends) == 2
    assert ends[0] == ends[1]
    assert ends[0]["processes"] == 2
    assert ends[0]["kept"] == [[0.5, 0.5], [0.5, 0.5]]


@pytest.mark.parametrize("method", ONE_VOICE)
def test_a_fit_of_two_processes_speaks_with_one_voice(method: str, session: Session) -> None:
    assert session.told(method).count("evaluate · 30 texts are evaluated.") == 1
    assert "destroy_process_group" not in session.stderr
    artifact = session.place / method
    (result,) = [one for one in session.results() if one["artifact"] == str(artifact)]
    assert result["digest"] == open_artifact(artifact).digest
    predictor = Predictor.open(artifact)
    assert predictor.predict(["lost card"])[0].label in {"card", "refund", "travel"}
    predictor.close()


def test_two_killed_processes_go_on(session: Session) -> None:
    # The twin went on from its checkpoint.
    begun = {n: sum(line.startswith("rehearse · 1/") for line in session.told(n)) for n in ("once", "again")}
    assert begun == {"once": 1, "again": 0}
    once, again = (open_artifact(session.place / name).manifest for name in ("once", "again"))
    assert once.files["model.safetensors"] == again.files["model.safetensors"]
    assert once.calibration == again.calibration  # which the twin tells


def test_a_mistake_is_told_once(files: Path, tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    done = run([*TORCHRUN, "-m", "modelcore", *fit_command(files, tiny, tmp_path)])

    assert done.returncode != 0
    assert done.stdout == ""
    assert done.stderr.count("holds other things") == 1
    assert "exitcode  : 2" in done.stderr
