from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.translation import gettext as _

from apps.registry import charts, names
from apps.ui.sentences import said

register = template.Library()
FRAME = {
    "width": charts.WIDTH,
    "height": charts.HEIGHT,
    "left": charts.LEFT,
    "right": charts.WIDTH - charts.RIGHT,
    "bottom": charts.HEIGHT - charts.BOTTOM,
    "tick_y": charts.HEIGHT - 8,
}


@register.inclusion_tag("registry/charts/line.html")
def line_charts(
    curves: Sequence[tuple[str, Sequence[tuple[float, float]]]],
    title: str,
    across: str,
    is_from_zero: bool = False,
    nothing: str = "",
) -> dict[str, Any]:
    """One below the other; `across` says what the axis at their feet counts, `nothing` that there is none."""
    drawn = [charts.line_chart(name, points, is_from_zero=is_from_zero) for name, points in curves]
    texts = {"title": title, "across": across, "nothing": nothing}
    return {"charts": [chart for chart in drawn if chart], **texts, **FRAME}


@register.inclusion_tag("registry/charts/bars.html")
def bar_chart(
    items: Sequence[tuple[str, float, str]], title: str, whole: float | None = None
) -> dict[str, Any]:
    return {"bars": charts.bars(items, whole), "title": title, "middle": False}


@register.inclusion_tag("registry/charts/bars.html")
def difference_chart(items: Sequence[tuple[str, float, str]], title: str) -> dict[str, Any]:
    return {"bars": charts.diverging_bars(items), "title": title, "middle": True}


@register.inclusion_tag("registry/charts/heat_map.html")
def heat_map(metrics: Mapping[str, Any], title: str, order: Sequence[str] = ()) -> dict[str, Any]:
    """Of the labels that were measured: a suite may hold some that the version never learned.

    In `order`, if given, which has all of them and perhaps more, so that two maps lie alike.
    """
    from modelcore.evaluation import confusion_cells

    labels = metrics["labels"]
    return {"map": charts.heat_map(confusion_cells(metrics), labels, order or labels), "title": title}


@register.filter(name="said")
def said_filter(text: str) -> str:
    return said(text)


@register.filter
def spoken(name: str) -> str:
    return names.spoken(name)


@register.filter
def language_name(tag: str) -> str:
    return names.language_name(tag)


@register.filter
def percent(value: float | None, places: int = 1) -> str:
    return "–" if value is None else f"{100 * value:.{places}f} %"


@register.filter
def duration(seconds: float | None) -> str:
    """In the unit that people would say."""
    if seconds is None:
        return "–"
    if seconds < 90:
        return _("%(count)d s") % {"count": seconds}
    if seconds < 5400:
        return _("%(count)d min") % {"count": round(seconds / 60)}
    return _("%(count).1f h") % {"count": seconds / 3600}


@register.filter
def points(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:+.1f}"


@register.filter
def short_digest(value: str) -> str:
    return value[:12]


@register.filter
def get(mapping: Mapping[str, Any] | None, key: str) -> Any:
    return (mapping or {}).get(key)


@register.filter
def p_value(value: float) -> str:
    return names.p_value(value)
