"""How the service behaves, and who works in it."""

from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget, UnfoldAdminURLInputWidget

from apps.accounts.models import User
from apps.support.models import AgentProfile, Policy
from apps.support.services.policy import change_policy


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs alone
    widget_origins = forms.CharField(
        label=_("Sites with the widget"),
        help_text=_("One a line, such as https://shop.example; this site itself always may."),
        required=False,
        widget=UnfoldAdminTextareaWidget,
    )

    context_url = forms.URLField(
        label=_("Address of the customer context"),
        required=False,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
    )

    class Meta:
        model = Policy
        fields = ("target_precision", "hold_out_share", "response_minutes", "widget_origins", "context_url")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["widget_origins"] = "\n".join(self.instance.widget_origins)

    def clean_widget_origins(self) -> list[str]:
        origins = self.cleaned_data["widget_origins"].split()
        for origin in origins:
            parts = urlsplit(origin)
            if parts.scheme not in ("http", "https") or origin != f"{parts.scheme}://{parts.netloc}":
                raise forms.ValidationError(
                    gettext("“%(origin)s” is no origin; write it like https://shop.example.")
                    % {"origin": origin}
                )
        return list(dict.fromkeys(origins))


@admin.register(Policy)
class PolicyAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """One row: its list is itself."""

    form = PolicyForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Policy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Policy | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        policy = Policy.objects.first()
        if policy is not None:
            return HttpResponseRedirect(reverse("admin:support_policy_change", args=[policy.pk]))
        if self.has_add_permission(request):
            return HttpResponseRedirect(reverse("admin:support_policy_add"))
        page: HttpResponse = super().changelist_view(request, extra_context)
        return page

    def save_model(self, request: HttpRequest, obj: Policy, form: Any, change: bool) -> None:
        change_policy(policy=obj, changed=form.changed_data, actor=cast(User, request.user))


class AgentProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs alone
    skills = forms.CharField(
        label=_("Skills"),
        help_text=_("Separated by commas, as intents name them; empty: anything."),
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = AgentProfile
        fields = ("user", "skills", "capacity", "is_taking")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["skills"] = ", ".join(self.instance.skills)

    def clean_skills(self) -> list[str]:
        return [skill.strip() for skill in self.cleaned_data["skills"].split(",") if skill.strip()]


@admin.register(AgentProfile)
class AgentProfileAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    form = AgentProfileForm
    list_display = ("user", "skills", "capacity", "is_taking")
    list_select_related = ("user",)
    search_fields = ("user__username",)
