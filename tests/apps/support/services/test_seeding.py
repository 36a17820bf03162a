import pytest

from apps.support.engine.placeholders import Source, WhenMissing, typed
from apps.support.engine.sentences import is_chinese
from apps.support.engine.templates import names_in
from apps.support.family import SAMPLES
from apps.support.models import AnswerTemplate, Example, Intent, Placeholder
from apps.support.selectors.knowledge import read_answers, read_placeholders
from apps.support.services.seeding import seed_knowledge
from modelcore.data import read_labelled
from modelcore.privacy import mask
from tests.apps.support.factories import NOW, make_intent

pytestmark = pytest.mark.django_db


def samples() -> list[tuple[str, str]]:
    files = (read_labelled(SAMPLES / name) for name in ("questions.csv", "questions_in_chinese.csv"))
    return [pair for rows in files for pair in zip(rows.texts, rows.labels, strict=True)]


def test_an_empty_service_begins_with_the_samples() -> None:
    assert seed_knowledge(at=NOW)
    assert Intent.objects.count() >= AnswerTemplate.objects.filter(language="en").count() >= 40
    assert Example.objects.filter(state="approved", source="sample").count() == len(samples())


def test_examples_are_the_samples_without_personal_data() -> None:
    seed_knowledge(at=NOW)
    stored = list(Example.objects.order_by("pk").values_list("text", "intent__name"))
    assert stored == [(mask(text).text, label) for text, label in samples()]
    assert sum("[EMAIL_ADDRESS]" in text for text, _ in stored) > 0


def test_what_is_asked_in_chinese_is_answered_in_chinese() -> None:
    seed_knowledge(at=NOW)
    asked = {label for text, label in samples() if is_chinese(text)}
    answers = AnswerTemplate.objects.values_list("intent__name", "language")
    answered_in_english = {intent for intent, language in answers if language == "en"}
    assert asked & answered_in_english == {intent for intent, language in answers if language == "zh-hans"}


def test_seeding_again_changes_nothing() -> None:
    seed_knowledge(at=NOW)
    Placeholder.objects.filter(name="return_days").update(value="14")
    assert not seed_knowledge(at=NOW)
    assert Placeholder.objects.get(name="return_days").value == "14"


def test_knowledge_of_ones_own_is_left_alone() -> None:
    make_intent("own_intent")
    assert not seed_knowledge(at=NOW)
    assert Intent.objects.count() == 1


def test_every_placeholder_of_the_answers_is_defined_and_says_what_it_needs() -> None:
    seed_knowledge(at=NOW)
    defined = {one.name: one for one in read_placeholders()}
    for body in read_answers().knowledge.answers.values():
        for name in names_in(body):
            placeholder = defined[name]
            if placeholder.source is Source.SETTING:
                assert typed(placeholder.value, placeholder.kind), name
            assert placeholder.question or placeholder.when_missing is not WhenMissing.ASK, name
