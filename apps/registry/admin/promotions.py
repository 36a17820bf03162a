from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.registry.admin.base import RegistryAdmin, attempt, person
from apps.registry.models import Alias, Promotion
from apps.registry.selectors.cards import shown_on_its_page
from apps.registry.selectors.promotions import gate_report_of
from apps.registry.services.promotion import rollback_alias
from apps.ui.sentences import said


@admin.register(Alias)
class AliasAdmin(RegistryAdmin):
    list_display = ("__str__", "version", "changed_at")
    list_filter = ("family", "name")
    list_select_related = ("version",)

    def get_urls(self) -> list[URLPattern]:
        return [
            self.changing("<int:pk>/rollback/", self.rollback_view, "rollback"),
            *super().get_urls(),
        ]

    def rollback_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        alias = get_object_or_404(Alias, pk=pk)
        attempt(
            request,
            lambda: rollback_alias(
                family=alias.family,
                alias=alias.name,
                actor=person(request),
                at=timezone.now(),
                leaving=request.POST.get("leaving", ""),
            ),
            _("%(alias)s is back at its earlier version.") % {"alias": alias},
        )
        alias.refresh_from_db()
        if alias.version_id is None:
            return HttpResponseRedirect(reverse("admin:registry_alias_changelist"))
        return HttpResponseRedirect(reverse("admin:registry_version_change", args=[alias.version_id]))


@admin.register(Promotion)
class PromotionAdmin(RegistryAdmin):
    list_display = ("at", "family", "alias", "kind", "from_version", "to_version", "actor", "said_reason")
    list_filter = ("family", "alias", "kind")
    list_select_related = ("from_version", "to_version", "actor")

    def get_queryset(self, request: HttpRequest) -> Any:
        versions = (*shown_on_its_page("from_version__"), *shown_on_its_page("to_version__"))
        return super().get_queryset(request).defer("gate_report", *versions)

    @admin.display(description=_("Reason"))
    def said_reason(self, promotion: Promotion) -> str:
        return said(promotion.reason)

    def row_page(self, request: HttpRequest, promotion: Promotion, /) -> HttpResponse:
        context = {"promotion": promotion, "report": gate_report_of(promotion)}
        return self.page(request, "promotion.html", str(promotion), context)
