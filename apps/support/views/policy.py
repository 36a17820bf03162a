"""The settings that decisions and reports stand on."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.registry.selectors.aliases import champion_of
from apps.support import access
from apps.support.engine.decision import TARGETS
from apps.support.family_name import FAMILY
from apps.support.models import Policy
from apps.support.selectors.grounds import awaits_certificates, newest_certificates
from apps.support.selectors.policy import current_policy
from apps.support.selectors.standing import standing
from apps.support.services.policy import PolicyChange, change_policy
from apps.support.views.guard import form, person, tried


@form(access.MAY_REPORT)
def policy(request: HttpRequest) -> HttpResponse:
    may_edit = access.may(request.user, access.MAY_TEACH)
    current = current_policy()
    stands = standing(current)
    if request.method == "POST" and may_edit:
        change = PolicyChange(
            _number(request, "target_precision"),
            _number(request, "hold_out_percent") / 100,
            int(_number(request, "response_minutes")),
            request.POST.get("widget_origins", "").split(),
            request.POST.get("context_url", "").strip(),
        )
        actor, seen = person(request), request.POST.get("seen", "")
        saved = tried(
            request,
            lambda: change_policy(change=change, seen=seen, actor=actor),
            _("The policy was changed."),
        )
        if saved:
            return redirect("support:policy")
        # Refused: what was written stays to be put right.
        told = asdict(change)
        stands, current = standing(current_policy(), typed=told, seen=seen), Policy(pk=1, **told)
    shown = {
        "policy": current,
        "standing": stands,
        "origins": "\n".join(current.widget_origins),
        "targets": TARGETS,
        "champion": champion_of(FAMILY),
        "awaits_certificates": awaits_certificates(),
        "certificates": newest_certificates().select_related("version")[:60],
        "may_edit": may_edit,
    }
    return render(request, "support/reports/policy.html", shown)


def _number(request: HttpRequest, name: str) -> float:
    """The number in a field; one that no policy accepts where there is none."""
    try:
        value = float(request.POST.get(name, ""))
    except ValueError:
        return -1.0
    return value if -1e6 < value < 1e6 else -1.0
