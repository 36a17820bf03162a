"""A look for new intents that a worker could not finish."""

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.support.services import suggestions
from tests.apps.support.factories import NOW

PAGE = "/support/knowledge/suggestions/"


def test_a_look_that_failed_says_so_until_the_next(
    client: Client, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(lead)
    client.post(f"{PAGE}find/")
    with monkeypatch.context() as failing:
        failing.setattr(suggestions, "unanswered_questions", lambda at: 1 / 0)
        suggestions.finish_rounds(at=NOW)
    assert "The search for new groups failed" in client.get(PAGE).text

    client.post(f"{PAGE}find/")
    suggestions.finish_rounds(at=NOW)
    assert "among 0 unanswered questions" in client.get(PAGE).text
