"""A data set's profile as its page draws it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.registry.models import Dataset
from apps.registry.names import language_name, spoken
from apps.ui.sentences import said
from modelcore.sentence import Sentence

LABELS_SHOWN = 40
LENGTHS = ("minimum", "p5", "median", "mean", "p95", "maximum")

BarItems = list[tuple[str, float, str]]


@dataclass(frozen=True)
class ProfileCharts:
    labels: BarItems
    hidden_labels: int
    lengths: BarItems
    languages: BarItems
    counts: list[tuple[str, int | str]]
    warnings: list[str]
    conflicts: list[dict[str, Any]]
    label_errors: list[dict[str, Any]]
    label_errors_note: str
    is_complete: bool


def charts_of(dataset: Dataset) -> ProfileCharts:
    profile: dict[str, Any] = dataset.profile
    labels = sorted(profile.get("labels", {}).items(), key=lambda pair: (-pair[1], pair[0]))
    languages, is_complete = profile.get("languages", {}), profile.get("is_complete", False)
    note = _note(profile)
    return ProfileCharts(
        labels=[(label, float(count), str(count)) for label, count in labels[:LABELS_SHOWN]],
        hidden_labels=max(0, len(labels) - LABELS_SHOWN),
        lengths=[
            (spoken(name), float(value), f"{value:.0f}")
            for name in LENGTHS
            if isinstance(value := profile.get("words", {}).get(name), int | float)
        ],
        languages=[
            (language_name(code), share, f"{100 * share:.0f} %")
            for code, share in sorted(languages.items(), key=lambda pair: -pair[1])
        ],
        counts=[
            (_("Rows"), profile.get("rows", dataset.rows)),
            (_("Labels"), len(dataset.labels) or "–"),
            (_("Repeated texts"), profile.get("duplicate_count", 0)),
            (_("Texts with several labels"), profile.get("conflict_count", 0)),
            (
                _("Suspected label errors"),
                profile.get("label_error_count", 0) if is_complete and not note else "–",
            ),
        ],
        warnings=[said(Sentence.from_json(warning)) for warning in profile.get("warnings", [])],
        conflicts=profile.get("conflicts", [])[:20],
        label_errors=profile.get("label_errors", [])[:20],
        label_errors_note=note,
        is_complete=is_complete,
    )


def _note(profile: dict[str, Any]) -> str:
    note = profile.get("label_errors_note")
    return said(Sentence.from_json(note)) if note and profile.get("is_complete") else ""


def readable_profile(dataset: Dataset) -> dict[str, Any]:
    """The profile with its sentences in the reader's language."""
    profile: dict[str, Any] = dict(dataset.profile)
    if "warnings" in profile:
        profile["warnings"] = [said(Sentence.from_json(warning)) for warning in profile["warnings"]]
        profile["label_errors_note"] = _note(profile)
    return profile
