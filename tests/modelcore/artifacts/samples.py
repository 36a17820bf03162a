"""A small artifact of every kind of file; its weights are never loaded."""

from pathlib import Path
from typing import Any

from modelcore.artifacts import Artifact, write_artifact

SAFETENSORS = (2).to_bytes(8, "little") + b"{}"
FILES: dict[str, Path | bytes] = {
    "model.safetensors": SAFETENSORS,
    "config.json": b'{"hidden_size": 8}',
    "tokenizer.json": b'{"model": {}}',
    "runtimes/openvino-fp32/model.xml": b"<net/>",
    "runtimes/openvino-fp32/model.bin": bytes(range(64)),
    "runtimes/onnx-fp32/model.onnx": b"\x08\x07graph",
    "evaluations/test.json": b'{"accuracy": 0.9}',
}
FIELDS: dict[str, Any] = {
    "task": "classification",
    "labels": ["refund", "delivery"],
    "backbone": {"name": "tiny", "digest": "ab" * 32},
    "dataset": {"digest": "cd" * 32, "rows": 12},
    "recipe": {"method": "full", "epochs": 3},
    "seed": 7,
    "metrics": {"accuracy": 0.9},
    "runtimes": {
        "openvino-fp32": {"file": "runtimes/openvino-fp32/model.xml", "parity": None},
        "onnx-fp32": {"file": "runtimes/onnx-fp32/model.onnx", "parity": None},
    },
    "default_runtime": "openvino-fp32",
    "max_tokens": 64,
}


def write_sample(out: Path, *, files: dict[str, Path | bytes] | None = None, **fields: Any) -> Artifact:
    return write_artifact(out, {**FIELDS, **fields}, {**FILES, **(files or {})})
