"""One fp32 model to int8 and bf16, each by the library that serves it."""

import contextlib
import logging
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from modelcore.compression.reference import ONNX, OPENVINO
from modelcore.serving.tokenise import Tokens, pad

Inputs = dict[str, npt.NDArray[np.int64]]

# Weight-only, dynamic and static int8 and bf16. Name to the variant whose file it shares; bf16 and OpenVINO's
# dynamic int8 are settings over a file of another. Static int8 is OpenVINO's: ONNX Runtime's, with ranges of
# whole tensors, cost MiniLM 2 points of BANKING77 where each of these cost less than 0.2.
VARIANTS = {
    "openvino-bf16": OPENVINO,
    "openvino-int8": "openvino-int8",
    "openvino-int8-weights": "openvino-int8-weights",
    "openvino-int8-dynamic": "openvino-int8-weights",
    "onnx-int8-dynamic": "onnx-int8-dynamic",
}
CALIBRATION_TEXTS = 200
CALIBRATION_BATCH = 16


def quantise(
    variants: Sequence[str], references: Mapping[str, Path], calibration: Sequence[Tokens], folder: Path
) -> dict[str, Path]:
    """Make the files of variants.

    Args:
        variants: names out of VARIANTS.
        references: the fp32 files by runtime.
        calibration: tokens of texts like those to be served; CALIBRATION_TEXTS of them are enough.
        folder: where the files go.
    Returns:
        Variant to file.
    """
    made: dict[str, Path] = {OPENVINO: references[OPENVINO]}
    inputs = list(_inputs(calibration[:CALIBRATION_TEXTS]))
    for name in variants:
        source = VARIANTS[name]
        if source not in made:
            with _quiet():
                made[source] = _make(source, references, inputs, folder / source)
        made[name] = made[source]
    return {name: made[name] for name in variants}


def _make(name: str, references: Mapping[str, Path], inputs: Sequence[Inputs], folder: Path) -> Path:
    folder.mkdir(parents=True)
    if name == "openvino-int8":
        return _openvino_static(references[ONNX], inputs, folder / "model.xml")
    if name == "openvino-int8-weights":
        return _openvino_weights(references[ONNX], folder / "model.xml")
    return _onnx_dynamic(references[ONNX], folder / "model.onnx")


def _openvino_static(onnx: Path, inputs: Sequence[Inputs], file: Path) -> Path:
    """Weights and activations in int8, ranges from calibration, with SmoothQuant and bias correction.

    Source: NNCF post-training quantisation for transformers; Xiao et al., SmoothQuant, 2023.
    """
    import nncf
    import openvino

    model = nncf.quantize(
        openvino.convert_model(onnx),
        nncf.Dataset(list(inputs)),
        subset_size=len(inputs),
        model_type=nncf.ModelType.TRANSFORMER,
        # fp32 ranges of activations are not symmetric after GELU; signed ones would waste half of the steps.
        preset=nncf.QuantizationPreset.MIXED,
    )
    openvino.save_model(model, file, compress_to_fp16=False)
    return file


def _openvino_weights(onnx: Path, file: Path) -> Path:
    import nncf
    import openvino

    model = nncf.compress_weights(openvino.convert_model(onnx), mode=nncf.CompressWeightsMode.INT8_SYM)
    openvino.save_model(model, file, compress_to_fp16=False)
    return file


def _onnx_dynamic(onnx: Path, file: Path) -> Path:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # One scale a column: one for a whole matrix changes up to a third of the answers of a small encoder.
    quantize_dynamic(onnx, file, per_channel=True, weight_type=QuantType.QInt8)
    return file


def _inputs(calibration: Sequence[Tokens]) -> Iterator[Inputs]:
    """Batches of texts of one length: padding would widen ranges that no answer depends on."""
    by_length: dict[int, list[Tokens]] = defaultdict(list)
    for tokens in calibration:
        by_length[len(tokens.ids)].append(tokens)
    for group in by_length.values():
        for start in range(0, len(group), CALIBRATION_BATCH):
            batch = pad(group[start : start + CALIBRATION_BATCH], positions=())
            yield {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask}


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The libraries' own bars and notes stay out of stdout, whose last line is for machines."""
    root, nncf_log = logging.getLogger(), logging.getLogger("nncf")
    levels: Any = (root.level, nncf_log.level)
    root.setLevel(logging.ERROR)
    nncf_log.setLevel(logging.ERROR)
    try:
        with contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        root.setLevel(levels[0])
        nncf_log.setLevel(levels[1])
