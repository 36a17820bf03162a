"""What answers are made of, and the words by which conversations are sorted."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.support.admin.standing import SeenForm
from apps.support.engine.naming import name_of
from apps.support.models import CannedReply, Placeholder, Tag
from apps.support.services.placeholders import (
    PlaceholderError,
    PlaceholderText,
    check_placeholder,
    save_placeholder,
)
from apps.ui.admin_lists import ListAdmin


class PlaceholderForm(SeenForm):
    # Any spelling will do, which a field of the model itself would refuse.
    name = forms.CharField(label=_("name"), max_length=64, widget=UnfoldAdminTextInputWidget)

    class Meta:
        model = Placeholder
        fields = tuple(PlaceholderText.__dataclass_fields__)

    def clean_name(self) -> str:
        return name_of(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        try:
            check_placeholder(self.text())
        except PlaceholderError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return super().clean()

    def text(self) -> PlaceholderText:
        known = {"name": self.instance.name} | self.cleaned_data
        return PlaceholderText(
            **{field: known.get(field, "") for field in PlaceholderText.__dataclass_fields__}
        )


@admin.register(Placeholder)
class PlaceholderAdmin(ListAdmin):
    form = PlaceholderForm
    list_display = ("name", "kind", "source", "when_missing")
    list_filter = ("source", "when_missing")
    search_fields = ("name",)

    def get_readonly_fields(self, request: HttpRequest, obj: Placeholder | None = None) -> tuple[str, ...]:
        """Answers know it by its name."""
        return ("name",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Placeholder, form: PlaceholderForm, change: bool) -> None:
        obj.pk = save_placeholder(text=form.text(), seen=form.cleaned_data["seen"]).pk


@admin.register(Tag)
class TagAdmin(ListAdmin):
    search_fields = ("name",)


@admin.register(CannedReply)
class CannedReplyAdmin(ListAdmin):
    form = SeenForm
    list_display = ("shortcut", "title", "owner")
    list_select_related = ("owner",)
    search_fields = ("shortcut", "title", "body")
