"""Who works in the service, and what they know."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.support.admin.standing import SeenForm
from apps.support.engine.naming import name_of
from apps.support.models import AgentProfile
from apps.ui.admin_lists import ListAdmin


class AgentProfileForm(SeenForm):
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
        skills = map(name_of, self.cleaned_data["skills"].split(","))
        return list(dict.fromkeys(skill for skill in skills if skill))


@admin.register(AgentProfile)
class AgentProfileAdmin(ListAdmin):
    form = AgentProfileForm
    list_display = ("user", "skills", "capacity", "is_taking")
    list_select_related = ("user",)
    search_fields = ("user__username",)
