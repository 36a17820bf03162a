from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.registry.families import Family
from apps.registry.models import Dataset, Promotion, Run, RunState
from apps.registry.services import claims
from apps.registry.services.erasure import erase_rows
from apps.registry.services.promotion import promote_version
from apps.registry.services.versions import Measured, record_measured, register_version
from modelcore.artifacts import Artifact
from modelcore.data import TextPairs
from modelcore.sentence import Sentence
from modelcore.serving import Predictor
from modelcore.serving.evaluating import evaluate
from modelcore.training.progress import Progress
from tests.apps.registry.factories import (
    NOW,
    answers,
    grow_taught,
    make_measured_version,
    make_run,
    make_version,
)
from tests.apps.serving.tiny_artifact import write_classifier, write_embedder, write_tagger

pytestmark = pytest.mark.django_db


def promoted(family: Family, artifact: Artifact) -> Promotion:
    version = make_version(family, artifact)
    return promote_version(version=version, alias="champion", actor=None, reason="first", at=NOW)


@pytest.fixture
def pages(family: Family, artifact: Artifact) -> list[str]:
    promotion = promoted(family, artifact)
    other = make_version(family, artifact, wrong=(0, 5), run=make_run(family))
    dataset = Dataset.objects.filter(kind="training").get()
    version = promotion.to_version
    lists = [
        reverse(f"admin:registry_{name}_changelist")
        for name in ("dataset", "run", "version", "alias", "promotion")
    ]
    return [
        reverse("admin:index"),
        *lists,
        reverse("admin:registry_dataset_change", args=[dataset.pk]),
        reverse("admin:registry_run_change", args=[other.run_id]),
        reverse("admin:registry_run_live", args=[other.run_id]),
        reverse("admin:registry_version_change", args=[other.pk]),
        reverse("admin:registry_promotion_change", args=[promotion.pk]),
        reverse("admin:registry_version_compare") + f"?a={version.pk}&b={other.pk}",
    ]


@pytest.mark.parametrize("who", ["owner", "auditor"])
def test_owners_and_auditors_read_every_page(
    client: Client, pages: list[str], who: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))

    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_pages_are_read_though_every_row_was_erased(
    client: Client, pages: list[str], family: Family, owner: User
) -> None:
    client.force_login(owner)
    erase_rows(family=family.name, is_erased=lambda _text: True, at=NOW)

    *others, comparison = pages
    assert {client.get(page).status_code for page in others} == {200}
    assert "were not measured on the same rows" in client.get(comparison).content.decode()
    fit = reverse("admin:registry_dataset_fit", args=[Dataset.objects.get(kind="training").pk])
    form = {"method": "head", "backbone": "minilm", "epochs": "2", "seed": "7"}
    page = client.post(fit, form, follow=True)
    assert "Every row of this data set was erased" in page.content.decode()


def test_the_card_of_an_encoder_shows_how_well_it_finds(
    client: Client, family: Family, owner: User, tmp_path: Path
) -> None:
    encoder = write_embedder(tmp_path / "encoder")
    pairs = TextPairs(anchors=("card", "lost card"), positives=("my card", "lost my card"))
    measured = evaluate(Predictor.open(encoder.path), pairs)
    version = register_version(
        family=family.name,
        artifact=encoder,
        at=NOW,
        measured=[Measured("held-out", "digest", measured.metrics, measured.predictions)],
    )
    client.force_login(owner)

    page = client.get(reverse("admin:registry_version_change", args=[version.pk])).content.decode()

    assert "hit rate at 1</dt><dd>100.0 %<small>34.2 % – 100.0 %</small>" in page
    assert "NDCG at 10" in page
    assert "<th>Hit rate at 1</th>" in page
    assert "<dt>Labels</dt>" not in page


def test_the_card_of_a_tagger_counts_what_people_marked(
    client: Client, family: Family, owner: User, tmp_path: Path
) -> None:
    tagger = write_tagger(tmp_path / "tagger", word=7)
    metrics = {"f1": 0.75, "precision": 0.8, "recall": 0.7}
    version = register_version(
        family=family.name, artifact=tagger, at=NOW, measured=[Measured("held-out", "digest", metrics, [])]
    )
    client.force_login(owner)

    page = client.get(reverse("admin:registry_version_change", args=[version.pk])).content.decode()
    listed = client.get(reverse("admin:registry_version_changelist")).content.decode()

    assert "<dt>Labels</dt><dd>1</dd>" in page
    assert "Texts without any mistake" in page
    assert "75.0 % F1" in listed


def test_a_run_that_ended_without_a_step_promises_no_curve(
    client: Client, owner: User, family: Family
) -> None:
    client.force_login(owner)
    run = make_run(family)
    page = reverse("admin:registry_run_change", args=[run.pk])

    assert "No point of the curve yet." in client.get(page).content.decode()
    Run.objects.update(state=RunState.SUCCEEDED)
    assert "No step of training was logged." in client.get(page).content.decode()


def test_the_list_of_runs_shows_what_came_out(
    client: Client, family: Family, owner: User, artifact: Artifact
) -> None:
    run = make_run(family)
    make_version(family, artifact, run=run)
    make_run(family)
    client.force_login(owner)

    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("admin:registry_run_changelist")).content.decode()

    assert page.count('class="field-result') == 2
    assert page.count("100.0 % accuracy") == 1
    assert not any("predictions" in query["sql"] for query in queries)


def test_only_versions_of_a_family_that_has_several_are_offered_to_compare(
    client: Client, family: Family, owner: User, artifact: Artifact
) -> None:
    client.force_login(owner)
    address = reverse("admin:registry_version_changelist")
    first = make_version(family, artifact)
    assert 'name="a"' not in client.get(address).content.decode()

    second = make_version(family, artifact, wrong=(0,))

    page = client.get(address).content.decode()
    assert f'<option value="{second.pk}">' in page
    assert f'<option value="{first.pk}" selected>' in page


def test_an_agent_sees_nothing_of_the_registry(client: Client, pages: list[str], agent: User) -> None:
    client.force_login(agent)

    answers = [client.get(page).status_code for page in pages[1:]]

    assert answers == [403] * len(answers)


def test_who_is_not_signed_in_is_asked_to(client: Client, pages: list[str]) -> None:
    assert {client.get(page).status_code for page in pages} == {302}


def test_pages_hold_no_inline_script_or_style(client: Client, pages: list[str], owner: User) -> None:
    client.force_login(owner)

    bodies = [client.get(page).content.decode() for page in pages if page.endswith("/live/")]

    assert bodies
    assert all("<script" not in body and "style=" not in body for body in bodies)


def test_a_running_run_shows_its_curve_and_follows_its_stream(
    client: Client, family: Family, owner: User
) -> None:
    run = make_run(family)
    claim = claims.claim_run(run_id=run.pk, worker="w", at=NOW)
    assert claim
    for step in (1, 2, 3):
        progress = Progress("train", step, 10, 1 / step, None, 9.0, Sentence(""))
        claims.record_progress(claim=claim, progress=progress, at=NOW)
    client.force_login(owner)

    body = client.get(reverse("admin:registry_run_live", args=[run.pk])).content.decode()

    # It was queued, claimed and told of three steps.
    assert f'data-stream="run:{run.pk}" data-stream-seq="5"' in body
    assert 'hx-trigger="stream-grew"' in body
    assert '<path class="curve"' in body
    assert "Worker lost" in body  # NOW is long ago


def test_an_ended_run_follows_nothing(client: Client, family: Family, owner: User) -> None:
    run = make_run(family)
    client.force_login(owner)
    client.post(reverse("admin:registry_run_cancel", args=[run.pk]))

    body = client.get(reverse("admin:registry_run_live", args=[run.pk])).content.decode()

    assert Run.objects.get().state == "cancelled"
    assert "hx-get" not in body
    assert "data-stream" not in body


def test_the_upload_page_says_what_each_family_reads(client: Client, owner: User) -> None:
    client.force_login(owner)

    hint = client.get(reverse("admin:registry_dataset_add")).context["form"].fields["file"].help_text

    assert "Sentiment polarity, Support intent: csv" in hint
    assert "Personal data: json or jsonl with spans; conll, bio or iob." in hint


def test_the_comparison_filters_examples(
    client: Client, family: Family, artifact: Artifact, owner: User
) -> None:
    a, b = make_version(family, artifact), make_version(family, artifact, wrong=(0, 1, 2))
    client.force_login(owner)
    address = reverse("admin:registry_version_compare") + f"?a={a.pk}&b={b.pk}&show="

    shown = {
        kind: len(client.get(address + kind).context["examples"].object_list)
        for kind in ("a_right", "b_right")
    }

    assert shown == {"a_right": 3, "b_right": 0}


def test_the_comparison_offers_the_suites_that_both_versions_answered(
    client: Client, growing_family: Family, artifact: Artifact, owner: User
) -> None:
    a, b = make_version(growing_family, artifact), make_version(growing_family, artifact, wrong=(0, 1))
    client.force_login(owner)
    address = reverse("admin:registry_version_compare") + f"?a={a.pk}&b={b.pk}"
    alone = client.get(address).content.decode()
    taught = grow_taught(growing_family, 2)
    for version in (a, b):
        record_measured(version=version, measured=[replace(answers(taught, ()), suite="taught")], at=NOW)

    several = client.get(address + "&suite=taught")

    assert several.context["comparison"].suites == ("held-out", "taught")
    assert several.context["comparison"].suite == "taught"
    assert '<option value="taught" selected>taught</option>' in several.content.decode()
    assert 'name="suite"' not in alone


@pytest.mark.parametrize("query", ["", "?a=1", "?a=x&b=y", "?a=99999999999999999999&b=1", "?a=404&b=404"])
def test_a_malformed_comparison_is_not_found(client: Client, owner: User, query: str) -> None:
    client.force_login(owner)

    assert client.get(reverse("admin:registry_version_compare") + query).status_code == 404


@pytest.mark.parametrize("name", ["dataset", "run", "version", "promotion"])
def test_a_missing_row_leads_back(client: Client, owner: User, name: str) -> None:
    client.force_login(owner)

    assert client.get(reverse(f"admin:registry_{name}_change", args=[404])).status_code == 302


def test_a_label_of_the_suite_that_a_version_never_learned_is_in_its_confusion(
    client: Client, family: Family, artifact: Artifact, owner: User, tmp_path: Path
) -> None:
    other = make_version(family, artifact)
    version = make_measured_version(family, write_classifier(tmp_path / "narrow", ("card", "lost")))
    client.force_login(owner)

    card = client.get(reverse("admin:registry_version_change", args=[version.pk]))
    compared = client.get(reverse("admin:registry_version_compare") + f"?a={other.pk}&b={version.pk}")

    for page in (card, compared):
        assert "refund answered as " in page.content.decode()
