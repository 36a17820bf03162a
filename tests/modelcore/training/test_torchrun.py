"""Two processes train one model."""

import json
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import json
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
end = {
    "processes": torch.distributed.get_world_size(),
    "weights": float(model.head.weight.sum()),
    "kept": own.predictions.tolist(),
}
Path(sys.argv[2], f"end-{torch.distributed.get_rank()}.json").write_text(json.dumps(end), encoding="utf-8")
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

    ends = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(tmp_path.glob("end-*.json"))]
    assert len(ends) == 2, done.stderr
    assert ends[0] == ends[1]
    assert ends[0]["processes"] == 2
    assert ends[0]["kept"] == [[0.5, 0.5], [0.5, 0.5]]
