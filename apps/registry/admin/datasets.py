from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.registry import access, families, tasks
from apps.registry.admin.base import RegistryAdmin, attempt, person
from apps.registry.forms import FitForm, UploadForm
from apps.registry.models import Dataset
from apps.registry.selectors import profiles
from apps.registry.services.datasets import import_snapshot
from apps.registry.services.runs import queue_run
from apps.registry.uploads import Told, receive
from apps.ui.sentences import said
from modelcore.errors import InputError


@admin.register(Dataset)
class DatasetAdmin(RegistryAdmin):
    list_display = ("name", "family", "kind", "rows", "label_count", "source", "created_at")
    list_filter = ("family", "kind", "source")
    search_fields = ("name", "digest")
    list_before_template = "admin/registry/_snapshot_form.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("profile", "audit")

    @admin.display(description=_("Labels"))
    def label_count(self, dataset: Dataset) -> int:
        return len(dataset.labels)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.may_change(request.user)

    def get_urls(self) -> list[URLPattern]:
        return [
            self.changing("add/", self.upload_view, "add", ("GET", "POST")),
            self.changing("snapshot/", self.snapshot_view, "snapshot"),
            self.changing("<int:pk>/fit/", self.fit_view, "fit"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"families": families.all(), "may_change": access.may_change(request.user)}
        listed: HttpResponse = super().changelist_view(request, {**context, **(extra_context or {})})
        return listed

    def row_page(self, request: HttpRequest, dataset: Dataset, /) -> HttpResponse:
        return self._dataset_page(request, dataset, _fit_form(dataset))

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            told = Told(*(form.cleaned_data[n] for n in ("family", "name", "text_column", "label_column")))
            began_at = timezone.now()
            try:
                dataset = receive(form.cleaned_data["file"], told, person(request))
            except InputError as error:
                form.add_error("file", said(error.sentence))
            else:
                _tell_rows(request, dataset, began_at)
                return _to_dataset(dataset.pk)
        status = 422 if form.errors else 200
        return self.page(request, "upload.html", _("Upload a data set"), {"form": form}, status=status)

    def snapshot_view(self, request: HttpRequest) -> HttpResponse:
        family, at = request.POST.get("family", ""), timezone.now()
        try:
            dataset = import_snapshot(family=family, at=at, actor=person(request))
        except InputError as refusal:
            messages.error(request, said(refusal.sentence))
            return HttpResponseRedirect(reverse("admin:registry_dataset_changelist"))
        _tell_rows(request, dataset, at)
        transaction.on_commit(lambda: tasks.dispatch_profile(dataset.pk))
        return _to_dataset(dataset.pk)

    def fit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        dataset = get_object_or_404(Dataset, pk=pk)
        form = _fit_form(dataset, request)
        if not form.is_valid():
            return self._dataset_page(request, dataset, form, status=422)
        run = attempt(
            request,
            lambda: queue_run(
                dataset=dataset,
                changes=form.changes,
                actor=person(request),
                at=timezone.now(),
                promote_when_passed=form.cleaned_data["promote_when_passed"],
            ),
            _("The run was queued."),
        )
        if run is None:
            return _to_dataset(pk)
        transaction.on_commit(lambda: tasks.dispatch_run(run.pk))
        return HttpResponseRedirect(reverse("admin:registry_run_change", args=[run.pk]))

    def _dataset_page(
        self, request: HttpRequest, dataset: Dataset, form: FitForm, status: int = 200
    ) -> HttpResponse:
        context = {"dataset": dataset, "profile": profiles.charts_of(dataset), "form": form}
        return self.page(request, "dataset.html", str(dataset), context, status=status)


def _tell_rows(request: HttpRequest, dataset: Dataset, began_at: datetime) -> None:
    """The same rows are the same data set, whatever a person calls them this time."""
    if dataset.created_at >= began_at:
        messages.success(request, _("%(rows)s rows are in.") % {"rows": dataset.rows})
    else:
        text = _("These rows were in already, as “%(name)s”; no data set was added.")
        messages.info(request, text % {"name": dataset.name})


def _fit_form(dataset: Dataset, request: HttpRequest | None = None) -> FitForm:
    family = next((one for one in families.all() if one.name == dataset.family), None)
    initial = family.recipe.to_json() if family else {}
    return FitForm(request.POST if request else None, initial=initial)


def _to_dataset(pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:registry_dataset_change", args=[pk]))
