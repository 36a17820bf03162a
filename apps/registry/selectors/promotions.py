"""What was said at a promotion, to whoever reads it now."""

from collections.abc import Mapping
from typing import Any

from apps.registry.models import Promotion
from apps.ui.sentences import said
from modelcore.sentence import Sentence


def gate_report_of(promotion: Promotion) -> dict[str, Any]:
    """The gate's report in the reader's language; an earlier Berth stored it in the words of that day."""
    report = promotion.gate_report
    checks = [{**check, "sentence": _said(check["sentence"])} for check in report.get("checks", [])]
    return {**report, "checks": checks}


def _said(stored: str | Mapping[str, Any]) -> str:
    return stored if isinstance(stored, str) else said(Sentence.from_json(stored))
