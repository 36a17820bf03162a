"""Answers that hold a mask: they are sent to nobody, and the lead is told which they are."""

from pathlib import Path

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.support.models import AnswerTemplate, KnowledgeImport
from apps.support.services.imports import preview_import
from tests.apps.support.factories import NOW, make_intent

KNOWLEDGE = "/support/knowledge"


@pytest.fixture
def as_lead(client: Client, lead: User) -> Client:
    client.force_login(lead)
    return client


@pytest.fixture
def imported(lead: User, tmp_path: Path) -> KnowledgeImport:
    path = tmp_path / "faq.csv"
    rows = ["question,answer", "How to pay?,By card.", "How to call you?,Dial +49 30 1234567.", "Who?,We."]
    path.write_text("\n".join(rows), encoding="utf-8")
    return preview_import(path=path, filename="faq.csv", actor=lead, at=NOW)


def test_an_intent_whose_answer_holds_a_mask_is_marked_in_the_list(as_lead: Client) -> None:
    make_intent("refund", answer="Call [PHONE_NUMBER].")
    make_intent("payment", answer="By card.")
    page = as_lead.get(f"{KNOWLEDGE}/").text

    assert page.count("not sent") == 2  # the mark, and the notice that counts them
    assert "The answer of 1 intent below holds a mask" in page


def test_a_mask_in_another_language_is_marked_too(as_lead: Client) -> None:
    refund = make_intent("refund", answer="By card.")
    chinese = {"language": "zh-hans", "body": "请拨打[PHONE_NUMBER]。", "created_at": NOW}
    AnswerTemplate.objects.create(intent=refund, number=1, **chinese)

    assert "not sent" in as_lead.get(f"{KNOWLEDGE}/").text


def test_the_intent_says_why_its_answer_is_not_sent(as_lead: Client) -> None:
    make_intent("refund", answer="Call [PHONE_NUMBER].")
    make_intent("payment", answer="By card.")

    assert "not sent, for it holds [PHONE_NUMBER]" in as_lead.get(f"{KNOWLEDGE}/intents/refund/").text
    assert "not sent" not in as_lead.get(f"{KNOWLEDGE}/intents/payment/").text


def test_an_import_tells_which_answers_it_leaves_out(as_lead: Client, imported: KnowledgeImport) -> None:
    path = f"{KNOWLEDGE}/imports/{imported.pk}/"
    before = as_lead.get(path).text
    after = as_lead.post(f"{path}confirm/", {"language": "en"}, follow=True).text

    assert "The answer of 1 row will be left out" in before
    assert "The answer of 1 row was left out" in after
    assert '<p class="number">3</p>' in after
    assert AnswerTemplate.objects.count() == 2
