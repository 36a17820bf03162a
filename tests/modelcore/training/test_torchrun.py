"""Two processes train one model."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from pathlib import Path

import torch
from modelcore.backbones import resolve
from modelcore.training.methods import Texts, gradient
from modelcore.training.progress import Watcher
from modelcore.training.self_distillation import OwnPredictions
from modelcore.training.session import Session
from tests.modelcore.training.samples import quick

recipe = quick(Path(sys.argv[1]), epochs=2, self_distillation=0.5)
session = Session(recipe, resolve(sys.argv[1]), Path(sys.argv[2]), Watcher())
texts = Texts([[2, 10 + n % 2, 20 + n, 3] for n in range(64)], [n % 2 for n in range(64)])
model = gradient.learn("main", texts, 2, session, None)

own = OwnPredictions([0, 1], 2, strength=0.5, smoothing=0.0, weights=None)
own(torch.zeros(1, 2), torch.tensor([torch.distributed.get_rank()]))
print("kept", own.predictions.tolist(), flush=True)
print("weights", torch.distributed.get_world_size(), float(model.head.weight.sum()), flush=True)
torch.distributed.destroy_process_group()
"""


def test_two_processes_end_with_one_model(tiny: Path, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]

    done = subprocess.run(
        [*torchrun, str(program), str(tiny), str(tmp_path)],
        env={"PYTHONPATH": ".", "OMP_NUM_THREADS": "1", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    kept = [line for line in done.stdout.splitlines() if line.startswith("kept ")]
    ends = [line for line in done.stdout.splitlines() if line.startswith("weights 2 ")]
    assert len(ends) == 2, done.stderr
    assert ends[0] == ends[1]
    assert kept == ["kept [[0.5, 0.5], [0.5, 0.5]]"] * 2
