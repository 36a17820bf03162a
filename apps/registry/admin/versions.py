from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from apps.accounts.whole_numbers import whole_number
from apps.registry import tasks
from apps.registry.admin.base import RegistryAdmin, attempt, person
from apps.registry.admin.compare import compare_page
from apps.registry.forms import PromoteForm
from apps.registry.models import AliasName, Version
from apps.registry.selectors import cards
from apps.registry.services.gate import evaluate_gate
from apps.registry.services.promotion import (
    AcceptedLosses,
    VersionArchivedError,
    check_not_archived,
    promote_version,
)
from apps.registry.services.versions import archive_version
from apps.ui.sentences import said
from modelcore.sentence import Sentence

GATE_PASSED = Sentence("The gate passed.")


class ArchivedFilter(admin.SimpleListFilter):
    title = _("archived")
    parameter_name = "archived"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Archived"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(archived_at__isnull=self.value() != "yes")


@admin.register(Version)
class VersionAdmin(RegistryAdmin):
    list_display = ("name", "shown_aliases", "result", "size", "run", "created_at")
    list_filter = ("family", ArchivedFilter)
    list_select_related = ("run",)
    search_fields = ("family", "digest")
    list_before_template = "admin/registry/_compare_form.html"

    @admin.display(description=_("Version"), ordering="number")
    def name(self, version: Version) -> str:
        return str(version)

    @display(description=_("Live as"), label=True)  # type: ignore[untyped-decorator]  # unfold has no types
    def shown_aliases(self, version: Version) -> list[str] | str:
        return [str(AliasName(alias.name).label) for alias in version.aliases.all()] or "–"

    @admin.display(description=_("Result"))
    def result(self, version: Version) -> str:
        return str(cards.headline(version) or "–")

    @admin.display(description=_("Size"), ordering="size_bytes")
    def size(self, version: Version) -> str:
        return filesizeformat(version.size_bytes)

    def get_queryset(self, request: HttpRequest) -> Any:
        versions = super().get_queryset(request).defer(*cards.shown_on_its_page())
        return versions.prefetch_related("aliases", cards.headlines_at("evaluations"))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"compare_choices": cards.comparable_versions(), **(extra_context or {})}
        listed: HttpResponse = super().changelist_view(request, context)
        return listed

    def get_urls(self) -> list[URLPattern]:
        return [
            self.reading("compare/", self.compare_view, "compare"),
            self.changing("<int:pk>/promote/", self.promote_view, "promote", ("GET", "POST")),
            self.changing("<int:pk>/measure/", self.measure_view, "measure"),
            self.changing("<int:pk>/archive/", self.archive_view, "archive"),
            *super().get_urls(),
        ]

    def row_page(self, request: HttpRequest, version: Version, /) -> HttpResponse:
        return self.page(request, "version.html", str(version), {"card": cards.card_of(version)})

    def compare_view(self, request: HttpRequest) -> HttpResponse:
        return compare_page(self, request)

    def promote_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = get_object_or_404(Version, pk=pk)
        try:
            check_not_archived(version)
        except VersionArchivedError as refusal:
            messages.error(request, str(refusal))
            return _to_version(pk)
        held = set(version.aliases.values_list("name", flat=True))
        offered = [name for name in AliasName if name not in held] or [AliasName.CHAMPION]
        wanted = request.POST.get("alias") or request.GET.get("alias")
        alias = AliasName(wanted) if wanted in offered else offered[0]
        accepted = tuple(request.POST.getlist("accept_label_losses"))
        report = evaluate_gate(version, alias=alias, accept_label_losses=accepted)
        losses = tuple(sorted({loss.label for loss in report.label_losses}))
        # One click where nothing has to be weighed; to accept a loss wants words of one's own.
        reason = said(GATE_PASSED) if report.passed else ""
        form = PromoteForm(
            request.POST or None,
            losses=losses,
            aliases=offered,
            initial={"alias": alias, "reason": reason},
        )
        if request.method == "POST" and form.is_valid():
            promotion = attempt(
                request,
                lambda: promote_version(
                    version=version,
                    alias=alias,
                    actor=person(request),
                    reason=GATE_PASSED
                    if form.cleaned_data["reason"] == reason
                    else form.cleaned_data["reason"],
                    at=timezone.now(),
                    accepted=AcceptedLosses(accepted, whole_number(request.POST.get("champion", "")) or 0),
                ),
                _("%(version)s is the %(alias)s now.")
                % {"version": version, "alias": AliasName(alias).label},
            )
            if promotion is not None:
                return _to_version(pk)
        context = {"version": version, "report": report, "form": form, "losses": losses}
        return self.page(request, "promote.html", _("Promote %(version)s") % {"version": version}, context)

    def measure_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = get_object_or_404(Version, pk=pk)
        if tasks.dispatch_measuring(version.pk):
            messages.success(
                request, _("A worker measures it as soon as it is free; then ask the gate again.")
            )
        else:
            messages.error(request, _("The workers can't be reached now; try again in a minute."))
        return HttpResponseRedirect(reverse("admin:registry_version_promote", args=[pk]))

    def archive_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = get_object_or_404(Version, pk=pk)
        attempt(
            request,
            lambda: archive_version(version=version, actor=person(request), at=timezone.now()),
            _("The version is archived."),
        )
        return _to_version(pk)


def _to_version(pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:registry_version_change", args=[pk]))
