from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from apps.accounts.models import AuditEntry
from apps.accounts.services.audit import verify_chain
from apps.ui.admin_lists import ListAdmin


@admin.register(AuditEntry)
class AuditEntryAdmin(ListAdmin):
    list_display = ("number", "at", "actor", "action", "subject")
    list_filter = ("action",)
    search_fields = ("action", "subject")
    date_hierarchy = "at"
    list_select_related = ("actor",)
    fields = ("number", "at", "person", "action", "subject", "detail", "previous_hash", "hash")
    readonly_fields = ("person",)
    actions_list = ("verify",)

    @admin.display(description=_("person"))
    def person(self, entry: AuditEntry) -> str:
        """Not as the link that Django makes of it: most who see entries may not see people."""
        return str(entry.actor or "-")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @action(description=_("Verify the chain"), permissions=("view",))  # type: ignore[untyped-decorator]  # unfold has no types
    def verify(self, request: HttpRequest) -> HttpResponse:
        report = verify_chain()
        if report.is_intact:
            text = ngettext(
                "%(count)d entry checked, none changed or missing. The last has the hash %(hash)s: note "
                "both, for entries taken away at the end leave no gap.",
                "%(count)d entries checked, none changed or missing. The last has the hash %(hash)s: note "
                "both, for entries taken away at the end leave no gap.",
                report.entries,
            )
            messages.success(request, text % {"count": report.entries, "hash": report.last_hash})
        else:
            text = gettext(
                "Entry %(number)d does not fit the one before it: the trail was changed from outside."
            )
            messages.error(request, text % {"number": report.broken_at})
        return HttpResponseRedirect(reverse("admin:accounts_auditentry_changelist"))
