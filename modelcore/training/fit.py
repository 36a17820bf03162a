"""The one way from labelled text to an artifact; torch is loaded when a fit begins."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelcore.artifacts import check_place, open_artifact
from modelcore.backbones import Backbone, resolve
from modelcore.data import LabelledTexts, Rows, SpanTexts, TextPairs, normalise
from modelcore.errors import InputError
from modelcore.training import processes
from modelcore.training.checkpoints import kept_folder, same_threads
from modelcore.training.choice import plan_fit
from modelcore.training.progress import FitResult, Progress, Watcher
from modelcore.training.recipe import Recipe
from modelcore.training.vocabulary import Gap, find_gap

if TYPE_CHECKING:
    from modelcore.training.outcome import Outcome
    from modelcore.training.session import Session

SHAPES: dict[str, tuple[type, ...]] = {
    "classification": (LabelledTexts,),
    "tagging": (SpanTexts,),
    "embedding": (TextPairs, LabelledTexts),
}
CHECKPOINT_SECONDS = 20.0
# Of the texts: with fewer that it can't read a backbone needs no other method.
MOST = 0.5


def fit(  # noqa: PLR0913 - the contract of every caller: data, recipe, places and callbacks
    train: Rows,
    evaluation: Rows,
    recipe: Recipe,
    *,
    out: Path,
    start: Path | None = None,
    work: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> FitResult:
    """Train as the recipe says, evaluate, calibrate and write the artifact.

    Under torchrun the processes train one model together, each called alike: they share the texts of a step,
    and the first of them alone keeps checkpoints, tells of progress and writes the artifact.

    Args:
        train: what it learns from.
        evaluation: what the reported figures are measured on; nothing is tuned on it.
        recipe: what is left None is decided by the data's size.
        start: the artifact that the recipe's `start` names; None where it names none.
        out: becomes the artifact's folder.
        work: keeps checkpoints; a fit of the same recipe and data goes on from the last one, to the same
            weights as an undisturbed one on the same machine. None keeps none.
        on_progress: called with each Progress.
        should_stop: asked at each step.
        checkpoint_seconds: at least so long between two checkpoints, and so long that writing them takes a
            twentieth of the time at most; 0 writes one at every log.
    Returns:
        The artifact's place, digest and metrics, and the speed of training.
    Raises:
        InputError: data or recipe cannot be trained with; the sentence says what to change.
        ArtifactNotWritten: nothing can be written at `out`; told before anything is trained.
        Cancelled: `should_stop` said so.
        CheckpointNotWritten: the disk of `work` is full; run again, it goes on from the checkpoint before.
    """
    for part, data in (("training", train), ("evaluation", evaluation)):
        _check_shape(part, data, recipe.task)
    check_place(out)
    backbone = _of_artifact(start, recipe.start) if start is not None else resolve(recipe.backbone)
    # Not sooner: they bring torch and transformers, which take seconds, and a mistake is told without them.
    from modelcore.training.package import write_outcome
    from modelcore.training.session import Session

    processes.join()
    watcher = Watcher(on_progress, should_stop)
    gap = find_gap(train.texts, (backbone.path / "tokenizer.json").read_bytes())
    if gap.is_notable:
        _tell(gap, backbone, watcher)
    learns_to_read = bool(gap.missing) and gap.share >= MOST
    plan = plan_fit(
        recipe,
        rows=len(train.rows),
        labels=_label_count(train),
        copies=len(train.texts) - len(set(map(normalise, train.texts))),
        learns_to_read=learns_to_read,
    )
    watcher.say("prepare", "Method {method}. {reason}", method=plan.recipe.method, reason=plan.reason)
    if unread := dataclasses.replace(recipe, method=plan.recipe.method).without_effect():
        watcher.say(
            "prepare",
            "The method {method} takes no steps and does not read: {settings}.",
            method=plan.recipe.method,
            settings=", ".join(unread),
        )
    identity: dict[str, object] = {
        "recipe": plan.recipe.to_json(),
        "backbone": backbone.digest,
        "train": train.digest,
        "evaluation": evaluation.digest,
        # Left out where there are none, so that checkpoints of before there could be any go on.
        **({"added": gap.missing} if gap.missing else {}),
    }
    with kept_folder(work, identity) as folder, same_threads(folder):
        seconds_apart = checkpoint_seconds if work else None
        session = Session(plan.recipe, backbone, folder, watcher, seconds_apart, gap.missing)
        outcome = _fit_task(recipe.task)(train, evaluation, session)
        watcher.say("package", "Writing the artifact.")
        artifact = processes.once(
            lambda: write_outcome(
                out,
                outcome,
                session,
                plan=plan,
                dataset={"digest": train.digest, "rows": len(train.rows)},
                evaluation={"digest": evaluation.digest, "rows": len(evaluation.rows)},
            )
        )
    examples, seconds = sum(r.examples for r in session.runs), sum(r.seconds for r in session.runs)
    timed_examples = sum(r.timed_examples for r in session.runs)
    metrics = dict(artifact.manifest.metrics)
    return FitResult(
        artifact.path, artifact.digest, metrics, examples, seconds, timed_examples / max(seconds, 1e-9)
    )


def _tell(gap: Gap, backbone: Backbone, watcher: Watcher) -> None:
    if gap.missing:
        watcher.say(
            "prepare",
            "The backbone {name} can't read {share:.0%} of these texts. It gets {count} word pieces for "
            "their characters; a backbone that has learned their language does better.",
            name=backbone.name,
            share=gap.share,
            count=len(gap.missing),
        )
    else:
        watcher.say(
            "prepare",
            "The backbone {name} can't read {share:.0%} of these texts and sees nothing there: choose a "
            "backbone that has learned their language.",
            name=backbone.name,
            share=gap.share,
        )


def _of_artifact(path: Path, digest: str) -> Backbone:
    manifest = open_artifact(path, digest=digest).manifest
    return Backbone(f"artifact {digest[:12]}", path, manifest.files["model.safetensors"])


def _check_shape(part: str, data: Rows, task: str) -> None:
    if not isinstance(data, SHAPES[task]):
        wanted = " or ".join(shape.__name__ for shape in SHAPES[task])
        raise InputError(
            "The {part} data are {kind}, but {task} needs {wanted}.",
            part=part,
            kind=type(data).__name__,
            task=task,
            wanted=wanted,
        )
    if not data.rows:
        raise InputError("The {part} data are empty: give at least one row.", part=part)


def _label_count(train: Rows) -> int:
    return len(set(train.labels)) if isinstance(train, LabelledTexts) else 0


def _fit_task(task: str) -> Callable[[Any, Any, Session], Outcome]:
    if task == "classification":
        from modelcore.training.classification import fit_classification

        return fit_classification
    if task == "tagging":
        from modelcore.training.tagging import fit_tagging

        return fit_tagging
    from modelcore.training.embedding import fit_embedding

    return fit_embedding
