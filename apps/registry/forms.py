from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _
from unfold import widgets

from apps.registry import families
from apps.registry.models import AliasName
from apps.registry.services.datasets import MAX_UPLOAD_BYTES, UPLOAD_SUFFIXES
from modelcore.training.recipe import METHODS

READABLE = (*(suffix.removeprefix(".") for suffix in UPLOAD_SUFFIXES), "gz")


# What the readers of modelcore take, by task.
READ = {
    "classification": _("csv, tsv, json, jsonl or txt (sentence@label)"),
    "tagging": _("json or jsonl with spans; conll, bio or iob"),
    "embedding": _(
        "csv, tsv, json, jsonl or txt with labels, or with a column “positive” of texts that mean the same"
    ),
}


class UploadForm(forms.Form):
    family = forms.ChoiceField(label=_("Family"), widget=widgets.UnfoldAdminSelectWidget)
    file = forms.FileField(
        label=_("File"),
        validators=[FileExtensionValidator(READABLE)],
        widget=widgets.UnfoldAdminFileFieldWidget,
        max_length=200,
    )
    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, widget=widgets.UnfoldAdminTextInputWidget
    )
    text_column = forms.CharField(
        label=_("Column of the text"),
        initial="text",
        max_length=100,
        widget=widgets.UnfoldAdminTextInputWidget,
    )
    label_column = forms.CharField(
        label=_("Column of the label"),
        initial="label",
        max_length=100,
        widget=widgets.UnfoldAdminTextInputWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # None is chosen for people: what a family can read differs.
        choices = [("", _("Choose a family")), *families.choices()]
        self.fields["family"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["file"].help_text = _hint()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_UPLOAD_BYTES:
            raise forms.ValidationError(_("The file is larger than 32 MB; split it or pack it as gz."))
        return file


def _hint() -> str:
    """What a file may be, for each family."""
    families_of = {task: [str(one.label) for one in families.all() if one.task == task] for task in READ}
    told = [f"{', '.join(labels)}: {READ[task]}." for task, labels in families_of.items() if labels]
    return " ".join([*told, str(_("Also as gz; 32 MB at most."))])


class FitForm(forms.Form):
    method = forms.ChoiceField(
        label=_("Method"), choices=[(m, m) for m in METHODS], widget=widgets.UnfoldAdminSelectWidget
    )
    backbone = forms.CharField(
        label=_("Backbone"),
        max_length=200,
        help_text=_("minilm, the name of a model on the hub, or a folder on the worker."),
        widget=widgets.UnfoldAdminTextInputWidget,
    )
    epochs = forms.IntegerField(
        label=_("Epochs"),
        required=False,
        min_value=1,
        max_value=200,
        help_text=_("Empty: the method's own number."),
        widget=widgets.UnfoldAdminIntegerFieldWidget,
    )
    seed = forms.IntegerField(
        label=_("Seed"), min_value=0, max_value=2**31 - 1, widget=widgets.UnfoldAdminIntegerFieldWidget
    )
    promote_when_passed = forms.BooleanField(
        label=_("Make it the champion if the family has none and the gate passes"),
        required=False,
        widget=widgets.UnfoldBooleanWidget,
    )

    @property
    def changes(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in ("method", "backbone", "epochs", "seed")}


class PromoteForm(forms.Form):
    alias = forms.ChoiceField(label=_("Alias"), widget=widgets.UnfoldAdminSelectWidget)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Stays in the history next to your name."),
        widget=widgets.UnfoldAdminTextInputWidget,
    )
    accept_label_losses = forms.MultipleChoiceField(
        label=_("Label losses that you accept"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, aliases: Sequence[AliasName], losses: tuple[str, ...] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        names = [(alias.value, alias.label) for alias in aliases]
        self.fields["alias"].choices = names  # type: ignore[attr-defined]  # a ChoiceField
        field = self.fields["accept_label_losses"]
        field.choices = [(label, label) for label in losses]  # type: ignore[attr-defined]  # a MultipleChoiceField
