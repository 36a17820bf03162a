from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError

from apps.accounts.models import User
from apps.registry import tasks
from apps.registry.families import Family
from apps.registry.models import Alias, Dataset, Promotion, Run, RunState
from apps.registry.selectors.aliases import champion_of
from apps.registry.services import claims
from apps.registry.services.promotion import promote_version
from modelcore.artifacts import Artifact
from tests.apps.registry.factories import NOW, grow_taught, make_dataset, make_run, make_version

pytestmark = pytest.mark.django_db
CSV = b"text,label\nmy card,card\nlost it,lost\n"


def upload(client: Client, body: bytes, name: str = "mine.csv", **fields: str) -> Any:
    told = {"family": "test-intent", "text_column": "text", "label_column": "label", **fields}
    return client.post(
        reverse("admin:registry_dataset_add"), {**told, "file": SimpleUploadedFile(name, body)}
    )


@pytest.mark.parametrize("who", ["auditor", "agent"])
def test_only_a_model_owner_changes_anything(
    client: Client, family: Family, artifact: Artifact, who: str, request: pytest.FixtureRequest
) -> None:
    version, run, dataset = make_version(family, artifact), make_run(family), make_dataset(family)
    promote_version(version=version, alias="champion", actor=None, reason="first", at=NOW)
    alias = Alias.objects.get()
    client.force_login(request.getfixturevalue(who))
    buttons = [
        ("run_cancel", run.pk),
        ("run_retry", run.pk),
        ("version_promote", version.pk),
        ("version_measure", version.pk),
        ("version_archive", version.pk),
        ("alias_rollback", alias.pk),
        ("dataset_fit", dataset.pk),
    ]

    answers = [client.post(reverse(f"admin:registry_{n}", args=[pk])).status_code for n, pk in buttons]

    assert answers == [403] * len(buttons)
    assert upload(client, CSV).status_code == 403


@pytest.mark.parametrize(
    "name",
    [
        "run_cancel",
        "run_retry",
        "version_promote",
        "version_measure",
        "version_archive",
        "alias_rollback",
        "dataset_fit",
    ],
)
def test_a_button_of_nothing_is_not_found(client: Client, owner: User, name: str) -> None:
    client.force_login(owner)

    assert client.post(reverse(f"admin:registry_{name}", args=[404])).status_code == 404


@pytest.mark.parametrize(
    "name", ["run_cancel", "run_retry", "version_measure", "version_archive", "alias_rollback"]
)
def test_a_link_changes_nothing(client: Client, owner: User, name: str) -> None:
    client.force_login(owner)

    assert client.get(reverse(f"admin:registry_{name}", args=[1])).status_code == 405


def test_an_upload_becomes_a_data_set(
    client: Client, family: Family, owner: User, dispatched: list[int]
) -> None:
    client.force_login(owner)

    answer = upload(client, CSV, name="mine.csv")

    dataset = Dataset.objects.get(source="upload")
    assert answer.url == reverse("admin:registry_dataset_change", args=[dataset.pk])
    assert dataset.created_by == owner


def test_rows_that_are_in_already_are_told_by_their_name(client: Client, family: Family, owner: User) -> None:
    dataset = make_dataset(family)
    client.force_login(owner)

    page = client.post(reverse("admin:registry_dataset_snapshot"), {"family": family.name}, follow=True)

    assert f"were in already, as “{dataset.name}”" in page.content.decode()


@pytest.mark.parametrize(
    ("body", "name", "word"),
    [
        (b"question,topic\na,b\n", "mine.csv", "text"),
        (b"text,label\na\x00,b\nc,d\n", "mine.csv", "NUL"),
        (CSV, "mine.pdf", "pdf"),
    ],
)
def test_a_bad_upload_is_a_form_error_and_changes_nothing(
    client: Client, family: Family, owner: User, body: bytes, name: str, word: str
) -> None:
    client.force_login(owner)

    answer = upload(client, body, name=name)

    assert answer.status_code == 422
    assert word in str(answer.context["form"].errors["file"])
    assert not Dataset.objects.filter(kind="training").exists()


def test_fit_on_this_queues_a_run(
    client: Client,
    family: Family,
    owner: User,
    dispatched: list[int],
    django_capture_on_commit_callbacks: Any,
) -> None:
    dataset = make_dataset(family)
    client.force_login(owner)
    form = {"method": "head", "backbone": "minilm", "epochs": "2", "seed": "7"}

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("admin:registry_dataset_fit", args=[dataset.pk]), form)

    run = Run.objects.get()
    assert (run.recipe["method"], run.recipe["epochs"], run.recipe["seed"]) == ("head", 2, 7)
    assert dispatched == [run.pk]


@pytest.mark.parametrize("change", [{"epochs": "0"}, {"method": "magic"}, {"seed": "x"}, {"backbone": ""}])
def test_a_malformed_fit_queues_nothing(
    client: Client, family: Family, owner: User, change: dict[str, str]
) -> None:
    dataset = make_dataset(family)
    client.force_login(owner)
    form = {"method": "head", "backbone": "minilm", "epochs": "2", "seed": "7", **change}

    assert client.post(reverse("admin:registry_dataset_fit", args=[dataset.pk]), form).status_code == 422
    assert not Run.objects.exists()


def test_promote_shows_the_gate_and_then_promotes(
    client: Client, family: Family, artifact: Artifact, owner: User
) -> None:
    version = make_version(family, artifact)
    client.force_login(owner)
    address = reverse("admin:registry_version_promote", args=[version.pk])
    page = client.get(address).content.decode()
    assert "recorded hash" in page
    assert "The gate passed." in page

    client.post(address, {"alias": "champion", "reason": "first one"})

    assert champion_of(family.name) == version
    assert Promotion.objects.get().actor == owner


def test_who_accepts_a_loss_finds_no_reason_written(
    client: Client, family: Family, artifact: Artifact, owner: User
) -> None:
    champion = make_version(family, artifact)
    promote_version(version=champion, alias="champion", actor=None, reason="first", at=NOW)
    worse = make_version(family, artifact, wrong=range(3))
    client.force_login(owner)

    page = client.get(reverse("admin:registry_version_promote", args=[worse.pk])).content.decode()

    assert "may not become" in page
    assert "The gate passed." not in page


def test_a_promotion_needs_a_reason(client: Client, family: Family, artifact: Artifact, owner: User) -> None:
    version = make_version(family, artifact)
    client.force_login(owner)

    client.post(reverse("admin:registry_version_promote", args=[version.pk]), {"alias": "champion"})

    assert not Promotion.objects.exists()


def test_one_click_rolls_back(client: Client, family: Family, artifact: Artifact, owner: User) -> None:
    first, second = make_version(family, artifact), make_version(family, artifact)
    for version in (first, second):
        promote_version(version=version, alias="champion", actor=None, reason="next", at=NOW)
    client.force_login(owner)

    page = client.get(reverse("admin:registry_version_change", args=[second.pk])).content.decode()
    assert f'name="leaving" value="{second.pk}"' in page
    button = reverse("admin:registry_alias_rollback", args=[Alias.objects.get().pk])
    client.post(button, {"leaving": "no number"})
    assert champion_of(family.name) == second
    client.post(button, {"leaving": second.pk})
    assert champion_of(family.name) == first


def test_a_way_back_is_offered_where_there_is_one(
    client: Client, family: Family, artifact: Artifact, owner: User
) -> None:
    first, second = make_version(family, artifact), make_version(family, artifact)
    client.force_login(owner)
    offers = []
    for version in (first, second):
        promote_version(version=version, alias="champion", actor=None, reason="next", at=NOW)
        page = client.get(reverse("admin:registry_version_change", args=[version.pk]))
        offers.append("back to v1" in page.content.decode())

    assert offers == [False, True]


def test_retry_queues_a_failed_run(
    client: Client, family: Family, owner: User, dispatched: list[int]
) -> None:
    run = make_run(family)
    claim = claims.claim_run(run_id=run.pk, worker="w", at=NOW)
    assert claim
    claims.finish_run(claim=claim, state=RunState.FAILED, at=NOW, error="no")
    client.force_login(owner)

    client.post(reverse("admin:registry_run_retry", args=[run.pk]))

    assert Run.objects.get().state == RunState.QUEUED


def test_measure_is_offered_where_the_gate_misses_a_suite_and_sends_a_worker(
    client: Client,
    growing_family: Family,
    artifact: Artifact,
    owner: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    sent: list[tuple[int, str]] = []
    monkeypatch.setattr(tasks.measure_version, "apply_async", lambda args, queue: sent.append((*args, queue)))
    version = make_version(growing_family, artifact)
    client.force_login(owner)
    page, button = (reverse(f"admin:registry_version_{n}", args=[version.pk]) for n in ("promote", "measure"))
    assert button not in client.get(page).content.decode()
    grow_taught(growing_family, 2)
    assert button in client.get(page).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        answer: Any = client.post(button)

    assert answer.url == page
    assert sent == [(version.pk, tasks.TRAINING_QUEUE)]


def test_a_champion_is_offered_the_other_aliases_alone(
    client: Client, family: Family, artifact: Artifact, owner: User
) -> None:
    version = make_version(family, artifact)
    promote_version(version=version, alias="champion", actor=None, reason="first", at=NOW)
    client.force_login(owner)
    address = reverse("admin:registry_version_promote", args=[version.pk])

    page = client.get(address)
    again = client.post(address, {"alias": "champion", "reason": "again"})

    assert [name for name, _ in page.context["form"].fields["alias"].choices] == ["challenger", "shadow"]
    assert page.context["report"].alias == "challenger"
    assert "alias" in again.context["form"].errors
    assert Promotion.objects.count() == 1


def refuse(*_: Any, **__: Any) -> None:
    raise OperationalError("no broker")


def test_who_asks_for_measures_is_told_that_no_worker_hears_it(
    client: Client, family: Family, artifact: Artifact, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.measure_version, "apply_async", refuse)
    version = make_version(family, artifact)
    client.force_login(owner)

    page = client.post(reverse("admin:registry_version_measure", args=[version.pk]), follow=True)

    assert page.status_code == 200
    assert "try again in a minute" in page.content.decode()
