from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from apps.accounts.whole_numbers import whole_number
from apps.registry.admin.base import RegistryAdmin
from apps.registry.models import Version
from apps.registry.selectors import cards
from apps.registry.selectors.comparison import FILTERS, LabelRow, NotComparableError, compare_versions

LABELS_SHOWN = 30
EXAMPLES_ON_A_PAGE = 25


def compare_page(model_admin: RegistryAdmin, request: HttpRequest) -> HttpResponse:
    """Two versions side by side."""
    a, b = _version(request.GET.get("a")), _version(request.GET.get("b"))
    context: dict[str, Any] = {"a": a, "b": b, "compare_choices": cards.comparable_versions(a, b)}
    title = _("Compare %(a)s and %(b)s") % {"a": a, "b": b}
    try:
        comparison = compare_versions(a, b, suite=request.GET.get("suite", ""))
    except NotComparableError as refusal:
        context["refusal"] = str(refusal)
        return model_admin.page(request, "compare.html", title, context, status=409)
    chosen = request.GET.get("show", "all")
    chosen = chosen if chosen in FILTERS else "all"
    pages = Paginator(comparison.filtered(chosen), EXAMPLES_ON_A_PAGE)
    context |= {
        "comparison": comparison,
        "differences": _differences(comparison.labels),
        "chosen": chosen,
        "filters": [
            ("all", _("All")),
            ("a_right", _("%(a)s right") % {"a": f"v{a.number}"}),
            ("b_right", _("%(b)s right") % {"b": f"v{b.number}"}),
            ("both_wrong", _("Both wrong")),
        ],
        "examples": pages.get_page(request.GET.get("page")),
        "card_a": cards.card_of(a),
        "card_b": cards.card_of(b),
    }
    return model_admin.page(request, "compare.html", title, context)


def _version(number: str | None) -> Version:
    pk = whole_number(number or "")
    if pk is None:
        raise Http404(_("Choose two versions to compare."))
    version = Version.objects.filter(pk=pk).first()
    if version is None:
        raise Http404(_("There is no such version."))
    return version


def _differences(labels: tuple[LabelRow, ...]) -> list[tuple[str, float, str]]:
    changed = [row for row in labels if abs(row.difference) > 1e-9]
    changed.sort(key=lambda row: -abs(row.difference))
    shown = sorted(changed[:LABELS_SHOWN], key=lambda row: row.difference)
    return [(row.label, row.difference, f"{100 * row.difference:+.1f}") for row in shown]
