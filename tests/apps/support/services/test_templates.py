from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connections

from apps.accounts.models import User
from apps.support.errors import AlreadyDecidedError
from apps.support.models import AnswerSuggestion, AnswerTemplate
from apps.support.services.languages import LanguageError
from apps.support.services.placeholders import PlaceholderError, PlaceholderText, save_placeholder
from apps.support.services.standing import ChangedMeanwhileError
from apps.support.services.templates import (
    BrokenPlaceholderError,
    Text,
    UnknownPlaceholderError,
    accept_answer,
    dismiss_answer,
    save_article,
    save_template,
    write_answer,
)
from tests.apps.support.factories import NOW, make_intent

pytestmark = pytest.mark.django_db


def save(lead: User, body: str) -> AnswerTemplate:
    return save_template(intent=make_intent("track"), language="zh-hans", body=body, author=lead, at=NOW)


def test_an_answer_names_its_placeholders_in_any_script(lead: User) -> None:
    number = PlaceholderText("订单号", "text", "customer", "", "", "hand_over", "", "")
    save_placeholder(text=number, seen="")

    assert save(lead, "您的订单 {{ 订单号 }} 已发货").body == "您的订单 {{订单号}} 已发货"


def test_an_answer_is_in_the_language_that_conversations_have(lead: User) -> None:
    intent = make_intent("track")
    for written in ("zh", "zh_CN", "zh-Hans"):
        write_answer(intent=intent, language=written, body="已发货", seen="", author=lead, at=NOW)

    assert AnswerTemplate.objects.get().language == "zh-hans"
    with pytest.raises(LanguageError, match="“Chinese” is no code of a language"):
        save_article(text=Text("", "Chinese", "Parcels", "They come."), seen="", author=lead, at=NOW)


def test_a_fallback_may_leave_the_place_out(lead: User) -> None:
    text = PlaceholderText("customer_name", "text", "customer", "", "", "fallback", "", "")

    assert save_placeholder(text=text, seen="").fallback == ""


def test_any_reply_may_be_the_value_where_the_customer_is_asked() -> None:
    asked = PlaceholderText("product_name", "text", "conversation", "", "", "ask", "Which product?", "")
    assert save_placeholder(text=asked, seen="").pattern == ""

    with pytest.raises(PlaceholderError):
        save_placeholder(text=replace(asked, when_missing="hand_over"), seen="")


def test_a_placeholder_that_can_have_no_name_is_not_left_out(lead: User) -> None:
    with pytest.raises(UnknownPlaceholderError, match=r"\{\{\?!\}\}"):
        save(lead, "Yours, {{ ?! }}")

    assert not AnswerTemplate.objects.exists()


def test_braces_that_are_no_placeholder_are_no_answer(lead: User) -> None:
    with pytest.raises(BrokenPlaceholderError, match=r"\{\{name\}, all is well"):
        save(lead, "Hi {{name}, all is well.")


def test_a_suggested_answer_is_decided_once(lead: User) -> None:
    suggestion = AnswerSuggestion.objects.create(
        intent=make_intent("track"), language="en", body="It is on its way.", author=lead, created_at=NOW
    )
    accept_answer(suggestion=suggestion, body=suggestion.body, actor=lead, at=NOW)

    with pytest.raises(AlreadyDecidedError):
        dismiss_answer(suggestion=suggestion, at=NOW)

    suggestion.refresh_from_db()
    assert suggestion.state == AnswerSuggestion.State.ACCEPTED


def write(author: User, body: str) -> int:
    text = Text("returns", "en", "Returns", body)
    try:
        return save_article(text=text, seen="", author=author, at=NOW).number
    except ChangedMeanwhileError:
        return 0
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_of_those_who_write_an_article_at_once_one_does_and_the_others_are_told(lead: User) -> None:
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(write, [lead] * 4, ["One.", "Two.", "Three.", "Four."]))

    assert sorted(numbers) == [0, 0, 0, 1]


def test_the_same_article_again_is_no_new_version(lead: User) -> None:
    text = Text("returns", "en", "Returns", "Send it back.")

    for _ in range(2):
        assert save_article(text=text, seen="", author=lead, at=NOW).number == 1
