from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from apps.registry import tasks
from apps.registry.api.base import REFUSALS, Pages, RegistryView, checked, visible, visible_of_family
from apps.registry.api.serializers import (
    AfterSerializer,
    FamilyQuerySerializer,
    ProgressSerializer,
    QueueRunSerializer,
    RunSerializer,
)
from apps.registry.models import Dataset, Run
from apps.registry.selectors.cards import shown_on_its_page
from apps.registry.selectors.runs import lines_after
from apps.registry.services import runs

LINES_AT_ONCE = 500


class RunListView(RegistryView, generics.ListAPIView[Run]):
    serializer_class = RunSerializer
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Run]:
        found = Run.objects.select_related("version").defer(*shown_on_its_page("version__"))
        return visible_of_family(self.request, found)

    @extend_schema(
        summary="Runs, the newest first",
        parameters=[FamilyQuerySerializer],
        responses={200: RunSerializer(many=True), **REFUSALS},
    )
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return self.list(request)

    @extend_schema(
        summary="Queue a fit", request=QueueRunSerializer, responses={201: RunSerializer, **REFUSALS}
    )
    def post(self, request: Request) -> Response:
        changes = checked(QueueRunSerializer, request.data)
        run = runs.queue_run(
            dataset=get_object_or_404(Dataset, pk=changes.pop("dataset")),
            promote_when_passed=changes.pop("promote_when_passed"),
            changes=changes,
            actor=self.person,
            at=timezone.now(),
        )
        transaction.on_commit(lambda: tasks.dispatch_run(run.pk))
        return Response(RunSerializer(run).data, status=201)


class RunView(RegistryView):
    @extend_schema(
        summary="One run and how far it is",
        operation_id="runs_one",
        responses={200: RunSerializer, **REFUSALS},
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(RunSerializer(_run(request, pk)).data)


class RunCancelView(RegistryView):
    @extend_schema(
        summary="Cancel a run: at once, or at its next step",
        request=None,
        responses={200: RunSerializer, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        run = runs.request_cancel(run=_run(request, pk), actor=self.person, at=timezone.now())
        return Response(RunSerializer(run).data)


class RunRetryView(RegistryView):
    @extend_schema(
        summary="Try a failed or cancelled run again",
        request=None,
        responses={200: RunSerializer, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        run = runs.retry_run(run=_run(request, pk), actor=self.person, at=timezone.now())
        transaction.on_commit(lambda: tasks.dispatch_run(pk))
        return Response(RunSerializer(run).data)


class RunProgressView(RegistryView):
    @extend_schema(
        summary="Lines of the log, and points of the curve",
        parameters=[AfterSerializer],
        responses={200: ProgressSerializer(many=True), **REFUSALS},
    )
    def get(self, request: Request, pk: int) -> Response:
        after = checked(AfterSerializer, request.query_params)["after"]
        lines = lines_after(_run(request, pk), after)[:LINES_AT_ONCE]
        return Response(ProgressSerializer(lines, many=True).data)


def _run(request: Request, pk: int) -> Run:
    return get_object_or_404(visible(request, Run.objects.select_related("version")), pk=pk)
