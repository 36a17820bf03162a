"""The speed of every runtime of an artifact, and how much of the machine the best one uses."""

import statistics
import time
from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from modelcore.artifacts import Artifact, ArtifactIncompatible, open_artifact
from modelcore.serving.predictor import Predictor
from modelcore.serving.speed import Speed, measure_speed

WIDTH = 1024
QUESTIONS = (
    "Where is my card?",
    "I still have not received the refund for the order that I sent back last week.",
    "How do I change the address on my account?",
    "The payment was taken twice, can you please look into it and give one of them back?",
    "Is there a fee for topping up with a card from another country?",
    "Profit rose by a fifth in the third quarter while sales in Asia fell short of expectations.",
    "我的退款什么时候到账?",
    "Thanks, that helped a lot!",
)


def bench(
    artifact: Path, *, texts: Sequence[str] | None = None, threads: int = 2, rounds: int = 5
) -> dict[str, Any]:
    """Measure every runtime here.

    Args:
        artifact: its directory.
        texts: of the lengths that will be served; a mix of short questions when None.
        threads: of one call.
        rounds: turns of every runtime.
    Returns:
        {"runtimes": {name: {"batch1_ms", "docs_per_second"}}, "gemm_share"}, where gemm_share is the
        part of the measured peak of matrix products here that the fastest runtime's real tokens take.
    Raises:
        ArtifactError: as `open_artifact`.
    """
    opened = open_artifact(artifact)
    sample = tuple(texts or QUESTIONS)
    predictors = _predictors(opened, threads)
    try:
        speeds = measure_speed(predictors, sample, rounds=rounds)
        counts = next(iter(predictors.values())).token_counts(sample)
    finally:
        for predictor in predictors.values():
            predictor.close()
    return {
        "runtimes": {name: speed.to_json() for name, speed in speeds.items()},
        "gemm_share": round(gemm_share(opened.path, speeds, counts, threads=threads), 4),
    }


def gemm_share(path: Path, speeds: dict[str, Speed], token_counts: Sequence[int], *, threads: int) -> float:
    """Share of the measured peak of float matrix products, in [0, 1], that the fastest runtime achieves.

    Args:
        path: the artifact's directory.
        speeds: by runtime.
        token_counts: of the texts that they were measured on.
        threads: of one call.
    """
    fastest = max(speed.docs_per_second for speed in speeds.values())
    flops = statistics.fmean(flops_of_text(path, count) for count in token_counts)
    return fastest * flops / peak_flops(threads=threads)


def flops_of_text(path: Path, tokens: int) -> float:
    """Floating-point operations of the matrix products for one text.

    Source: 2 a weight and token for the linear layers, 4 x tokens x width a token and layer for attention
        (Kaplan et al., Scaling Laws for Neural Language Models, 2020, section 2.1).
    """
    from safetensors import safe_open

    from modelcore.tasks.encoder import read_config

    with safe_open(path / "model.safetensors", "np") as file:
        shapes = {name: file.get_slice(name).get_shape() for name in file.offset_keys()}
    config: Any = read_config(path)  # architectures have other words for width and layers
    weights = sum(
        prod(shape)
        for name, shape in shapes.items()
        if len(shape) == 2 and name.startswith("encoder.") and "embed" not in name
    )
    attention = 4 * tokens * config.hidden_size * config.num_hidden_layers
    return float(tokens * (2 * weights + attention))


def peak_flops(*, threads: int) -> float:
    """The most operations a second of a square matrix product here, in fp32 or bf16, by measurement."""
    import openvino

    values = np.random.default_rng(0).standard_normal((WIDTH, WIDTH), dtype=np.float32)
    ops = openvino.opset13
    given = ops.parameter([WIDTH, WIDTH], np.float32)
    product = openvino.Model([ops.matmul(given, ops.constant(values), False, True)], [given], "peak")
    best = 0.0
    for precision in ("f32", "bf16"):
        settings = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": threads}
        request = openvino.Core().compile_model(product, "CPU", settings).create_infer_request()
        seconds = []
        for _ in range(12):
            begun_at = time.perf_counter()
            request.infer([values])
            seconds.append(time.perf_counter() - begun_at)
        best = max(best, 2 * WIDTH**3 / min(seconds))
    return best


def _predictors(artifact: Artifact, threads: int) -> dict[str, Predictor]:
    found = {}
    for name, entry in artifact.manifest.runtimes.items():
        if not entry.get("file"):
            continue
        try:
            found[name] = Predictor.open(artifact, runtime=name, threads=threads)
        except ArtifactIncompatible:
            # A bf16 runtime on a processor without bf16 has no speed to tell.
            continue
    return found
