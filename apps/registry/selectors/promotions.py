"""What the gate said, to whoever reads it now."""

from collections.abc import Iterable, Mapping
from typing import Any

from apps.registry.models import Promotion
from apps.ui.sentences import said
from modelcore.sentence import Sentence


def gate_report_of(promotion: Promotion) -> dict[str, Any]:
    report = promotion.gate_report
    return {**report, "checks": said_checks(report.get("checks", []))}


def said_checks(stored: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Checks in the reader's language; an earlier Berth stored them in the words of that day."""
    return [{**check, "sentence": _said(check["sentence"])} for check in stored]


def _said(stored: str | Mapping[str, Any]) -> str:
    return stored if isinstance(stored, str) else said(Sentence.from_json(stored))
