from dataclasses import asdict

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from apps.registry import tasks
from apps.registry.api.base import (
    REFUSALS,
    Pages,
    RegistryView,
    StoreAwayError,
    checked,
    visible,
    visible_of_family,
)
from apps.registry.api.serializers import (
    AliasSerializer,
    ComparisonQuerySerializer,
    EvaluationSerializer,
    FamilyQuerySerializer,
    GateQuerySerializer,
    PromoteSerializer,
    PromotionSerializer,
    RollbackSerializer,
    VersionDetailSerializer,
    VersionSerializer,
)
from apps.registry.models import Alias, Version
from apps.registry.selectors.comparison import compare_versions
from apps.registry.services.gate import evaluate_gate
from apps.registry.services.promotion import AcceptedLosses, promote_version, rollback_alias
from apps.registry.services.versions import archive_version


class VersionListView(RegistryView, generics.ListAPIView[Version]):
    serializer_class = VersionSerializer
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Version]:
        return visible_of_family(
            self.request, Version.objects.prefetch_related("aliases").defer("manifest", "card")
        )

    @extend_schema(
        summary="Versions by family, the newest first",
        parameters=[FamilyQuerySerializer],
        responses={200: VersionSerializer(many=True), **REFUSALS},
    )
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return self.list(request)


class VersionView(RegistryView):
    @extend_schema(
        summary="One version with its manifest and card",
        operation_id="versions_one",
        responses={200: VersionDetailSerializer, **REFUSALS},
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(VersionDetailSerializer(_version(request, pk)).data)


class VersionEvaluationsView(RegistryView):
    @extend_schema(
        summary="What a version answered to its suites",
        responses={200: EvaluationSerializer(many=True), **REFUSALS},
    )
    def get(self, request: Request, pk: int) -> Response:
        evaluations = _version(request, pk).evaluations.all()
        return Response(EvaluationSerializer(evaluations, many=True).data)


class VersionGateView(RegistryView):
    methods_of_keys = ()  # the whole artifact is read for it, and no key promotes

    @extend_schema(
        summary="What the gate says of a version",
        parameters=[GateQuerySerializer],
        responses={200: OpenApiTypes.OBJECT, **REFUSALS},
    )
    def get(self, request: Request, pk: int) -> Response:
        alias = checked(GateQuerySerializer, request.query_params)["alias"]
        report = evaluate_gate(_version(request, pk), alias=alias)
        return Response(report.to_json())


class VersionMeasureView(RegistryView):
    @extend_schema(
        summary="Have measured what the gate misses", request=None, responses={202: None, **REFUSALS}
    )
    def post(self, request: Request, pk: int) -> Response:
        """A worker measures it, and the champion, on the suites that the gate misses."""
        version = _version(request, pk)
        if not tasks.dispatch_measuring(version.pk):
            raise StoreAwayError
        return Response(status=202)


class VersionArchiveView(RegistryView):
    @extend_schema(
        summary="Archive a version that is not live",
        request=None,
        responses={200: VersionSerializer, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        version = archive_version(version=_version(request, pk), actor=self.person, at=timezone.now())
        return Response(VersionSerializer(version).data)


class AliasListView(RegistryView):
    @extend_schema(
        summary="What the aliases point to",
        parameters=[FamilyQuerySerializer],
        responses={200: AliasSerializer(many=True), **REFUSALS},
    )
    def get(self, request: Request) -> Response:
        aliases = Alias.objects.filter(version__isnull=False).select_related("version")
        return Response(AliasSerializer(visible_of_family(request, aliases), many=True).data)


class PromoteView(RegistryView):
    @extend_schema(
        summary="Let an alias point to a version, through the gate",
        request=PromoteSerializer,
        responses={201: PromotionSerializer, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        data = checked(PromoteSerializer, request.data)
        promotion = promote_version(
            version=_version(request, data["version"]),
            alias=data["alias"],
            actor=self.person,
            reason=data["reason"],
            at=timezone.now(),
            accepted=AcceptedLosses(tuple(data["accept_label_losses"]), data["champion"]),
        )
        return Response(PromotionSerializer(promotion).data, status=201)


class RollbackView(RegistryView):
    @extend_schema(
        summary="Let an alias point to its earlier version",
        request=RollbackSerializer,
        responses={201: PromotionSerializer, **REFUSALS},
    )
    def post(self, request: Request, family: str, alias: str) -> Response:
        leaving = checked(RollbackSerializer, request.data)["leaving"]
        found = get_object_or_404(visible(request, Alias.objects.all()), family=family, name=alias)
        promotion = rollback_alias(
            family=found.family,
            alias=found.name,
            actor=self.person,
            at=timezone.now(),
            leaving=leaving,
        )
        return Response(PromotionSerializer(promotion).data, status=201)


class ComparisonView(RegistryView):
    @extend_schema(
        summary="Two versions side by side",
        parameters=[ComparisonQuerySerializer],
        responses={200: OpenApiTypes.OBJECT, **REFUSALS},
    )
    def get(self, request: Request) -> Response:
        data = checked(ComparisonQuerySerializer, request.query_params)
        found = compare_versions(
            _version(request, data["a"]), _version(request, data["b"]), suite=data["suite"]
        )
        body = {
            "a": found.a.pk,
            "b": found.b.pk,
            "suite": found.suite,
            "suite_digest": found.suite_digest,
            "examples": found.examples,
            "metrics": [asdict(row) for row in found.metrics],
            "paired": asdict(found.paired),
            "labels": [{**asdict(row), "difference": row.difference} for row in found.labels],
            "disagreements": [{**asdict(one), "kind": one.kind} for one in found.disagreements],
        }
        return Response(body)


def _version(request: Request, pk: int) -> Version:
    versions = Version.objects.prefetch_related("aliases")
    return get_object_or_404(visible(request, versions), pk=pk)
