from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.accounts.models import ApiKey, User
from apps.accounts.models.keys import ALL_FAMILIES
from apps.accounts.services.keys import issue_key, known_families, revoke_key
from apps.ui.admin_lists import ListAdmin


class IssueKeyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs alone
    families = forms.CharField(
        label=_("Families"),
        help_text=_("Names separated by commas; * for all."),
        widget=UnfoldAdminTextInputWidget,
    )
    rate_per_minute = forms.IntegerField(
        label=_("Requests a minute"), min_value=1, initial=600, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = ApiKey
        fields = ("name", "families", "rate_per_minute", "expires_at")

    def clean_families(self) -> list[str]:
        written = (name.strip() for name in self.cleaned_data["families"].split(","))
        names = list(dict.fromkeys(filter(None, written)))
        if not names:
            raise forms.ValidationError(_("Name at least one family, or * for all."))
        known = known_families()
        unknown = [name for name in names if name != ALL_FAMILIES and name not in known]
        if unknown:
            raise forms.ValidationError(
                _("There is no family %(unknown)s. There are: %(known)s."),
                params={"unknown": ", ".join(unknown), "known": ", ".join(sorted(known))},
            )
        return names

    def clean_expires_at(self) -> datetime | None:
        expires_at: datetime | None = self.cleaned_data["expires_at"]
        if expires_at is not None and expires_at <= timezone.now():
            raise forms.ValidationError(
                _("This time has passed. Choose a later one, or none for a key without an end.")
            )
        return expires_at


@admin.register(ApiKey)
class ApiKeyAdmin(ListAdmin):
    form = IssueKeyForm
    list_display = (
        "name",
        "prefix",
        "named_families",
        "rate_per_minute",
        "last_used_at",
        "expires_at",
        "revoked_at",
    )
    search_fields = ("name", "prefix")
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        """Of a key that was issued all that is known of it, its end above all."""
        return super().get_fields(request) if obj is None else (*self.list_display, "maker", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        return () if obj is None else self.get_fields(request, obj)

    @admin.display(description=_("created by"))
    def maker(self, key: ApiKey) -> str:
        """Not as the link that Django makes of it: most who see keys may not see people."""
        return str(key.created_by)

    @admin.display(description=_("families"))
    def named_families(self, key: ApiKey) -> str:
        return str(_("all")) if ALL_FAMILIES in key.families else ", ".join(key.families)

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """The list needs it for its action; a key itself is issued or revoked, never edited."""
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        issued = issue_key(
            name=obj.name,
            families=form.cleaned_data["families"],
            rate_per_minute=obj.rate_per_minute,
            created_by=cast(User, request.user),
            expires_at=obj.expires_at,
        )
        obj.pk, obj.prefix = issued.key.pk, issued.key.prefix
        obj._state.adding = False
        text = gettext("This is the key. Copy it now, it is shown only this once: %(raw)s")
        messages.warning(request, text % {"raw": issued.raw})

    @action(description=_("Revoke the chosen keys"), permissions=("change",))  # type: ignore[untyped-decorator]  # unfold has no types
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        at, actor = timezone.now(), cast(User, request.user)
        count = sum(revoke_key(key=key, actor=actor, at=at) for key in queryset)
        text = ngettext("%(count)d key revoked.", "%(count)d keys revoked.", count)
        messages.success(request, text % {"count": count})
