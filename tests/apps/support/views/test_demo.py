"""The made-up shop."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db
SHOP = "/support/demo/"


@pytest.fixture
def shop(settings: Settings) -> Client:
    settings.SUPPORT_DEMO = True
    return Client()


def test_the_shop_carries_the_widget_with_one_line(shop: Client) -> None:
    page = shop.get(SHOP).content.decode()

    assert page.count('<script src="/support/widget.js" async') == 1
    assert 'data-language="' not in page


def test_the_chat_speaks_the_language_that_was_chosen(shop: Client) -> None:
    assert 'data-language="ar"' in shop.get(SHOP, {"chat": "ar"}).content.decode()


def test_a_language_that_nobody_knows_changes_nothing(shop: Client) -> None:
    assert 'data-language="' not in shop.get(SHOP, {"chat": '"><script>'}).content.decode()


def test_there_is_no_shop_where_the_settings_do_not_want_one(settings: Settings) -> None:
    settings.SUPPORT_DEMO = False

    assert Client().get(SHOP).status_code == 404


def test_the_shop_is_for_reading(shop: Client) -> None:
    assert shop.post(SHOP).status_code == 405
