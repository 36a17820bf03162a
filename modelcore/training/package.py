"""A fit's outcome as an artifact."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from modelcore.artifacts import Artifact, write_artifact
from modelcore.training.choice import Plan
from modelcore.training.outcome import Outcome
from modelcore.training.session import Session


def write_outcome(
    out: Path,
    outcome: Outcome,
    session: Session,
    *,
    plan: Plan,
    dataset: dict[str, Any],
    evaluation: dict[str, Any],
) -> Artifact:
    """Write the artifact of a fit.

    Args:
        out: the folder to make.
        outcome: what the task's fit gave.
        session: with the runs of training.
        plan: the complete recipe, and why.
        dataset: digest and rows of the training data.
        evaluation: digest and rows of what the metrics were measured on.
    """
    from modelcore.tasks.weights import write_weights

    main = session.runs[-1]
    training = {
        "reason": plan.reason,
        "parameters_trained": main.parameters,
        "parameters": sum(value.numel() for value in outcome.model.parameters()),
        "examples": sum(run.examples for run in session.runs),
        "seconds": round(sum(run.seconds for run in session.runs), 3),
        "curve": main.curve,
    }
    fields = {
        "task": session.recipe.task,
        "labels": outcome.labels,
        "backbone": {
            "name": session.backbone.name,
            "digest": session.backbone.digest,
            "added_pieces": len(session.added),
        },
        "dataset": dataset,
        "recipe": session.recipe.in_effect(),
        "seed": session.recipe.seed,
        "metrics": {**outcome.metrics, "evaluated_on": evaluation, "training": training},
        "calibration": {"temperature": outcome.temperature},
        "runtimes": {"torch": {"file": "model.safetensors", "parity": None}},
        "default_runtime": "torch",
        "max_tokens": session.recipe.max_tokens,
    }
    with tempfile.TemporaryDirectory(prefix="berth-fit-") as folder:
        weights, config = write_weights(outcome.model, Path(folder))
        files: dict[str, Path | bytes] = {
            "model.safetensors": weights,
            "config.json": config,
            "tokenizer.json": session.tokenizer_json,
        }
        return write_artifact(out, fields, {**files, **outcome.files})
