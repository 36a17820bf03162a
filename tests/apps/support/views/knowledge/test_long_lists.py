"""What the lead reads may be hundreds: a page shows so many as people decide or look at at once."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.support.models import AnswerSuggestion, Article, Intent, IntentSuggestion
from tests.apps.support.factories import NOW, make_example

pytestmark = pytest.mark.django_db
MORE = "More follow once these are decided."


@pytest.mark.parametrize(("waiting", "shown"), [(30, 30), (31, 30)])
def test_of_many_suggested_intents_the_first_are_shown(
    client: Client, lead: User, waiting: int, shown: int
) -> None:
    client.force_login(lead)
    IntentSuggestion.objects.bulk_create(
        IntentSuggestion(title=f"group {place}", cohesion=0.9, texts=["a"], created_at=NOW)
        for place in range(waiting)
    )

    page = client.get(reverse("support:suggestions")).content.decode()

    assert page.count("<h2>group ") == shown
    assert (MORE in page) is (waiting > shown)


@pytest.mark.parametrize(("waiting", "shown"), [(50, 50), (51, 50)])
def test_of_many_suggested_answers_the_first_are_shown(
    client: Client, lead: User, tracking: Intent, waiting: int, shown: int
) -> None:
    client.force_login(lead)
    AnswerSuggestion.objects.bulk_create(
        AnswerSuggestion(intent=tracking, language="en", body=f"body {place}", author=lead, created_at=NOW)
        for place in range(waiting)
    )

    page = client.get(reverse("support:examples")).content.decode()

    assert page.count(">body ") == shown
    assert (MORE in page) is (waiting > shown)


@pytest.mark.parametrize(("waiting", "shown"), [(100, 100), (101, 100)])
def test_of_many_conflicts_the_first_are_shown(
    client: Client, lead: User, tracking: Intent, refund: Intent, waiting: int, shown: int
) -> None:
    client.force_login(lead)
    for place in range(waiting):
        for intent in (tracking, refund):
            make_example(intent, f"text {place}")

    page = client.get(reverse("support:conflicts")).content.decode()

    assert page.count("<strong>text ") == shown
    assert (MORE in page) is (waiting > shown)


def test_thousands_of_intents_come_a_page_at_a_time(client: Client, lead: User) -> None:
    client.force_login(lead)
    Intent.objects.bulk_create(
        Intent(name=f"intent_{place:03}", title=f"intent {place:03}", created_at=NOW) for place in range(201)
    )

    pages = [client.get(reverse("support:intents"), {"page": page}).text for page in (1, 2)]

    assert ["intent 000" in page for page in pages] == [True, False]
    assert ["intent 200" in page for page in pages] == [False, True]


def test_many_articles_are_read_by_pages(client: Client, lead: User) -> None:
    client.force_login(lead)
    Article.objects.bulk_create(
        Article(slug=f"a{place}", number=1, title=f"Article {place:03}", created_at=NOW)
        for place in range(201)
    )

    first, last = (client.get(reverse("support:articles"), {"page": number}).text for number in (1, 2))

    assert ("Article 000" in first, "Article 200" in first) == (True, False)
    assert ("Article 000" in last, "Article 200" in last) == (False, True)
