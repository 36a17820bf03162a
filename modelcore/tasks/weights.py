"""A task's module to plain files and back: safetensors and one configuration, nothing that runs code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file
from torch import nn
from transformers import AutoConfig, PreTrainedConfig

from modelcore.errors import InputError
from modelcore.tasks.adapters import attach, attached
from modelcore.tasks.classification import Classifier
from modelcore.tasks.embedding import Embedder
from modelcore.tasks.encoder import build_encoder
from modelcore.tasks.tagging import Tagger

TaskModel = Classifier | Tagger | Embedder
CONFIG_KEY = "berth"
WEIGHTS_FILE, CONFIG_FILE = "model.safetensors", "config.json"


def is_artifact_config(config: PreTrainedConfig) -> bool:
    return isinstance(getattr(config, CONFIG_KEY, None), dict)


def write_weights(model: TaskModel, folder: Path) -> tuple[Path, Path]:
    """Write a task's module as `model.safetensors` (fp32) and `config.json`.

    Args:
        model: with PEFT layers merged; bottlenecks and prefixes stay as parts of their own.
        folder: an existing folder.
    Returns:
        The two paths, weights first.
    """
    encoder: Any = model.encoder
    config = encoder.config.to_dict()
    config.pop("_attn_implementation", None)
    config.pop(CONFIG_KEY, None)
    state = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    labels = int(state["head.bias"].shape[0]) if "head.bias" in state else 0
    config[CONFIG_KEY] = {"task": model.task, "labels": labels, "adapters": attached(encoder)}
    save_file(state, folder / WEIGHTS_FILE, metadata={"format": "pt"})
    text = json.dumps(config, indent=2, sort_keys=True)
    (folder / CONFIG_FILE).write_text(text + "\n", encoding="utf-8")
    return folder / WEIGHTS_FILE, folder / CONFIG_FILE


def read_weights(folder: Path, *, task: str | None = None) -> TaskModel:
    """Build the module that `write_weights` wrote, in eval mode.

    Args:
        folder: holds the two files.
        task: refuse anything else when given.
    Raises:
        InputError: the folder holds no model of ours, or one of another task.
    """
    if not (folder / CONFIG_FILE).is_file() or not (folder / WEIGHTS_FILE).is_file():
        raise InputError(
            'The folder "{folder}" lacks {config} or {weights}: give a model artifact.',
            folder=folder,
            config=CONFIG_FILE,
            weights=WEIGHTS_FILE,
        )
    config = AutoConfig.from_pretrained(folder)
    if not is_artifact_config(config):
        raise InputError('The folder "{folder}" holds a plain encoder, not a model artifact.', folder=folder)
    ours = getattr(config, CONFIG_KEY)
    if task is not None and ours["task"] != task:
        raise InputError(
            'The model in "{folder}" is for {found}, not for {wanted}.',
            folder=folder,
            found=ours["task"],
            wanted=task,
        )
    encoder = build_encoder(config)
    attach(encoder, ours["adapters"])
    model = new_model(ours["task"], encoder, labels=ours["labels"])
    model.load_state_dict(load_file(folder / WEIGHTS_FILE), strict=True)
    model.eval()
    return model


def new_model(task: str, encoder: nn.Module, *, labels: int) -> TaskModel:
    """A task's module over this encoder; `labels` counts the head's outputs (0 for an embedding)."""
    if task == Embedder.task:
        return Embedder(encoder)
    return Tagger(encoder, labels) if task == Tagger.task else Classifier(encoder, labels)
