"""python -m modelcore: progress on stderr, the last line of stdout is one JSON object."""

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from modelcore.errors import InputError, ModelcoreError, UnknownEncodingError

if TYPE_CHECKING:
    from modelcore.training import Progress

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
BATCH = 256  # texts that are answered at once


class Task(StrEnum):
    classification = "classification"
    tagging = "tagging"
    embedding = "embedding"


class Method(StrEnum):
    auto = "auto"
    full = "full"
    head = "head"
    contrastive = "contrastive"
    lora = "lora"
    adalora = "adalora"
    prefix = "prefix"
    adapter = "adapter"


TextColumn = Annotated[str, typer.Option(help="the column that holds the text")]
LabelColumn = Annotated[
    str,
    typer.Option(help="the column that holds the label; pairs to embed have their other text in `positive`"),
]
Encoding = Annotated[
    str | None, typer.Option(help="what the texts are in, such as utf-16 or gb18030; detected if omitted")
]


@app.command()
def fit(
    train: Path,
    out: Annotated[Path, typer.Option(help="the folder that becomes the artifact")],
    evaluation: Annotated[
        Path | None, typer.Option("--eval", help="held-out rows; else a fifth of TRAIN")
    ] = None,
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    encoding: Encoding = None,
    task: Task = Task.classification,
    method: Method = Method.auto,
    backbone: Annotated[str, typer.Option(help="minilm, a hub id or a local folder")] = "minilm",
    per_label: Annotated[int | None, typer.Option(min=1, help="use so many examples of each label")] = None,
    epochs: Annotated[int | None, typer.Option(min=1)] = None,
    max_tokens: Annotated[int, typer.Option(min=8, max=512, help="word pieces read of a text")] = 128,
    class_weights: Annotated[bool, typer.Option("--class-weights", help="rare labels weigh more")] = False,
    seed: int = 0,
    work: Annotated[
        Path | None, typer.Option(help="checkpoints live here; a killed run goes on from them")
    ] = None,
    checkpoint_seconds: Annotated[float, typer.Option(min=0.0, help="time between two checkpoints")] = 20.0,
) -> None:
    """Fine-tune a backbone on labelled text and write the model as an artifact."""
    from modelcore import data, training
    from modelcore.training.recipe import Recipe

    recipe = Recipe(
        task=task.value,
        method=method.value,
        backbone=backbone,
        epochs=epochs,
        max_tokens=max_tokens,
        class_weights=class_weights,
        seed=seed,
    )
    columns = text_column, label_column
    rows: Any = data.read_task_rows(train, task, columns, encoding=encoding)  # of whichever kind the task has
    if evaluation is None:
        held_out = data.split(rows, evaluation_fraction=0.2, seed=seed)
        rows, judged = held_out.train, held_out.evaluation
    else:
        judged = data.read_task_rows(evaluation, task, columns, encoding=encoding, is_judge=True)
    if per_label is not None:
        if not isinstance(rows, data.LabelledTexts):
            raise InputError("--per-label counts examples of a label: use it with --task classification.")
        rows = data.sample_per_label(rows, per_label=per_label, seed=seed)
    for warning in data.profile(rows, evaluation=judged, label_errors=False).warnings:
        _say(warning)
    result = training.fit(
        rows,
        judged,
        recipe,
        out=out,
        work=work,
        on_progress=_show_progress,
        checkpoint_seconds=checkpoint_seconds,
    )
    _print_result(
        {
            "artifact": str(result.artifact),
            "digest": result.digest,
            **_headline(result.metrics),
            "examples": result.examples,
            "seconds": round(result.seconds, 2),
            "examples_per_second": round(result.examples_per_second, 1),
        }
    )


@app.command()
def compress(
    artifact: Path,
    out: Annotated[Path, typer.Option(help="the folder that becomes the compressed artifact")],
    evaluation: Annotated[
        Path,
        typer.Option("--eval", help="labelled rows that judge each candidate"),
    ],
    train: Annotated[
        Path | None,
        typer.Option(help="the rows it learned from: 200 set the ranges of static int8; else 200 of --eval"),
    ] = None,
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    encoding: Encoding = None,
    max_drop: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="the accuracy that a candidate may cost")
    ] = 0.01,
    target_ms: Annotated[
        float | None, typer.Option(min=0.0, help="the time for one text that it should reach")
    ] = None,
) -> None:
    """Quantise an artifact, measure each candidate here and keep the fastest that is as good."""
    from modelcore import compression, data
    from modelcore.artifacts import open_artifact

    task = Task(open_artifact(artifact).manifest.task)
    columns = text_column, label_column
    judged = data.read_task_rows(evaluation, task, columns, encoding=encoding, is_judge=True)
    learned: Any = data.read_task_rows(train, task, columns, encoding=encoding) if train else judged
    result = compression.compress(
        artifact,
        evaluation=judged,
        calibration=compression.calibration_texts(learned),
        out=out,
        limits=compression.Limits(max_drop=max_drop),
        target_ms=target_ms,
        on_progress=_say,
    )
    _print_result(result.to_json())


@app.command()
def evaluate(
    artifact: Path,
    file: Path,
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    encoding: Encoding = None,
) -> None:
    """Judge an artifact on labelled rows, as it will be served."""
    from modelcore import data
    from modelcore.serving import Predictor
    from modelcore.serving.evaluating import evaluate as answer
    from modelcore.serving.evaluating import unknown_labels

    with closing(Predictor.open(artifact)) as predictor:
        columns = text_column, label_column
        rows = data.read_task_rows(file, Task(predictor.task), columns, encoding=encoding, is_judge=True)
        if unknown := unknown_labels(predictor, rows):
            _say(unknown)
        _print_result(answer(predictor, rows).metrics)


@app.command()
def predict(
    artifact: Path,
    file: Annotated[str, typer.Argument(help="a file of texts, or - for one text a line on stdin")] = "-",
    text_column: TextColumn = "text",
    encoding: Encoding = None,
    explain: Annotated[bool, typer.Option(help="add the words that weighed for the answer")] = False,
) -> None:
    """Answer texts: one JSON line a text."""
    from modelcore import data
    from modelcore.explain import Explainer
    from modelcore.serving import Predictor

    with closing(Predictor.open(artifact)) as predictor:
        explainer = Explainer(predictor.artifact) if explain else None
        for texts in data.in_batches(_texts(file, text_column, encoding), size=BATCH):
            for text, prediction in zip(texts, predictor.predict(texts), strict=True):
                answer = {"text": text, **prediction.to_json(predictor.labels)}
                if explainer is not None:
                    answer["explanation"] = explainer.explain(text, prediction.label).to_json()
                _print_result(answer)


@app.command()
def embed(
    artifact: Path,
    file: Annotated[str, typer.Argument(help="a file of texts, or - for one text a line on stdin")] = "-",
    text_column: TextColumn = "text",
    encoding: Encoding = None,
) -> None:
    """Turn texts into vectors: one JSON line a text."""
    from modelcore import data
    from modelcore.serving import Predictor

    with closing(Predictor.open(artifact)) as predictor:
        for texts in data.in_batches(_texts(file, text_column, encoding), size=BATCH):
            for text, vector in zip(texts, predictor.embed(texts), strict=True):
                _print_result({"text": text, "embedding": [round(float(x), 6) for x in vector]})


@app.command()
def bench(
    artifact: Path,
    texts: Annotated[Path | None, typer.Option(help="texts of the real length mix")] = None,
    text_column: TextColumn = "text",
    encoding: Encoding = None,
) -> None:
    """Measure every runtime of an artifact on this machine, interleaved."""
    from modelcore import data
    from modelcore.serving.bench import bench as measure

    sample = data.read_texts(texts, text_column=text_column, encoding=encoding) if texts else None
    _print_result(measure(artifact, texts=sample))


@app.command()
def inspect(artifact: Path) -> None:
    """Verify an artifact file by file and print its card."""
    from modelcore.artifacts import open_artifact

    opened = open_artifact(artifact)
    typer.echo((opened.path / "card.md").read_text("utf-8"))
    _print_result({"digest": opened.digest, "verified_files": len(opened.manifest.files)})


def main() -> None:
    """Run the command line; a person's mistake is one sentence on stderr and exit code 2."""
    try:
        app()
    except ModelcoreError as error:
        hint = " Or name what it is in with --encoding." if isinstance(error, UnknownEncodingError) else ""
        _say(f"{error}{hint}")
        sys.exit(2)


def _texts(file: str, text_column: str, encoding: str | None) -> Iterator[str]:
    from modelcore import data

    blank: list[int] = []
    if file == "-":
        yield from data.read_lines(sys.stdin.buffer, encoding=encoding, on_blank=blank.append)
    else:
        yield from data.read_texts(
            Path(file), text_column=text_column, encoding=encoding, on_blank=blank.append
        )
    if blank:
        _say(f"Blank lines without an answer: {len(blank)}.")


def _headline(metrics: dict[str, Any]) -> dict[str, Any]:
    shown = ("accuracy", "macro_f1", "ece", "entity_f1", "mrr", "ndcg_at_10", "recall_at_1")
    return {name: metrics[name] for name in shown if name in metrics}


def _show_progress(progress: "Progress") -> None:
    parts = [progress.phase]
    if progress.total_steps:
        parts.append(f"{progress.step}/{progress.total_steps}")
    if progress.loss is not None:
        parts.append(f"loss {progress.loss:.4f}")
    if progress.metric is not None:
        parts.append(f"metric {progress.metric:.4f}")
    if progress.eta_seconds is not None:
        parts.append(f"{progress.eta_seconds:.0f} s left")
    if progress.message:
        parts.append(progress.message)
    _say(" · ".join(parts))


def _say(sentence: str) -> None:
    typer.echo(sentence, err=True)


def _print_result(result: dict[str, Any]) -> None:
    typer.echo(json.dumps(result, ensure_ascii=False))
