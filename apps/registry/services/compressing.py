"""Compression as a family wants it served."""

from collections.abc import Sequence
from pathlib import Path

from apps.registry.families import Family
from modelcore import compression
from modelcore.compression.compress import CompressionResult, Say
from modelcore.compression.quantise import VARIANTS
from modelcore.data import Rows


def compress_for(  # noqa: PLR0913  # what differs between runs, by name
    family: Family,
    fitted: Path,
    *,
    train: Rows,
    evaluation: Rows,
    out: Path,
    variants: Sequence[str] = tuple(VARIANTS),
    seed: int = 0,
    on_progress: Say = lambda _: None,
) -> CompressionResult:
    """See `compression.compress`.

    Args:
        train: calibrates; those that the artifact was trained on.
        evaluation: judges; none of the others.
        seed: of the draw of texts that calibrate.
    """
    return compression.compress(
        fitted,
        evaluation=evaluation,
        calibration=compression.calibration_texts(train, seed=seed),
        out=out,
        variants=variants,
        # What the gate will ask for, so that the choice is one that can pass it.
        limits=family.gate.limits,
        target_ms=family.alone_ms,
        threads=family.threads,
        on_progress=on_progress,
    )
