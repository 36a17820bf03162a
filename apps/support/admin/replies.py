"""What answers are made of, and the words by which conversations are sorted."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext
from unfold.admin import ModelAdmin

from apps.support.models import CannedReply, Placeholder, Tag


class PlaceholderForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs alone
    class Meta:
        model = Placeholder
        fields = (
            "name",
            "kind",
            "source",
            "pattern",
            "value",
            "when_missing",
            "question",
            "fallback",
        )

    def clean_pattern(self) -> str:
        pattern: str = self.cleaned_data["pattern"]
        try:
            re.compile(pattern)
        except re.error as error:
            raise forms.ValidationError(
                gettext("This is no regular expression: %(problem)s.") % {"problem": error}
            ) from error
        return pattern

    def clean(self) -> dict[str, Any]:
        """What is to be done without a value must be doable; an empty fallback leaves the place out."""
        said: dict[str, Any] = super().clean() or {}
        needs = {
            "question": said.get("when_missing") == Placeholder.WhenMissing.ASK,
            "value": said.get("source") == Placeholder.Source.SETTING,
        }
        for field, is_needed in needs.items():
            if is_needed and not said.get(field):
                self.add_error(field, gettext("Fill this in, or choose another source or way."))
        return said


@admin.register(Placeholder)
class PlaceholderAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    form = PlaceholderForm
    list_display = ("name", "kind", "source", "when_missing")
    list_filter = ("source", "when_missing")
    search_fields = ("name",)


@admin.register(Tag)
class TagAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    search_fields = ("name",)


@admin.register(CannedReply)
class CannedReplyAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    list_display = ("shortcut", "title", "owner")
    list_select_related = ("owner",)
    search_fields = ("shortcut", "title", "body")
