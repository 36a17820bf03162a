from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from apps.registry import access, tasks
from apps.registry.admin.base import RegistryAdmin, attempt, person
from apps.registry.models import Run, RunState
from apps.registry.selectors import runs as selectors
from apps.registry.selectors.cards import headline, headlines_at, shown_on_its_page
from apps.registry.services import runs
from apps.registry.services.run_events import run_stream
from apps.streams.selectors import stream_position

STATE_COLOURS = {
    RunState.QUEUED: "info",
    RunState.RUNNING: "primary",
    RunState.SUCCEEDED: "success",
    RunState.FAILED: "danger",
    RunState.CANCELLED: "warning",
}


@admin.register(Run)
class RunAdmin(RegistryAdmin):
    list_display = ("name", "family", "shown_state", "progress", "dataset", "result", "queued_at")
    list_filter = ("family", "state")
    list_select_related = ("dataset",)
    search_fields = ("family", "error")

    @admin.display(description=_("Run"), ordering="pk")
    def name(self, run: Run) -> str:
        return f"#{run.pk}"

    @display(description=_("State"), label={k.value: v for k, v in STATE_COLOURS.items()})  # type: ignore[untyped-decorator]  # unfold has no types
    def shown_state(self, run: Run) -> tuple[str, str]:
        return run.state, str(RunState(run.state).label)

    @admin.display(description=_("Progress"))
    def progress(self, run: Run) -> str:
        return f"{run.percent} %"

    @admin.display(description=_("Result"))
    def result(self, run: Run) -> str:
        version = getattr(run, "version", None)
        return str((version and headline(version)) or "–")

    def get_urls(self) -> list[URLPattern]:
        return [
            self.reading("<int:pk>/live/", self.live_view, "live"),
            self.changing("<int:pk>/cancel/", self.cancel_view, "cancel"),
            self.changing("<int:pk>/retry/", self.retry_view, "retry"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        queryset: QuerySet[Run] = super().get_queryset(request)
        return (
            queryset.select_related("dataset", "version", "created_by")
            .defer("dataset__profile", "dataset__labels", "dataset__audit", *shown_on_its_page("version__"))
            .prefetch_related(headlines_at("version__evaluations"))
        )

    def row_page(self, request: HttpRequest, run: Run, /) -> HttpResponse:
        return self.page(request, "run.html", str(run), self._live_context(request, run.pk))

    def live_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return render(request, "admin/registry/_run_live.html", self._live_context(request, pk))

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = get_object_or_404(Run, pk=pk)
        attempt(
            request,
            lambda: runs.request_cancel(run=run, actor=person(request), at=timezone.now()),
            _("The run stops."),
        )
        return _to_run(pk)

    def retry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = get_object_or_404(Run, pk=pk)
        queued = attempt(
            request,
            lambda: runs.retry_run(run=run, actor=person(request), at=timezone.now()),
            _("The run was queued."),
        )
        if queued is not None:
            transaction.on_commit(lambda: tasks.dispatch_run(pk))
        return _to_run(pk)

    def _live_context(self, request: HttpRequest, pk: int) -> dict[str, Any]:
        stream = run_stream(pk)
        # Before the run is read: an event in between is then sent once too often, and not missed.
        seq = stream_position(stream).last_seq
        run = get_object_or_404(self.get_queryset(request), pk=pk)
        return {
            "run": run,
            "stream": stream,
            "seq": seq,
            "version": getattr(run, "version", None),
            "curves": selectors.curves(run),
            "log": selectors.last_lines(run),
            "may_change": access.may_change(request.user),
            "may_retry": run.state in (RunState.FAILED, RunState.CANCELLED),
        }


def _to_run(pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:registry_run_change", args=[pk]))
