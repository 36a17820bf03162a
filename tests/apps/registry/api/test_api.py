from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter
from rest_framework.test import APIClient

from apps.accounts import rates
from apps.accounts.models import User
from apps.accounts.services.keys import issue_key
from apps.registry import tasks
from apps.registry.families import Family
from apps.registry.models import Dataset, Promotion, Run
from apps.registry.services import claims
from modelcore.artifacts import Artifact
from modelcore.sentence import Sentence
from modelcore.training.progress import Progress
from tests.apps.registry.factories import NOW, make_dataset, make_run, make_version

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"


@pytest.fixture
def api(owner: User) -> APIClient:
    client = APIClient()
    client.force_login(owner)
    return client


@pytest.fixture
def everything(family: Family, artifact: Artifact) -> list[str]:
    version, run, dataset = make_version(family, artifact), make_run(family), make_dataset(family)
    lists = [f"{ROOT}/{name}/" for name in ("families", "datasets", "runs", "versions", "aliases")]
    return [
        *lists,
        f"{ROOT}/families/{family.name}/",
        f"{ROOT}/datasets/{dataset.pk}/",
        f"{ROOT}/runs/{run.pk}/",
        f"{ROOT}/runs/{run.pk}/progress/?after=0",
        f"{ROOT}/versions/{version.pk}/",
        f"{ROOT}/versions/{version.pk}/evaluations/",
        f"{ROOT}/versions/{version.pk}/gate/",
        f"{ROOT}/comparisons/?a={version.pk}&b={version.pk}",
    ]


@pytest.mark.parametrize(("who", "status"), [("owner", 200), ("auditor", 200), ("agent", 403)])
def test_who_may_read_what(
    everything: list[str], who: str, status: int, request: pytest.FixtureRequest
) -> None:
    client = APIClient()
    client.force_login(request.getfixturevalue(who))

    answers = {page: client.get(page).status_code for page in everything}

    assert answers == dict.fromkeys(everything, status)


def test_nobody_is_refused_with_a_code(everything: list[str]) -> None:
    answer = APIClient().get(everything[0])

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_a_key_reads_its_families_and_changes_nothing(everything: list[str], owner: User) -> None:
    ours = issue_key(name="ours", families=["test-intent"], rate_per_minute=100, created_by=owner)
    theirs = issue_key(name="theirs", families=["other"], rate_per_minute=100, created_by=owner)
    key, foreign = APIClient(), APIClient()
    key.credentials(HTTP_AUTHORIZATION=f"Bearer {ours.raw}")
    foreign.credentials(HTTP_AUTHORIZATION=f"Bearer {theirs.raw}")

    gate = next(page for page in everything if page.endswith("/gate/"))
    read = [page for page in everything if page != gate]
    assert {key.get(page).status_code for page in read} == {200}
    assert key.get(gate).status_code == 403
    assert foreign.get(f"{ROOT}/runs/").json()["count"] == 0
    assert {foreign.get(page).status_code for page in read[5:]} == {404}
    assert key.post(f"{ROOT}/runs/", {"dataset": 1}).status_code == 403


def test_an_auditor_changes_nothing(family: Family, artifact: Artifact, auditor: User) -> None:
    version, run = make_version(family, artifact), make_run(family)
    client = APIClient()
    client.force_login(auditor)
    promote = {"version": version.pk, "reason": "x"}

    answers = [
        client.post(f"{ROOT}/runs/{run.pk}/cancel/"),
        client.post(f"{ROOT}/versions/{version.pk}/archive/"),
        client.post(f"{ROOT}/aliases/promote/", promote),
        client.post(f"{ROOT}/runs/", {"dataset": run.dataset_id}),
    ]

    assert {(a.status_code, a.json()["code"]) for a in answers} == {(403, "permission_denied")}


def test_the_way_from_upload_to_run(api: APIClient, family: Family, dispatched: list[int]) -> None:
    file = SimpleUploadedFile("mine.csv", b"q,l\nmy card,card\nlost it,lost\n")
    told = {"family": family.name, "file": file, "text_column": "q", "label_column": "l"}

    made = api.post(f"{ROOT}/datasets/", told, format="multipart")
    file.seek(0)
    again = api.post(f"{ROOT}/datasets/", told | {"name": "another"}, format="multipart")
    dataset = made.json()
    run = api.post(f"{ROOT}/runs/", {"dataset": dataset["id"], "seed": 3}).json()

    assert (made.status_code, again.status_code) == (201, 200)
    assert again.json()["name"] == dataset["name"]
    assert dataset["profile"]["rows"] == 2
    assert (run["state"], run["recipe"]["seed"], run["version"]) == ("queued", 3, None)
    assert api.post(f"{ROOT}/runs/{run['id']}/cancel/").json()["state"] == "cancelled"
    assert api.post(f"{ROOT}/runs/{run['id']}/retry/").json()["state"] == "queued"


def test_progress_is_read_from_an_id_on(api: APIClient, family: Family) -> None:
    run = make_run(family)
    claim = claims.claim_run(run_id=run.pk, worker="w", at=NOW)
    assert claim
    for step in (1, 2):
        claims.record_progress(
            claim=claim, progress=Progress("train", step, 2, 1.0, None, 1.0, Sentence("")), at=NOW
        )

    first = api.get(f"{ROOT}/runs/{run.pk}/progress/").json()
    rest = api.get(f"{ROOT}/runs/{run.pk}/progress/?after={first[0]['id']}").json()

    assert [line["step"] for line in first] == [1, 2]
    assert [line["step"] for line in rest] == [2]


def test_promote_and_roll_back(api: APIClient, family: Family, artifact: Artifact, owner: User) -> None:
    for _ in range(2):
        version = make_version(family, artifact)
        answer = api.post(f"{ROOT}/aliases/promote/", {"version": version.pk, "reason": "better"})
        assert answer.status_code == 201

    rollback = f"{ROOT}/aliases/{family.name}/champion/rollback/"
    back = api.post(rollback, {"leaving": version.pk})
    again = api.post(rollback, {"leaving": version.pk})

    assert (back.json()["kind"], again.status_code) == ("rollback", 409)
    assert api.get(f"{ROOT}/aliases/").json()[0]["number"] == 1
    assert Promotion.objects.first().actor == owner  # type: ignore[union-attr]  # there are three


def test_the_gate_says_why_not(api: APIClient, family: Family, artifact: Artifact) -> None:
    version = make_version(family, artifact, wrong=range(12))

    answer = api.post(f"{ROOT}/aliases/promote/", {"version": version.pk, "reason": "hope"})

    assert (answer.status_code, answer.json()["code"]) == (409, "gate_refused")
    assert answer.json()["report"]["passed"] is False


def test_losses_are_accepted_against_the_champion_of_the_report(
    api: APIClient, family: Family, artifact: Artifact
) -> None:
    first, other = (make_version(family, artifact, wrong=wrong) for wrong in ((0,), (0, 1)))
    api.post(f"{ROOT}/aliases/promote/", {"version": first.pk, "reason": "first"})
    report = api.get(f"{ROOT}/versions/{other.pk}/gate/").json()
    losses = [loss["label"] for loss in report["label_losses"]]
    told = {"version": other.pk, "reason": "seen", "accept_label_losses": losses}

    stale = api.post(f"{ROOT}/aliases/promote/", {**told, "champion": report["champion"] + 1})
    seen = api.post(f"{ROOT}/aliases/promote/", {**told, "champion": report["champion"]})

    assert (stale.status_code, stale.json()["code"], seen.status_code) == (409, "champion_changed", 201)


BAD: list[tuple[str, str, dict[str, Any], int]] = [
    ("post", "/runs/", {"dataset": "x"}, 400),
    ("post", "/runs/", {"dataset": 404}, 404),
    ("post", "/runs/", {"dataset": 2**80}, 400),
    ("post", "/aliases/promote/", {"version": 404, "reason": "x"}, 404),
    ("post", "/aliases/promote/", {"version": 1}, 400),
    ("post", "/aliases/promote/", {"version": 1, "reason": "x", "champion": "the last"}, 400),
    ("post", "/aliases/promote/", {"version": 1, "alias": "king", "reason": "x"}, 400),
    ("post", "/aliases/no-such/champion/rollback/", {}, 404),
    ("post", "/runs/404/cancel/", {}, 404),
    ("post", "/runs/404/retry/", {}, 404),
    ("post", "/versions/404/archive/", {}, 404),
    ("get", "/runs/99999999999999999999/", {}, 404),
    ("get", "/runs/?page=0", {}, 404),
    ("get", "/runs/?family=%00", {}, 400),
    ("get", "/runs/?family=", {}, 400),
    ("get", "/families/no-such/", {}, 404),
    ("get", "/datasets/404/", {}, 404),
    ("get", "/versions/404/", {}, 404),
    ("get", "/comparisons/?a=1", {}, 400),
    ("get", "/comparisons/?a=404&b=405", {}, 404),
    ("post", "/datasets/", {"family": "test-intent"}, 415),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), BAD)
def test_bad_requests_get_a_sentence_with_a_code(
    api: APIClient, family: Family, method: str, path: str, body: dict[str, Any], status: int
) -> None:
    answer = getattr(api, method)(f"{ROOT}{path}", body or None)

    assert answer.status_code == status
    assert answer.json()["code"]
    assert answer.json()["detail"]
    assert not Run.objects.exists()


def test_what_is_wrong_with_the_whole_body_names_no_field(api: APIClient) -> None:
    answer = api.post(f"{ROOT}/runs/", [], format="json")

    assert answer.json()["detail"] == "Invalid data. Expected a dictionary, but got list."


def test_what_is_not_there_is_said_in_the_readers_language(api: APIClient) -> None:
    answer = api.get(f"{ROOT}/versions/404/", headers={"accept-language": "zh-hans"})

    assert answer.json()["detail"] == "找不到该对象。"


def test_a_body_nested_without_end_is_a_sentence(api: APIClient) -> None:
    answer = api.post(f"{ROOT}/aliases/promote/", b"[" * 100_000, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


@pytest.mark.parametrize(
    "body", [b'{"dataset": 1, "method": "\\ud800"}', b'{"\\udfff": [1]}', b'["\\ud800"]']
)
def test_half_a_character_is_a_sentence(api: APIClient, body: bytes) -> None:
    answer = api.post(f"{ROOT}/runs/", body, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


def test_a_store_that_is_away_is_told_to_a_key(
    owner: User, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = issue_key(name="ours", families=["*"], rate_per_minute=100, created_by=owner)
    away = MovingWindowRateLimiter(RedisStorage("redis://127.0.0.1:1/0"))
    monkeypatch.setattr(rates, "limiter", lambda: away)

    answer = APIClient().get(f"{ROOT}/families/", headers={"Authorization": f"Bearer {issued.raw}"})

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer["Retry-After"] == "5"


@pytest.mark.parametrize(
    ("family_name", "name", "status", "code"),
    [
        ("test-intent", "mine.csv", 400, "bad_input"),
        ("no-such", "mine.csv", 404, "unknown_family"),
        ("test-intent", "mine.exe", 400, "bad_input"),
    ],
)
def test_a_bad_upload_changes_nothing(
    api: APIClient, family: Family, family_name: str, name: str, status: int, code: str
) -> None:
    file = SimpleUploadedFile(name, b"question,topic\na,b\n")

    answer = api.post(f"{ROOT}/datasets/", {"family": family_name, "file": file}, format="multipart")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Dataset.objects.exists()


def test_measuring_is_left_to_a_worker(
    api: APIClient,
    family: Family,
    artifact: Artifact,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    sent: list[int] = []
    monkeypatch.setattr(tasks.measure_version, "apply_async", lambda args, queue: sent.extend(args))
    version = make_version(family, artifact)

    with django_capture_on_commit_callbacks(execute=True):
        answer = api.post(f"{ROOT}/versions/{version.pk}/measure/")

    assert (answer.status_code, sent) == (202, [version.pk])
    assert api.post(f"{ROOT}/versions/404/measure/").status_code == 404
