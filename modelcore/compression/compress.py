"""From a trained artifact to one that serves as fast as this machine can without being worse."""

import os
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelcore.artifacts import Artifact, check_place, derive_artifact, open_artifact
from modelcore.compression.fidelity import Answers, Fidelity, answer, compare
from modelcore.compression.quantise import CALIBRATION_TEXTS, VARIANTS, quantise
from modelcore.compression.reference import OPENVINO, export_fp32, runtime_files, scratch_folder
from modelcore.compression.selection import STANDARD, Candidate, Limits, choose
from modelcore.data import Rows
from modelcore.errors import InputError
from modelcore.sentence import Sentence
from modelcore.serving import Predictor
from modelcore.serving.runtimes import TORCH, load_runtime
from modelcore.serving.speed import measure_speed

Say = Callable[[Sentence], None]


@dataclass(frozen=True)
class CompressionResult:
    """What was measured and chosen.

    `speedup` is texts a second of the chosen runtime over OpenVINO in fp32, `drop` the accuracy that it costs
    against fp32 torch, in [-1, 1].
    """

    candidates: tuple[Candidate, ...]
    chosen: str
    speedup: float
    drop: float
    artifact: Artifact

    def to_json(self) -> dict[str, Any]:
        return {
            "candidates": [candidate.to_json() for candidate in self.candidates],
            "chosen": self.chosen,
            "speedup": round(self.speedup, 3),
            "drop": round(self.drop, 6),
            "artifact": str(self.artifact.path),
            "digest": self.artifact.digest,
        }


def compress(  # noqa: PLR0913  # every limit is the caller's to set, by name
    artifact_path: Path,
    *,
    evaluation: Rows,
    calibration: Sequence[str],
    out: Path,
    limits: Limits = STANDARD,
    target_ms: float | None = None,
    variants: Sequence[str] = tuple(VARIANTS),
    threads: int = 2,
    on_progress: Say = lambda _: None,
) -> CompressionResult:
    """Quantise an artifact, measure every variant on this machine and choose what serves.

    Args:
        artifact_path: a trained artifact.
        evaluation: labelled rows that judge, in the shape of its task; never those it was trained on.
        calibration: texts like those to be served, for the ranges of activations; see `calibration_texts`.
        out: the directory of the new artifact.
        limits: how far from fp32 the chosen runtime may be.
        target_ms: for one text alone; None weighs latency and throughput alike.
        variants: which to try, out of VARIANTS.
        threads: of one call.
        on_progress: told a sentence at every step.
    Returns:
        All candidates, the choice and the artifact, whose manifest holds the same figures.
    Raises:
        InputError: nothing to calibrate with, an unknown variant, or rows of another task.
        ArtifactError: the artifact can't be read, or the new one not written.
        NotFaithful: the export computes something else.
    """
    _check(calibration, variants)
    source = open_artifact(artifact_path)
    check_place(out)
    with scratch_folder() as folder:
        on_progress(Sentence("Exporting to ONNX and OpenVINO."))
        references = export_fp32(source, Path(folder))
        predictors = {TORCH: Predictor.open(source, runtime=TORCH, threads=threads)}
        tokens = predictors[TORCH].tokenise(calibration)
        runnable = _runnable(variants)
        on_progress(Sentence("Quantising: {variants}.", variants=", ".join(runnable)))
        files = {**references, **quantise(runnable, references, tokens, Path(folder))}
        for name, file in files.items():
            runtime = load_runtime(file, name, threads=threads)
            predictors[name] = Predictor(source, runtime, runtime_name=name)
        candidates = _measure(predictors, evaluation, files, limits, threads, on_progress)
        chosen = choose(candidates, target_ms=target_ms)
        on_progress(Sentence("{name} serves; writing the artifact.", name=chosen.name))
        written = _write(source, out, candidates, chosen, files)
        for predictor in predictors.values():
            predictor.close()
    reference = next(one for one in candidates if one.name == OPENVINO)
    speedup = chosen.speed.docs_per_second / reference.speed.docs_per_second
    return CompressionResult(candidates, chosen.name, speedup, chosen.fidelity.accuracy_drop, written)


def calibration_texts(rows: Rows, *, seed: int = 0) -> list[str]:
    """As many texts as calibration needs, from all of the rows: files are often sorted by label.

    Args:
        rows: texts like those to be served, n of them; of pairs the anchors are taken.
        seed: of the draw.

    Returns:
        min(n, CALIBRATION_TEXTS) texts.
    """
    drawn = random.Random(seed)  # noqa: S311 -- no secret
    return drawn.sample(rows.texts, min(CALIBRATION_TEXTS, len(rows.texts)))


def _check(calibration: Sequence[str], variants: Sequence[str]) -> None:
    if not calibration:
        raise InputError("There is no text to calibrate with: give a few hundred like those to be served.")
    unknown = [name for name in variants if name not in VARIANTS]
    if unknown:
        raise InputError(
            "Unknown variants {unknown}: choose from {variants}.",
            unknown=", ".join(unknown),
            variants=", ".join(VARIANTS),
        )


def _runnable(variants: Sequence[str]) -> list[str]:
    from modelcore.serving.openvino_runtime import has_bf16

    return [name for name in variants if name != "openvino-bf16" or has_bf16()]


def _measure(
    predictors: Mapping[str, Predictor],
    rows: Rows,
    files: Mapping[str, Path],
    limits: Limits,
    threads: int,
    on_progress: Say,
) -> tuple[Candidate, ...]:
    found: dict[str, tuple[float, Fidelity]] = {}
    reference: Answers | None = None
    for name, answers in _answers(predictors, rows, threads):
        reference = reference or answers  # torch is the first
        fidelity = compare(answers, reference)
        found[name] = (answers.accuracy, fidelity)
        on_progress(
            Sentence(
                "{name}: accuracy {accuracy:.4f}, costs {drop:.2f} points, same answer on {agreement:.2f} %.",
                name=name,
                accuracy=answers.accuracy,
                drop=100 * fidelity.accuracy_drop,
                agreement=100 * fidelity.label_agreement,
            )
        )
    on_progress(Sentence("Timing all of them in turns."))
    speeds = measure_speed(predictors, rows.texts)
    return tuple(
        Candidate(
            name,
            _size(files[name])
            if name in files
            else _size(predictors[TORCH].artifact.path / "model.safetensors"),
            accuracy,
            fidelity,
            speeds[name],
            limits.admit(name, fidelity),
        )
        for name, (accuracy, fidelity) in found.items()
    )


def _answers(predictors: Mapping[str, Predictor], rows: Rows, threads: int) -> Iterator[tuple[str, Answers]]:
    """What each says to the rows, in order; nothing is timed here, so every core answers."""
    with ThreadPoolExecutor(max(1, len(os.sched_getaffinity(0)) // threads)) as pool:
        found = pool.map(lambda predictor: answer(predictor, rows), predictors.values())
        yield from zip(predictors, found, strict=True)


def _write(
    source: Artifact,
    out: Path,
    candidates: Sequence[Candidate],
    chosen: Candidate,
    files: Mapping[str, Path],
) -> Artifact:
    """Keep the files of what may serve; of the rest the figures only, so that people see what was tried."""
    packed: dict[str, Path] = {}
    runtimes = {}
    for one in candidates:
        inside = "model.safetensors" if one.name == TORCH else None
        if one.name in files and one.admitted:
            holder = VARIANTS.get(one.name, one.name)
            placed = runtime_files(holder, files[one.name])
            packed |= placed
            inside = next(iter(placed))
        runtimes[one.name] = {
            "file": inside,
            "accuracy": one.accuracy,
            "parity": one.fidelity.to_json(),
            "speed": one.speed.to_json(),
            "size_bytes": one.size_bytes,
        }
    changes = {"runtimes": runtimes, "default_runtime": chosen.name}
    return derive_artifact(source, out, changes=changes, files=packed)


def _size(file: Path) -> int:
    weights = file.with_suffix(".bin") if file.suffix == ".xml" else file
    return weights.stat().st_size
