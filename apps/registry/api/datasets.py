from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import ApiKey
from apps.registry import families
from apps.registry.api.base import REFUSALS, Pages, RegistryView, checked, visible, visible_of_family
from apps.registry.api.serializers import (
    DatasetDetailSerializer,
    DatasetSerializer,
    FamilyQuerySerializer,
    FamilySerializer,
    UploadSerializer,
)
from apps.registry.models import Dataset
from apps.registry.services.datasets import MAX_UPLOAD_BYTES
from apps.registry.uploads import Told, receive
from modelcore.errors import InputError


class FamilyListView(RegistryView):
    @extend_schema(
        summary="Families and their recipes", responses={200: FamilySerializer(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        seen = [one for one in families.all() if _may_see(request, one.name)]
        return Response(FamilySerializer(seen, many=True).data)


class FamilyView(RegistryView):
    @extend_schema(
        summary="One family", operation_id="families_one", responses={200: FamilySerializer, **REFUSALS}
    )
    def get(self, request: Request, name: str) -> Response:
        if not _may_see(request, name):
            raise Http404
        return Response(FamilySerializer(families.get(name)).data)


class DatasetListView(RegistryView, generics.ListAPIView[Dataset]):
    serializer_class = DatasetSerializer
    pagination_class = Pages
    parser_classes = (MultiPartParser,)

    def get_queryset(self) -> QuerySet[Dataset]:
        return visible_of_family(self.request, Dataset.objects.defer("profile", "audit"))

    @extend_schema(
        summary="Data sets, the newest first",
        parameters=[FamilyQuerySerializer],
        responses={200: DatasetSerializer(many=True), **REFUSALS},
    )
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return self.list(request)

    @extend_schema(
        summary="Upload a file as the command line reads it",
        request={"multipart/form-data": UploadSerializer},
        responses={
            200: OpenApiResponse(DatasetDetailSerializer, "these rows are there already, under this name"),
            201: DatasetDetailSerializer,
            **REFUSALS,
        },
    )
    def post(self, request: Request) -> Response:
        data = checked(UploadSerializer, request.data)
        if data["file"].size > MAX_UPLOAD_BYTES:
            raise InputError("The file is larger than 32 MB; split it or pack it as gz.")
        named = Told(data["family"], data["name"], data["text_column"], data["label_column"])
        began_at = timezone.now()
        dataset = receive(data["file"], named, self.person)
        status = 201 if dataset.created_at >= began_at else 200
        return Response(DatasetDetailSerializer(dataset).data, status=status)


class DatasetView(RegistryView):
    @extend_schema(
        summary="One data set and its profile",
        operation_id="datasets_one",
        responses={200: DatasetDetailSerializer, **REFUSALS},
    )
    def get(self, request: Request, pk: int) -> Response:
        dataset = get_object_or_404(visible(request, Dataset.objects.all()), pk=pk)
        return Response(DatasetDetailSerializer(dataset).data)


def _may_see(request: Request, family: str) -> bool:
    return not isinstance(request.auth, ApiKey) or request.auth.allows_family(family)
