"""Forms of the admin that take nothing back unseen: see `apps.support.services.standing`."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from apps.support.selectors.standing import differing, stamp_of, value_of
from apps.support.services.standing import ChangedMeanwhileError, check_seen


class SeenForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs alone
    """Says beside each field that a colleague has changed meanwhile what stands there now."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = stamp_of(self.instance if self.instance.pk else None)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        wanted = {name: value for name, value in said.items() if name != "seen"}
        # The admin saves in the transaction in which it asks.
        row = self._meta.model._default_manager.select_for_update().filter(pk=self.instance.pk).first()
        try:
            check_seen(row, seen=said.get("seen", ""), wanted=wanted)
        except ChangedMeanwhileError as refusal:
            self.data = {**self.data, self.add_prefix("seen"): stamp_of(row)}
            self.add_error(None, str(refusal))
            for name in differing(row, wanted):
                self.add_error(name, _("Stands now: %(value)s") % {"value": value_of(row, name)})
        return said
