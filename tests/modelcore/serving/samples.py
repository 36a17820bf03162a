"""Tiny models as artifacts with every fp32 runtime: what serving and compression are tested on."""

from pathlib import Path
from typing import Any

import pytest
import torch

from modelcore.artifacts import Artifact, write_artifact
from modelcore.serving.openvino_runtime import has_bf16
from modelcore.tasks.bio import bio_tags
from modelcore.tasks.encoder import load_encoder
from modelcore.tasks.export import export_onnx, export_openvino
from modelcore.tasks.transitions import TRANSITIONS_FILE, Transitions
from modelcore.tasks.weights import new_model, write_weights
from tests.modelcore.tiny import make_tiny_backbone

LABELS = {"classification": ("card", "parcel", "refund"), "tagging": bio_tags(("CITY",)), "embedding": ()}
RUNTIMES = {
    "torch": "model.safetensors",
    "onnx-fp32": "runtimes/onnx-fp32/model.onnx",
    "openvino-fp32": "runtimes/openvino-fp32/model.xml",
    "openvino-bf16": "runtimes/openvino-fp32/model.xml",
}
_NEEDS_BF16 = pytest.mark.skipif(not has_bf16(), reason="this processor has no bf16, so no runtime uses it")
EACH_RUNTIME = [
    pytest.param(name, marks=_NEEDS_BF16) if name == "openvino-bf16" else pytest.param(name)
    for name in RUNTIMES
]
TEXTS = (
    "where is my card?",
    "the parcel is late",
    "refund my money please, the order was not delivered to my address in london",
    "卡 退款",
    "",
    "thanks",
)


def make_model(task: str, backbone: Path) -> Any:
    torch.manual_seed(5)
    model: Any = new_model(task, load_encoder(backbone), labels=len(LABELS[task]))
    if task != "embedding":
        # A head as it comes from its initialisation answers every text alike.
        torch.nn.init.normal_(model.head.weight, std=1.0)
    return model.eval()


def write_trained(out: Path, task: str, *, work: Path) -> Artifact:
    """An artifact as training leaves it: weights, tokenizer, and torch to run them."""
    backbone = make_tiny_backbone(work / "backbone")
    weights, config = write_weights(make_model(task, backbone), work)
    fields = {
        "task": task,
        "labels": LABELS[task],
        "backbone": {"name": "tiny", "digest": "ab" * 32},
        "dataset": {"digest": "cd" * 32, "rows": 12},
        "recipe": {"method": "full"},
        "seed": 5,
        "metrics": {},
        "calibration": {"temperature": 1.5},
        "runtimes": {"torch": {"file": RUNTIMES["torch"], "parity": None}},
        "default_runtime": "torch",
        "max_tokens": 32,
    }
    files: dict[str, Path | bytes] = {path.name: path for path in (weights, config)}
    if task == "tagging":
        files[TRANSITIONS_FILE] = Transitions.count([], tags=LABELS[task]).to_json()
    return write_artifact(out, fields, {**files, "tokenizer.json": backbone / "tokenizer.json"})


def write_served(out: Path, task: str, *, work: Path) -> Artifact:
    """The same with its exports, served by OpenVINO."""
    from modelcore.artifacts import derive_artifact
    from modelcore.tasks import load_model

    trained = write_trained(work / "trained", task, work=work)
    onnx = export_onnx(load_model(trained.path), work / "model.onnx")
    ir = export_openvino(onnx, work / "ir" / "model.xml")
    files = {
        RUNTIMES["onnx-fp32"]: onnx,
        RUNTIMES["openvino-fp32"]: ir,
        "runtimes/openvino-fp32/model.bin": ir.with_suffix(".bin"),
    }
    runtimes = {name: {"file": file, "parity": None} for name, file in RUNTIMES.items()}
    changes = {"runtimes": runtimes, "default_runtime": "openvino-fp32"}
    return derive_artifact(trained, out, changes=changes, files=files)
