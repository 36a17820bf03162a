"""Examples that were stored before names were looked for."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.support import access, tasks
from apps.support.services.remasking import start_remasking
from apps.support.views.guard import button, person, tried


@button(access.MAY_TEACH)
def mask_anew(request: HttpRequest) -> HttpResponse:
    started = tried(
        request,
        lambda: start_remasking(actor=person(request), at=timezone.now()),
        _("A worker masks the examples anew; look again in a minute."),
    )
    if started is not None:
        transaction.on_commit(tasks.dispatch_remasking)
    return redirect("support:intents")
