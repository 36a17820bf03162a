"""The lead's settings: one row, one page, and each change on the trail."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.utils import translation
from django.utils.html import escape

from apps.accounts.models import AuditEntry, User
from apps.registry.models import Version
from apps.support.engine.scoring import REVISION
from apps.support.models import Certificate, Policy
from apps.support.origins import is_allowed_origin
from apps.support.selectors.policy import current_policy
from apps.support.selectors.standing import stamp_of
from modelcore.evaluation.selective import certify_precision
from tests.apps.support.factories import NOW, make_person
from tests.apps.support.versions import make_champion

pytestmark = pytest.mark.django_db
PAGE = "/support/policy/"
GOOD = {
    "target_precision": "0.98",
    "hold_out_percent": "5",
    "response_minutes": "10",
    "widget_origins": "https://shop.example\nhttps://shop.example",
    "context_url": "https://shop.example/customers",
}


@pytest.fixture
def office(client: Client, lead: User) -> Client:
    client.force_login(lead)
    return client


def test_a_change_is_kept_in_the_one_row_and_on_the_trail(office: Client, lead: User) -> None:
    for _ in range(2):
        told = {**GOOD, "seen": stamp_of(current_policy())}
        assert office.post(PAGE, told).headers["Location"] == PAGE

    policy = Policy.objects.get()
    assert (policy.pk, policy.target_precision, policy.hold_out_share) == (1, 0.98, 0.05)
    assert (policy.response_minutes, policy.widget_origins) == (10, ["https://shop.example"])
    first, again = AuditEntry.objects.filter(action="support.policy_changed").order_by("number")
    assert (first.actor, first.detail["widget_origins"]) == (lead, ["https://shop.example"])
    assert again.detail == {}


def test_two_sites_are_shown_a_line_each_as_they_are_written(office: Client) -> None:
    sites = "https://a.example\nhttps://b.example"
    office.post(PAGE, {**GOOD, "widget_origins": sites, "seen": stamp_of(current_policy())})

    assert f">{sites}</textarea>" in office.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("https://Shop.Example/", "https://shop.example"),
        ("HTTPS://shop.example:443", "https://shop.example"),
        ("http://shop.example:8080", "http://shop.example:8080"),
        ("https://中文.example", "https://xn--fiq228c.example"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_a_site_is_kept_as_browsers_name_it(office: Client, written: str, sent: str) -> None:
    office.post(PAGE, {**GOOD, "widget_origins": written, "seen": stamp_of(current_policy())})

    assert Policy.objects.get().widget_origins == [sent]
    assert is_allowed_origin(sent)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("target_precision", "0.5", "Choose one of the target"),
        ("hold_out_percent", "80", "from 0 to 50 %"),
        ("response_minutes", "soon", "from a minute to a week"),
        ("widget_origins", "shop.example", "“shop.example” is not an origin"),
        ("widget_origins", "https://shop.example/page", "is not an origin"),
        ("widget_origins", "ftp://shop.example", "is not an origin"),
        ("widget_origins", "https://[shop", "is not an origin"),
        ("widget_origins", "https://me@shop.example", "is not an origin"),
        ("widget_origins", "https://shop.example:99999", "is not an origin"),
        ("context_url", "file:///etc/passwd", "as a web server&#x27;s"),
        ("context_url", "https://berth:secret@shop.example", "without a password"),
        ("context_url", "https://shop.example?key=secret", "without a password"),
        ("context_url", "http://169.254.169.254/latest", "as a web server&#x27;s"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_to_be_put_right(
    office: Client, field: str, value: str, sentence: str
) -> None:
    page = office.post(PAGE, {**GOOD, field: value}).text

    assert sentence in page
    assert "https://shop.example" in page
    assert not Policy.objects.exists()


def test_an_auditor_reads_it_and_changes_nothing(client: Client) -> None:
    client.force_login(make_person("otto", "auditor"))

    assert " disabled" in client.get(PAGE).text
    client.post(PAGE, GOOD)
    assert not Policy.objects.exists()


def test_an_outsider_sees_no_policy(client: Client, outsider: User) -> None:
    client.force_login(outsider)

    assert client.get(PAGE).status_code == 403


def certified(version: Version, **fields: Any) -> Certificate:
    defaults = {"target": 0.99, "examples": 20, "scoring_revision": REVISION, "made_at": NOW}
    return Certificate.objects.create(version=version, **{**defaults, **fields})


def test_a_certificate_says_why_it_is_none_in_the_readers_language(office: Client, tmp_path: Path) -> None:
    version = make_champion(tmp_path)
    right = np.ones(20, dtype=bool)
    reason = certify_precision(np.linspace(0.5, 0.9, 20), right, target=0.99).reason
    certified(version, reason=reason)
    templates = {"en": str(reason), "zh-hans": reason.said_with(in_chinese)}

    for language, words in templates.items():
        assert escape(words) in office.get(PAGE, headers={"accept-language": language}).text
    assert templates["zh-hans"] != templates["en"]


def test_the_certificates_that_stand_are_shown_and_none_on_knowledge_of_before(
    office: Client, tmp_path: Path
) -> None:
    version = make_champion(tmp_path)
    for days, threshold in enumerate((0.611, 0.722)):
        for target in (0.95, 0.98):
            at = NOW + timedelta(days=days)
            certified(version, target=target, threshold=threshold, knowledge_digest=str(days), made_at=at)

    page = office.get(PAGE).text

    assert (page.count("0.722"), page.count("0.611")) == (2, 0)


def test_a_champion_that_nobody_has_judged_yet_is_said_to_wait_for_a_worker(
    office: Client, tmp_path: Path
) -> None:
    nobody = "They are made when a version becomes the champion"
    assert nobody in office.get(PAGE).text

    make_champion(tmp_path)

    page = office.get(PAGE).text
    assert "Version 1 is the champion and is not certified yet" in page
    assert nobody not in page


def in_chinese(template: str) -> str:
    with translation.override("zh-hans"):
        return translation.gettext(template)
