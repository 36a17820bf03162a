from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts import rates
from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.accounts.services.roles import has_role
from apps.serving.errors import Fault, ServingError
from apps.serving.loading import limits, live_models
from apps.serving.playground import ask_all
from apps.ui.htmx import HtmxHttpRequest

# Every live model answers each text.
TEXTS_PER_MINUTE = 120


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def playground(request: HtmxHttpRequest) -> HttpResponse:
    if request.user.is_anonymous or not has_role(request.user, *Role):
        raise PermissionDenied
    text = request.POST.get("text", "")
    page: dict[str, object] = {"text": text}
    try:
        models = live_models()
        page["states"] = models.states()
        if request.method == "POST":
            _spend(request.user)
            page["answers"] = ask_all(models, text, limits())
    except ServingError as error:
        page["error"] = error.sentence
    return render(request, "serving/_answers.html" if request.htmx else "serving/playground.html", page)


def _spend(user: User) -> None:
    wait = rates.wait_of(f"playground:{user.pk}", TEXTS_PER_MINUTE)
    if wait:
        sentence = ngettext(
            "Wait %(seconds)d second before the next text.",
            "Wait %(seconds)d seconds before the next text.",
            wait,
        )
        raise ServingError(Fault.OVER_QUOTA, sentence % {"seconds": wait}, retry_after_seconds=wait)


@login_required
@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """The fragment of the home page that says what answers now."""
    page: dict[str, object] = {"may_ask": not request.user.is_anonymous and has_role(request.user, *Role)}
    if page["may_ask"]:
        try:
            page["states"] = live_models().states()
        except ServingError as error:
            page["error"] = error.sentence
    return render(request, "serving/_live.html", page)
