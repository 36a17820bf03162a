import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.db import connections

from apps.accounts.models import User
from apps.support.models import IntentSuggestion, KnowledgeImport
from apps.support.services import suggestions
from apps.support.services.suggestions import suggest_intents
from tests.apps.support.factories import NOW


def group() -> int:
    try:
        return suggest_intents(at=NOW)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_two_groupings_at_once_leave_the_groups_of_one(lead: User, monkeypatch: pytest.MonkeyPatch) -> None:
    KnowledgeImport.objects.create(
        kind=KnowledgeImport.Kind.DIALOGUES,
        filename="said.jsonl",
        rows=[{"question": "where is my parcel", "intent": ""}],
        author=lead,
        created_at=NOW,
        imported_at=NOW,
    )
    both = threading.Barrier(2)
    monkeypatch.setattr("modelcore.training.frozen.features_of", lambda texts: both.wait(10))
    monkeypatch.setattr(suggestions, "cluster", lambda _: [SimpleNamespace(places=[0], cohesion=0.9)])

    with ThreadPoolExecutor(2) as pool:
        made = [one.result(20) for one in [pool.submit(group) for _ in range(2)]]

    assert (made, IntentSuggestion.objects.count()) == ([1, 1], 1)
