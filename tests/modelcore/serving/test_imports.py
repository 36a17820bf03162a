"""A process that serves never pays for the libraries that train."""

import subprocess
import sys

import pytest

from modelcore.artifacts import Artifact

SERVE = """
import sys
from modelcore.serving import DynamicBatcher, Predictor
import modelcore.artifacts, modelcore.compression
assert not {{"torch", "transformers", "openvino", "onnxruntime"}} & set(sys.modules)
predictor = Predictor.open({path!r}, runtime={runtime!r})
batcher = DynamicBatcher(predictor.predict, cost=lambda text: 8)
assert batcher.submit("where is my card?").result().label in predictor.labels
batcher.close()
print(sorted({{"torch", "transformers"}} & set(sys.modules)))
"""


@pytest.mark.parametrize("runtime", ["auto", "openvino-fp32", "onnx-fp32"])
def test_serving_imports_neither_torch_nor_transformers(classifier: Artifact, runtime: str) -> None:
    script = SERVE.format(path=str(classifier.path), runtime=runtime)
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
