"""A backbone that nobody trained, packed to embed texts as fast as this machine can."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelcore.artifacts import Artifact, write_artifact
from modelcore.backbones import Backbone, resolve
from modelcore.compression.compress import compress
from modelcore.compression.reference import scratch_folder
from modelcore.compression.selection import STANDARD, Limits
from modelcore.data import LabelledTexts, sample_per_label
from modelcore.serving.runtimes import TORCH
from modelcore.training.vocabulary import find_gap, grow_embeddings, with_pieces

if TYPE_CHECKING:
    from modelcore.tasks.embedding import Embedder

MAX_TOKENS = 128
ROWS = 500
SEED = 0
VARIANTS = ("openvino-bf16", "onnx-int8-dynamic")


def pack_backbone(
    out: Path,
    rows: LabelledTexts,
    *,
    backbone: str = "minilm",
    limits: Limits = STANDARD,
    target_ms: float | None = None,
    threads: int = 2,
) -> Artifact:
    """Write an embedding artifact of a backbone that nobody trained, with its fastest faithful runtime.

    Args:
        out: the directory of the artifact.
        rows: like what will be searched; about ROWS of them calibrate int8 and judge each runtime by whether
            the nearest text has the label. Where the backbone can't read some of them its vocabulary grows.
        backbone: what `backbones.resolve` takes.
        limits: how far from fp32 the chosen runtime may be.
        target_ms: for one text alone; see `choose`.
        threads: of one call.

    Raises:
        InputError: there is no such backbone.
        NotFaithful: the export computes something else.
    """
    found = resolve(backbone)
    labels = max(1, len(set(rows.labels)))
    sample = sample_per_label(rows, per_label=max(2, ROWS // labels), seed=0)
    with scratch_folder() as folder:
        plain = _write_plain(Path(folder) / "plain", found, rows)
        return compress(
            plain.path,
            evaluation=sample,
            calibration=sample.texts,
            out=out,
            limits=limits,
            target_ms=target_ms,
            variants=VARIANTS,
            threads=threads,
        ).artifact


def untrained(backbone: Backbone, texts: Sequence[str]) -> tuple[Embedder, bytes, int]:
    """A backbone as it came, but for word pieces that it lacks for texts.

    Added pieces are drawn, not learned: texts are near then that have the same ones.

    Args:
        backbone: a BERT with its tokenizer.
        texts: any number; see `find_gap`.

    Returns:
        What embeds, the content of its tokenizer.json and how many pieces were added.
    """
    from torch import manual_seed

    from modelcore.tasks.embedding import Embedder
    from modelcore.tasks.encoder import load_encoder

    encoder = load_encoder(backbone.path, max_tokens=MAX_TOKENS)
    tokenizer = (backbone.path / "tokenizer.json").read_bytes()
    missing = find_gap(texts, tokenizer).missing
    if missing:
        manual_seed(SEED)
        tokenizer = with_pieces(tokenizer, missing, first=encoder.config.vocab_size)
        grow_embeddings(encoder, len(missing))
    return Embedder(encoder), tokenizer, len(missing)


def _write_plain(out: Path, backbone: Backbone, rows: LabelledTexts) -> Artifact:
    from modelcore.tasks.weights import write_weights

    model, tokenizer, added = untrained(backbone, rows.texts)
    with scratch_folder() as folder:
        weights, config = write_weights(model, Path(folder))
        fields: dict[str, Any] = {
            "task": "embedding",
            "labels": [],
            "backbone": {"name": backbone.name, "digest": backbone.digest, "added_pieces": added},
            "dataset": {"digest": rows.digest, "rows": 0},
            "recipe": {"task": "embedding", "method": "none"},
            "seed": SEED,
            "metrics": {},
            "runtimes": {TORCH: {"file": "model.safetensors", "parity": None}},
            "default_runtime": TORCH,
            "max_tokens": MAX_TOKENS,
        }
        return write_artifact(
            out, fields, {"model.safetensors": weights, "config.json": config, "tokenizer.json": tokenizer}
        )
