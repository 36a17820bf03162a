"""An exported model computes what the module in torch does."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from modelcore.serving.runtimes import load_runtime
from modelcore.tasks.export import export_onnx, export_openvino, largest_differences
from tests.modelcore.serving.samples import make_model
from tests.modelcore.tiny import make_tiny_backbone


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_backbone(tmp_path_factory.mktemp("tiny"))


@pytest.mark.parametrize("task", ["classification", "tagging", "embedding"])
def test_exports_agree_with_torch_on_random_batches(backbone: Path, tmp_path: Path, task: str) -> None:
    model = make_model(task, backbone)
    onnx = export_onnx(model, tmp_path / "model.onnx")
    ir = export_openvino(onnx, tmp_path / "model.xml")
    files = {"onnx-fp32": onnx, "openvino-fp32": ir}
    runtimes = {name: load_runtime(file, name, threads=1) for name, file in files.items()}
    found = largest_differences(model, runtimes, batches=100, seed=1)
    assert max(found.values()) <= 1e-4
    assert set(found) == set(files)


def test_a_model_in_training_is_exported_without_its_dropout(backbone: Path, tmp_path: Path) -> None:
    model = make_model("classification", backbone)
    model.train()
    onnx = export_onnx(model, tmp_path / "model.onnx")
    assert model.training
    runtime = load_runtime(onnx, "onnx-fp32", threads=1)
    assert largest_differences(model, {"it": runtime}, batches=20, seed=2)["it"] <= 1e-4


def test_parity_sees_which_runtime_has_a_changed_weight(backbone: Path, tmp_path: Path) -> None:
    model = make_model("classification", backbone)
    before = load_runtime(export_onnx(model, tmp_path / "before.onnx"), "onnx-fp32", threads=1)
    with torch.no_grad():
        model.head.bias[0] += 0.5
    after = load_runtime(export_onnx(model, tmp_path / "after.onnx"), "onnx-fp32", threads=1)
    found = largest_differences(model, {"before": before, "after": after}, batches=3, seed=0)
    assert found["before"] == pytest.approx(0.5, abs=1e-3)
    assert found["after"] <= 1e-4


def test_padding_changes_nothing(backbone: Path, tmp_path: Path) -> None:
    model = make_model("classification", backbone)
    runtime: Any = load_runtime(export_onnx(model, tmp_path / "model.onnx"), "onnx-fp32", threads=1)
    ids = np.array([[2, 9, 14, 3]])
    padded = np.pad(ids, ((0, 0), (0, 20)), constant_values=7)
    mask = np.pad(np.ones_like(ids), ((0, 0), (0, 20)))
    np.testing.assert_allclose(runtime.run(padded, mask), runtime.run(ids, np.ones_like(ids)), atol=1e-5)


@pytest.mark.quality
def test_minilm_agrees_on_random_batches(tmp_path: Path) -> None:
    from modelcore.backbones import resolve
    from modelcore.tasks.embedding import Embedder
    from modelcore.tasks.encoder import load_encoder

    model = Embedder(load_encoder(resolve("minilm").path)).eval()
    ir = export_openvino(export_onnx(model, tmp_path / "model.onnx"), tmp_path / "model.xml")
    runtime = load_runtime(ir, "openvino-fp32", threads=2)
    assert largest_differences(model, {"it": runtime}, batches=30, seed=3)["it"] <= 1e-4
