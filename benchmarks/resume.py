"""kill -9 of a fit at ten random moments: it goes on from its checkpoint and ends with the same weights."""

import hashlib
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Report, Row, conclude

SAMPLES = Path(__file__).parents[1] / "apps" / "support" / "samples" / "questions.csv"
KILLS = 10
SEED = 0


def main() -> None:
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        undisturbed = _finish(_start(Path(folder) / "calm"))
        length = time.perf_counter() - started
        rows, ends = [], []
        for number in range(KILLS):
            place = Path(folder) / f"killed-{number}"
            moment = chance.uniform(0.1, 0.95) * length
            process = _start(place)
            time.sleep(moment)
            was_running = process.poll() is None
            process.send_signal(signal.SIGKILL)
            process.wait()
            ends.append((_finish(_start(place)), was_running))
            print(
                f"killed after {moment:.1f} s of {length:.1f} s: same {ends[-1][0] == undisturbed}",
                flush=True,
            )
        same = sum(end == undisturbed for end, _ in ends)
        killed = sum(was_running for _, was_running in ends)
        rows = [
            Row("fits killed while they ran", killed, KILLS),
            Row("fits with the weights of the undisturbed one", same, KILLS),
            Row("seconds of the undisturbed fit", length, unit="s"),
        ]
    conclude(Report("resume", "Support samples, kill -9 at ten random moments", rows, {"end": undisturbed}))


def _start(place: Path) -> "subprocess.Popen[str]":
    place.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "modelcore", "fit", str(SAMPLES), "--method", "full", "--epochs", "3"]
    command += ["--out", str(place / "model"), "--work", str(place / "work")]
    # So that a short fit has some checkpoints to go on from.
    command += ["--checkpoint-seconds", "2"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _finish(process: "subprocess.Popen[str]") -> dict[str, object]:
    output, _ = process.communicate()
    if process.returncode:
        raise SystemExit("A fit failed; run the command by hand to see why.")
    result = json.loads(output.strip().splitlines()[-1])
    weights = Path(result["artifact"]) / "model.safetensors"
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    return {"accuracy": result["accuracy"], "macro_f1": result["macro_f1"], "weights": digest}


if __name__ == "__main__":
    main()
