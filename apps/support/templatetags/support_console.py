from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.translation import gettext as _

from apps.support import names
from apps.support.engine.weighing import Piece
from apps.support.models import Decision, Visitor
from apps.support.services.summaries import masked
from modelcore.privacy import labels_in

register = template.Library()
# Half a point: what weighs less is not worth a mark.
LIGHTEST = 0.005


@register.filter
def reason(code: str) -> str:
    return names.reason(code)


@register.filter
def floor_percent(share: float | None) -> str:
    """Whole per cent, rounded down: what is below a threshold never looks as if it had reached it."""
    return "–" if share is None else f"{int(100 * share + 1e-9)} %"


@register.filter
def masks(text: str) -> str:
    """The labels in it that stand for personal data."""
    return ", ".join(labels_in(text))


@register.filter
def get(mapping: Mapping[str, Any], key: str) -> Any:
    return mapping.get(key)


@register.filter
def called(visitor: Visitor, may_unmask: bool) -> str:
    """A customer's name, for those who may see it."""
    return (
        visitor.name
        if visitor.name and may_unmask
        else _("Customer %(id)s") % {"id": visitor.public_id.hex[:6]}
    )


@register.inclusion_tag("support/console/_confidence.html")
def confidence_picture(decision: Decision, title: str) -> dict[str, Any]:
    """How sure the model was, as a bar with a mark where it may answer from."""
    confidence, threshold = decision.confidence, decision.threshold
    return {
        "decision": decision,
        "title": title,
        "filled": round(100 * confidence, 1) if confidence is not None else 0,
        "mark": round(100 * threshold, 1) if threshold is not None else None,
        "is_sure": confidence is not None and threshold is not None and confidence >= threshold,
    }


@register.filter
def strengths(pieces: Sequence[Piece]) -> list[tuple[Piece, int]]:
    """How strongly each piece is to be marked: 0 to 3, beside the heaviest of them."""
    most = max((piece.weight or 0 for piece in pieces), default=0)
    shares = [(piece, (piece.weight or 0) / most if most >= LIGHTEST else 0) for piece in pieces]
    return [(piece, 0 if share < 0.1 else 1 + (share >= 0.34) + (share >= 0.67)) for piece, share in shares]


@register.filter
def heaviest(pieces: Sequence[Piece]) -> list[Piece]:
    words = [piece for piece in pieces if piece.weight is not None and piece.weight >= LIGHTEST]
    return sorted(words, key=lambda piece: -(piece.weight or 0))[:3]


@register.filter
def whole_points(weight: float) -> str:
    """A share of 1 in points of a hundred."""
    return f"{100 * weight:.0f}"


@register.filter
def bar(share: float) -> str:
    """The width of a bar of 100 units; similarities below 0 show none."""
    return f"{max(0.0, min(1.0, share)) * 100:.1f}"


@register.filter
def without_personal_data(mapping: Mapping[str, Any]) -> Any:
    """As it may be shown before somebody asks for more, which is on the audit trail."""
    return masked(dict(mapping))


@register.filter
def shown_items(mapping: Mapping[str, Any] | str) -> list[tuple[str, str]]:
    """Plain values of a customer's context; what is nested is for programs, and a missing key is ''."""
    return [
        (str(name).replace("_", " "), str(value))
        for name, value in (mapping.items() if isinstance(mapping, Mapping) else ())
        if isinstance(value, str | int | float) and str(value)
    ]
