"""The bench measures every runtime and how much of the machine it uses."""

from modelcore.artifacts import Artifact
from modelcore.serving.bench import bench, flops_of_text
from tests.modelcore.serving.samples import RUNTIMES


def test_every_runtime_is_timed(classifier: Artifact) -> None:
    found = bench(classifier.path, rounds=1)
    assert set(found["runtimes"]) <= set(RUNTIMES)
    assert {"torch", "openvino-fp32", "onnx-fp32"} <= set(found["runtimes"])
    for speed in found["runtimes"].values():
        assert speed["batch1_ms"] > 0 < speed["docs_per_second"]
    assert 0 < found["gemm_share"] < 1


def test_operations_are_counted_as_by_hand(classifier: Artifact) -> None:
    # A layer of width 32 with a feed-forward of 64: four square matrices, two of 32 x 64; two such layers.
    weights = 2 * (4 * 32 * 32 + 2 * 32 * 64)
    assert flops_of_text(classifier.path, 10) == 10 * (2 * weights + 4 * 10 * 32 * 2)
