import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from apps.support.models import Policy, Visitor
from apps.support.services import customer_context
from apps.support.services.customer_context import refresh_context
from tests.apps.support.factories import NOW, make_visitor
from tests.apps.support.shop import Shop, open_shop
from tests.ports import free_ports


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as shop:
        yield shop


@pytest.fixture
def mara(db: None) -> Visitor:
    return make_visitor(external_id="C 7&x=1")


def ask(visitor: Visitor, url: str, minutes: float = 0) -> dict[str, Any]:
    visitor.refresh_from_db()
    Policy.objects.update_or_create(pk=1, defaults={"context_url": url})
    return refresh_context(visitor=visitor, at=NOW + timedelta(minutes=minutes))


def test_the_shop_is_asked_and_its_answer_kept_for_a_while(shop: Shop, mara: Visitor) -> None:
    assert ask(mara, shop.url)["points_balance"] == 120
    assert ask(mara, shop.url, minutes=4)["points_balance"] == 120
    assert shop.asked == ["C 7&x=1"]
    shop.body = b'{"points_balance": 130}'
    assert ask(mara, shop.url, minutes=6) == {"points_balance": 130}


def test_the_shop_is_shown_the_token_of_the_environment(
    shop: Shop, mara: Visitor, settings: Settings
) -> None:
    ask(mara, shop.url)
    settings.SUPPORT_CONTEXT_TOKEN = "t0ken"
    ask(mara, shop.url, minutes=6)
    assert shop.shown == [None, "Bearer t0ken"]


@pytest.mark.parametrize(
    ("status", "body"), [(500, b"{}"), (302, b"{}"), (200, b"[1]"), (200, b"{"), (200, b" " * 70_000 + b"{}")]
)
def test_a_shop_that_fails_means_no_context(shop: Shop, mara: Visitor, status: int, body: bytes) -> None:
    shop.status, shop.body = status, body
    assert ask(mara, shop.url) == {}
    assert ask(mara, shop.url, minutes=0.1) == {}
    assert len(shop.asked) == 1
    assert ask(mara, shop.url, minutes=1) == {}
    assert len(shop.asked) == 2


def test_a_shop_that_answers_in_drops_means_no_context(
    shop: Shop, mara: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_context, "BODY_SECONDS", 0.05)
    shop.pause_seconds = 0.02

    assert ask(mara, shop.url) == {}


def test_a_shop_that_is_not_there_means_no_context(mara: Visitor) -> None:
    assert ask(mara, f"http://127.0.0.1:{free_ports(1)[0]}/") == {}


def test_no_name_leads_to_the_secrets_of_the_machine(
    shop: Shop, mara: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", 0))
    with monkeypatch.context() as names:
        names.setattr(socket, "getaddrinfo", lambda *_, **__: [place])
        assert ask(mara, shop.url) == {}

    assert shop.asked == []


def test_nobody_is_asked_about_an_anonymous_visitor_or_without_an_address(shop: Shop, db: None) -> None:
    assert ask(make_visitor(), shop.url) == {}
    assert ask(make_visitor(external_id="C9"), "") == {}
    assert shop.asked == []


def test_what_a_shop_said_goes_when_nobody_is_asked_any_more(shop: Shop, mara: Visitor) -> None:
    ask(mara, shop.url)

    assert ask(mara, "") == {}
    mara.refresh_from_db()
    assert (mara.context, mara.context_at) == ({}, None)


@pytest.mark.parametrize("value", [b"NaN", b'"a\\u0000"', b'"\\ud800"', b"[" * 30_000 + b"]" * 30_000])
def test_what_no_table_keeps_is_no_context(shop: Shop, mara: Visitor, value: bytes) -> None:
    shop.body = b'{"plan": ' + value + b"}"
    assert ask(mara, shop.url) == {}


def test_who_is_erased_while_the_shop_answers_stays_so(shop: Shop, mara: Visitor) -> None:
    Policy.objects.create(pk=1, context_url=shop.url)
    Visitor.objects.filter(pk=mara.pk).update(erased_at=NOW)
    refresh_context(visitor=mara, at=NOW)
    mara.refresh_from_db()
    assert mara.context == {}
