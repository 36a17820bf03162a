"""card.md: the manifest for people."""

from collections.abc import Mapping, Sequence
from typing import Any

from modelcore.artifacts.manifest import Manifest

MOST_LABELS = 40


def render_card(manifest: Manifest) -> str:
    """Write the model card of an artifact as Markdown.

    Source: the headings follow Mitchell et al., Model Cards for Model Reporting (2019).
    """
    sections = [
        _head(manifest),
        _labels(manifest),
        _metrics(manifest),
        _runtimes(manifest),
        _origin(manifest),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _head(manifest: Manifest) -> str:
    backbone, dataset = manifest.backbone, manifest.dataset
    added = backbone.get("added_pieces", 0)
    encoder = f"{_plain(backbone.get('name', '?'))} (`{str(backbone.get('digest', '?'))[:12]}`)"
    grown = f", with {added:,} word pieces more for what it could not read" if added else ""
    return "\n".join(
        [
            f"# {manifest.task.capitalize()} model on {_plain(backbone.get('name', 'an unnamed encoder'))}",
            "",
            f"- Task: {manifest.task}",
            f"- Encoder: {encoder}{grown}",
            f"- Trained on: {dataset.get('rows', '?')} rows (`{str(dataset.get('digest', '?'))[:12]}`)",
            f"- Reads at most {manifest.max_tokens} tokens of a text; what is longer is cut.",
            f"- Made at {manifest.created_at}, seed {manifest.seed}",
        ]
    )


def _labels(manifest: Manifest) -> str:
    if not manifest.labels:
        return ""
    shown = [f"`{_plain(label)}`" for label in manifest.labels[:MOST_LABELS]]
    rest = len(manifest.labels) - len(shown)
    more = f" and {rest} more" if rest else ""
    return f"## Labels ({len(manifest.labels)})\n\n{', '.join(shown)}{more}"


def _metrics(manifest: Manifest) -> str:
    rows = [
        (name, _figure(value))
        for name, value in manifest.metrics.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    rows.append(("temperature", _figure(manifest.temperature)))
    return "## Measured on held-out rows\n\n" + _table(("metric", "value"), rows)


def _runtimes(manifest: Manifest) -> str:
    rows = []
    for name, runtime in manifest.runtimes.items():
        parity: Mapping[str, Any] = runtime.get("parity") or {}
        speed: Mapping[str, Any] = runtime.get("speed") or {}
        rows.append(
            (
                f"**{name}**" if name == manifest.default_runtime else name,
                _figure(parity.get("max_difference")),
                _figure(parity.get("label_agreement")),
                _figure(parity.get("accuracy_drop")),
                _figure(speed.get("batch1_ms")),
                _figure(speed.get("docs_per_second")),
            )
        )
    heads = (
        "runtime",
        "largest difference to fp32",
        "same label",
        "accuracy lost",
        "ms a text",
        "texts a second",
    )
    return "## Runtimes (the default in bold)\n\n" + _table(heads, rows)


def _origin(manifest: Manifest) -> str:
    settings = sorted(manifest.recipe.items())
    rows = [(name, f"`{_plain(value)}`") for name, value in settings if value not in (None, "")]
    rows += [(name, version) for name, version in sorted(manifest.libraries.items())]
    return "## Recipe and libraries\n\n" + _table(("name", "value"), rows)


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _figure(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return "–" if value is None else _plain(value)


def _plain(value: object) -> str:
    # Labels and recipe values come from files of others: they must not break out of a table or a code span.
    return " ".join(str(value).split()).replace("|", "\\|").replace("`", "'").replace("<", "&lt;")
