import pytest

from apps.support.models import AnswerTemplate
from apps.support.selectors.knowledge_pages import intent_rows
from tests.apps.support.factories import NOW, make_intent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "answer"),
    [("en", "We ship abroad."), ("zh-hans", "我们配送到国外。"), ("fr", "We ship abroad.")],
)
def test_an_intent_is_listed_with_its_answer_in_the_readers_language(language: str, answer: str) -> None:
    intent = make_intent(answer="We ship abroad.")
    AnswerTemplate.objects.create(
        intent=intent, language="zh-hans", number=1, body="我们配送到国外。", created_at=NOW
    )
    (row,) = intent_rows(at=NOW, language=language)
    assert row.answer == answer


def test_intents_are_listed_by_their_titles() -> None:
    for title in ("Refund", "Address", "Delivery"):
        make_intent(title.lower(), title=title)

    assert [row.intent.title for row in intent_rows(at=NOW, language="en")] == [
        "Address",
        "Delivery",
        "Refund",
    ]
