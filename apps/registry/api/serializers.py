from typing import Any

from rest_framework import serializers

from apps.registry.models import Alias, AliasName, Dataset, Evaluation, Promotion, Run, RunProgress, Version
from apps.registry.selectors.profiles import readable_profile
from apps.registry.selectors.promotions import gate_report_of
from apps.ui.sentences import said
from modelcore.training.recipe import METHODS

LARGEST_ID = 2**63 - 1


class SaidField(serializers.CharField):
    """A sentence of modelcore in the reader's language."""

    def to_representation(self, value: str) -> str:
        return said(value)


class FamilySerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field named like DRF's own attribute
    task = serializers.CharField()
    recipe = serializers.SerializerMethodField()
    suites = serializers.SerializerMethodField()

    def get_recipe(self, family: Any) -> dict[str, Any]:
        recipe: dict[str, Any] = family.recipe.to_json()
        return recipe

    def get_suites(self, family: Any) -> list[str]:
        return [suite.name for suite in family.suites]


class DatasetSerializer(serializers.ModelSerializer[Dataset]):
    class Meta:
        model = Dataset
        fields = (
            "id",
            "family",
            "name",
            "kind",
            "suite",
            "format",
            "digest",
            "rows",
            "erased_rows",
            "labels",
            "source",
            "source_name",
            "created_at",
        )
        read_only_fields = fields


class DatasetDetailSerializer(DatasetSerializer):
    profile = serializers.SerializerMethodField()

    class Meta:
        model = Dataset
        fields = (*DatasetSerializer.Meta.fields, "profile")
        read_only_fields = fields

    def get_profile(self, dataset: Dataset) -> dict[str, Any]:
        return readable_profile(dataset)


class UploadSerializer(serializers.Serializer[Any]):
    family = serializers.CharField(max_length=64)
    file = serializers.FileField(max_length=200)
    name = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    text_column = serializers.CharField(max_length=100, required=False, default="text")
    label_column = serializers.CharField(max_length=100, required=False, default="label")


class QueueRunSerializer(serializers.Serializer[Any]):
    # All but the data set and the wish to promote are changes of the family's recipe.
    dataset = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    method = serializers.ChoiceField(choices=METHODS, required=False)
    backbone = serializers.CharField(max_length=200, required=False)
    epochs = serializers.IntegerField(min_value=1, max_value=200, required=False, allow_null=True)
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    promote_when_passed = serializers.BooleanField(required=False, default=False)


class RunSerializer(serializers.ModelSerializer[Run]):
    version = serializers.SerializerMethodField()
    percent = serializers.IntegerField(read_only=True)
    situation = serializers.CharField(read_only=True)
    error = SaidField(read_only=True)

    class Meta:
        model = Run
        fields = (
            "id",
            "family",
            "dataset",
            "recipe",
            "promote_when_passed",
            "state",
            "situation",
            "attempt",
            "phase",
            "step",
            "total_steps",
            "percent",
            "loss",
            "metric",
            "eta_seconds",
            "error",
            "queued_at",
            "started_at",
            "finished_at",
            "version",
        )
        read_only_fields = fields

    def get_version(self, run: Run) -> int | None:
        version = getattr(run, "version", None)
        return version.pk if version else None


class ProgressSerializer(serializers.ModelSerializer[RunProgress]):
    message = SaidField(read_only=True)

    class Meta:
        model = RunProgress
        fields = (
            "id",
            "attempt",
            "phase",
            "step",
            "total_steps",
            "loss",
            "metric",
            "eta_seconds",
            "message",
            "at",
        )
        read_only_fields = fields


class AfterSerializer(serializers.Serializer[Any]):
    after = serializers.IntegerField(min_value=0, max_value=LARGEST_ID, required=False, default=0)


class VersionSerializer(serializers.ModelSerializer[Version]):
    aliases: serializers.SlugRelatedField[Alias] = serializers.SlugRelatedField(
        "name", many=True, read_only=True
    )

    class Meta:
        model = Version
        fields = (
            "id",
            "family",
            "number",
            "digest",
            "run",
            "dataset",
            "size_bytes",
            "metrics",
            "latency",
            "aliases",
            "created_at",
            "archived_at",
        )
        read_only_fields = fields


class VersionDetailSerializer(VersionSerializer):
    class Meta:
        model = Version
        fields = (*VersionSerializer.Meta.fields, "manifest", "card")
        read_only_fields = fields


class EvaluationSerializer(serializers.ModelSerializer[Evaluation]):
    class Meta:
        model = Evaluation
        fields = ("suite", "suite_digest", "metrics", "predictions", "created_at")
        read_only_fields = fields


class AliasSerializer(serializers.ModelSerializer[Alias]):
    number = serializers.IntegerField(source="version.number", read_only=True)

    class Meta:
        model = Alias
        fields = ("family", "name", "version", "number", "changed_at")
        read_only_fields = fields


class PromotionSerializer(serializers.ModelSerializer[Promotion]):
    reason = SaidField(read_only=True)
    gate_report = serializers.SerializerMethodField()

    def get_gate_report(self, promotion: Promotion) -> dict[str, Any]:
        return gate_report_of(promotion)

    class Meta:
        model = Promotion
        fields = (
            "id",
            "family",
            "alias",
            "kind",
            "from_version",
            "to_version",
            "reason",
            "gate_report",
            "at",
        )
        read_only_fields = fields


class PromoteSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    alias = serializers.ChoiceField(choices=AliasName.choices, default=AliasName.CHAMPION)
    reason = serializers.CharField(max_length=500)
    accept_label_losses = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, default=list, max_length=1000
    )
    champion = serializers.IntegerField(
        min_value=1,
        max_value=LARGEST_ID,
        allow_null=True,
        default=None,
        help_text="Its number in the gate's report: with it, losses are accepted against no other champion.",
    )


class RollbackSerializer(serializers.Serializer[Any]):
    leaving = serializers.IntegerField(
        min_value=1,
        max_value=LARGEST_ID,
        allow_null=True,
        default=None,
        help_text="The version that the alias points to, by its id: with it, asking twice goes back once.",
    )


class GateQuerySerializer(serializers.Serializer[Any]):
    alias = serializers.ChoiceField(choices=AliasName.choices, default=AliasName.CHAMPION)


class FamilyQuerySerializer(serializers.Serializer[Any]):
    family = serializers.CharField(max_length=64, required=False)


class ComparisonQuerySerializer(serializers.Serializer[Any]):
    a = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    b = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    suite = serializers.CharField(max_length=64, required=False, default="")
