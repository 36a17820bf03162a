"""Exports against fp32 torch on 1,000 random batches; what each smaller runtime costs on BANKING77."""

import tempfile
from pathlib import Path

from benchmarks.data.files import banking77
from benchmarks.fits.full import full_fit
from benchmarks.report import Report, Row, publish
from modelcore.compression import calibration_texts, compress
from modelcore.serving.runtimes import open_runtime
from modelcore.tasks import load_model
from modelcore.tasks.export import largest_differences

BATCHES = 1_000
REFERENCES = ("onnx-fp32", "openvino-fp32")


def main() -> None:
    train, test = banking77()
    with tempfile.TemporaryDirectory() as folder:
        fitted, packed = Path(folder) / "fitted", Path(folder) / "packed"
        full_fit(fitted)
        result = compress(
            fitted, evaluation=test, calibration=calibration_texts(train), out=packed, on_progress=print
        )
        model = load_model(packed)
        runtimes = {name: open_runtime(result.artifact, name, threads=2) for name in REFERENCES}
        found = largest_differences(model, runtimes, batches=BATCHES, seed=1)
        for runtime in runtimes.values():
            runtime.close()
    rows = [Row(f"{name}: largest difference of a logit", found[name], 1e-4, False) for name in REFERENCES]
    for one in result.candidates:
        # Of every one, admitted or not: what is admitted costs little by definition.
        goal = 0.3 if "int8" in one.name else None
        rows.append(Row(f"{one.name}: points lost", 100 * one.fidelity.accuracy_drop, goal, False))
        rows.append(Row(f"{one.name}: texts a second", one.speed.docs_per_second))
    details = {"chosen": result.chosen, "candidates": [one.to_json() for one in result.candidates]}
    publish(Report("export", "BANKING77, runtimes of one model", rows, details))


if __name__ == "__main__":
    main()
