"""What the gate and Berth itself wrote at a promotion is said to each reader in their language."""

from dataclasses import fields

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from apps.accounts.models import User
from apps.registry.families import Family
from apps.registry.models import Promotion
from apps.registry.names import SETTINGS
from apps.registry.selectors.promotions import gate_report_of
from apps.registry.services.promotion import promote_version, rollback_alias
from modelcore.artifacts import Artifact
from modelcore.training.recipe import Recipe
from tests.apps.registry.factories import NOW, make_version

pytestmark = pytest.mark.django_db
IN_CHINESE = {"Accept-Language": "zh-hans"}


@pytest.fixture
def rollback(family: Family, artifact: Artifact) -> Promotion:
    """Somebody who reads Chinese promoted twice and went back."""
    with translation.override("zh-hans"):
        for _ in range(2):
            version = make_version(family, artifact)
            promote_version(version=version, alias="champion", actor=None, reason="更好", at=NOW)
        return rollback_alias(family=family.name, alias="champion", actor=None, at=NOW)


def sentences(promotion: Promotion) -> list[str]:
    return [check["sentence"] for check in gate_report_of(promotion)["checks"]]


def test_a_gate_report_is_read_in_the_readers_language(rollback: Promotion) -> None:
    first = Promotion.objects.earliest("pk")

    assert "accuracy on held-out is 100.0 %; the policy asks for 50.0 %." in sentences(first)
    with translation.override("zh-hans"):
        assert "留出集上的准确率为 100.0%；要求至少 50.0%。" in sentences(first)


def test_a_reason_that_a_person_wrote_stays_and_one_of_ours_is_translated(
    client: Client, auditor: User, rollback: Promotion
) -> None:
    client.force_login(auditor)
    page = reverse("admin:registry_promotion_changelist")

    english, chinese = (client.get(page, headers=h).content.decode() for h in ({}, IN_CHINESE))

    assert "更好" in english
    assert "Rollback from v2." in english
    assert "从 v2 回滚。" in chinese


def test_a_report_of_an_earlier_berth_stays_readable(rollback: Promotion) -> None:
    rollback.gate_report = {"checks": [{"name": "artifact", "passed": True, "sentence": "全部完好。"}]}

    assert sentences(rollback) == ["全部完好。"]


def test_the_form_offers_a_reason_that_everybody_reads(
    client: Client, owner: User, family: Family, artifact: Artifact
) -> None:
    version = make_version(family, artifact)
    client.force_login(owner)
    form = {"alias": "champion", "reason": "准入检查已通过。"}

    client.post(reverse("admin:registry_version_promote", args=[version.pk]), form, headers=IN_CHINESE)

    assert Promotion.objects.get().reason == "The gate passed."


def test_every_setting_of_a_recipe_has_words() -> None:
    assert set(SETTINGS) == {field.name for field in fields(Recipe)}


def test_settings_are_named_in_the_readers_language(
    client: Client, family: Family, artifact: Artifact, owner: User
) -> None:
    version = make_version(family, artifact)
    version.manifest["recipe"] = {"method": "full", "class_weights": False}
    version.save()
    client.force_login(owner)

    page = client.get(reverse("admin:registry_version_change", args=[version.pk]), headers=IN_CHINESE)

    assert '<dt title="class_weights">类别权重</dt><dd>否</dd>' in page.content.decode()
