"""Real artifacts on the real runtime, made without torch in a tenth of a second.

The model counts words: each token has a row of scores, a text has the mean of its tokens' rows. So the right
answers are known.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import openvino
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save

from modelcore.artifacts import Artifact, write_artifact
from modelcore.tasks.transitions import TRANSITIONS_FILE, Transitions
from tests.word_pieces import word_pieces

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
WORDS = ("card", "lost", "refund", "late", "money", "where", "is", "my", "hello")
STRENGTH = 8.0
MAX_TOKENS = 32


def write_classifier(out: Path, labels: Sequence[str]) -> Artifact:
    """The first words of WORDS each vote for one label; version is told by the labels given."""
    table = np.zeros((len(SPECIAL) + len(WORDS), len(labels)), dtype=np.float32)
    for index in range(len(labels)):
        table[len(SPECIAL) + index, index] = STRENGTH
    return _write(out, table, task="classification", labels=labels)


def write_tagger(out: Path, word: int) -> Artifact:
    """Takes the word of WORDS at that place for a person's name."""
    tags = ("O", "B-PERSON", "I-PERSON")
    table = np.zeros((len(SPECIAL) + len(WORDS), len(tags)), dtype=np.float32)
    table[:, 0] = STRENGTH
    table[len(SPECIAL) + word] = (0.0, STRENGTH, 0.0)
    transitions = Transitions.count([[0, 1, 0]], tags=tags).to_json()
    return _write(out, table, task="tagging", labels=tags, beside={TRANSITIONS_FILE: transitions})


def write_embedder(out: Path) -> Artifact:
    table = np.random.default_rng(3).normal(size=(len(SPECIAL) + len(WORDS), 16)).astype(np.float32)
    return _write(out, table, task="embedding", labels=())


def _write(
    out: Path,
    table: np.ndarray,
    *,
    task: str,
    labels: Sequence[str],
    beside: Mapping[str, bytes] | None = None,
) -> Artifact:
    parts = out.with_name(f"{out.name}-parts")
    parts.mkdir(parents=True)
    graph = _rows(table) if task == "tagging" else _mean_of_rows(table, unit=task == "embedding")
    onnx.save(graph, parts / "model.onnx")
    network = openvino.convert_model(parts / "model.onnx")
    openvino.save_model(network, parts / "model.xml", compress_to_fp16=False)
    files: dict[str, Path | bytes] = {
        "tokenizer.json": word_pieces((*SPECIAL, *WORDS)).to_str().encode(),
        "config.json": b"{}",
        "model.safetensors": save({"table": table}),
        "runtimes/openvino-fp32/model.xml": parts / "model.xml",
        "runtimes/openvino-fp32/model.bin": parts / "model.bin",
        **(beside or {}),
    }
    fields = {
        "task": task,
        "labels": list(labels),
        "backbone": {"name": "counting", "digest": "0" * 64},
        "dataset": {"digest": "0" * 64, "rows": 0},
        "recipe": {},
        "seed": 0,
        "metrics": {},
        "runtimes": {"openvino-fp32": {"file": "runtimes/openvino-fp32/model.xml"}},
        "default_runtime": "openvino-fp32",
        "max_tokens": MAX_TOKENS,
    }
    return write_artifact(out, fields, files)


def _rows(table: np.ndarray) -> onnx.ModelProto:
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"], axis=0),
        # The mask is an input of every model; here nothing hangs on it.
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["column"]),
        helper.make_node("Mul", ["rows", "column"], ["logits"]),
    ]
    constants = [numpy_helper.from_array(table, "table"), numpy_helper.from_array(np.array([2]), "last")]
    inputs = [
        helper.make_tensor_value_info(given, TensorProto.INT64, ["n", "t"])
        for given in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", "t", table.shape[1]])
    graph = helper.make_graph(nodes, "marking", inputs, [output], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])


def _mean_of_rows(table: np.ndarray, *, unit: bool) -> onnx.ModelProto:
    name = "embedding" if unit else "logits"
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"], axis=0),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["column"]),
        helper.make_node("Mul", ["rows", "column"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "tokens"], ["sum"], keepdims=0),
        helper.make_node("ReduceSum", ["mask", "tokens"], ["count"], keepdims=1),
        helper.make_node("Div", ["sum", "count"], ["mean" if unit else name]),
    ]
    if unit:
        nodes.append(helper.make_node("LpNormalization", ["mean"], [name], axis=1, p=2))
    constants = [
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(np.array([2]), "last"),
        numpy_helper.from_array(np.array([1]), "tokens"),
    ]
    inputs = [
        helper.make_tensor_value_info(given, TensorProto.INT64, ["n", "t"])
        for given in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", table.shape[1]])
    graph = helper.make_graph(nodes, "counting", inputs, [output], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
