from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import translation
from django.utils.formats import date_format
from pytest_django.fixtures import Settings

from apps.accounts.models import User

pytestmark = pytest.mark.django_db
WORDS = [
    (400, "en", "That request could not be read"),
    (400, "zh-hans", "无法读取该请求"),
    (403, "en", "Ask an administrator for the role"),
    (403, "zh-hans", "您的角色无权访问此页面"),
    (404, "en", "There is no such page"),
    (404, "zh-hans", "没有这个页面"),
    (500, "en", "Something went wrong on our side"),
    (500, "zh-hans", "我们这边出了问题"),
]
REFUSALS = {400: SuspiciousOperation, 403: PermissionDenied, 404: Http404}


class SomethingBrokeError(Exception):
    pass


def refuse(request: HttpRequest, status: int) -> HttpResponse:
    raise REFUSALS.get(status, SomethingBrokeError)


REFUSING = [path(f"{under}refuse/<int:status>", refuse) for under in ("", "api/")]
urlpatterns = [path("", include("apps.project.urls")), *REFUSING]
handler400 = "apps.ui.views.bad_request"
handler403 = "apps.ui.views.forbidden"
handler404 = "apps.ui.views.missing"
handler500 = "apps.ui.views.failed"


@pytest.fixture
def visitor(settings: Settings) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("status", "language", "words"), WORDS)
def test_a_failure_is_a_page_with_what_to_do(visitor: Client, status: int, language: str, words: str) -> None:
    answer = visitor.get(f"/refuse/{status}", headers={"accept-language": language})

    assert answer.status_code == status
    assert words in answer.text
    assert f'lang="{language}"' in answer.text


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_a_program_is_told_in_json(visitor: Client, status: int) -> None:
    answer = visitor.get(f"/api/refuse/{status}")

    assert answer.status_code == status
    assert set(answer.json()) == {"code", "detail"}


def test_the_project_uses_these_pages(client: Client) -> None:
    answer = client.get("/no/such/page")

    assert answer.status_code == 404
    assert "There is no such page" in answer.text


@pytest.mark.parametrize("chosen", ["light", "dark", "system"])
def test_the_chosen_theme_is_in_the_first_paint(client: Client, chosen: str) -> None:
    client.cookies["theme"] = chosen

    assert f'data-theme="{chosen}"' in client.get("/").text


@pytest.mark.parametrize("nonsense", ["", "plaid", '"><script>'])
def test_a_theme_that_does_not_exist_is_the_systems(client: Client, nonsense: str) -> None:
    client.cookies["theme"] = nonsense

    assert 'data-theme="system"' in client.get("/").text


def test_home_asks_a_visitor_to_sign_in(client: Client) -> None:
    page = client.get("/")

    assert page.status_code == 200
    assert "Sign in to see which models are live" in page.text
    assert "Model desk" not in page.text


def test_home_shows_who_is_signed_in_what_is_live(client: Client) -> None:
    client.force_login(User.objects.create_user("analyst"))

    assert 'hx-get="/live/"' in client.get("/").text


def test_home_shows_staff_the_model_desk(client: Client) -> None:
    client.force_login(User.objects.create_user("owner", is_staff=True))

    assert "Model desk" in client.get("/").text


def test_home_speaks_the_language_of_the_browser(client: Client) -> None:
    assert "三项服务，一座工厂" in client.get("/", headers={"accept-language": "zh-CN"}).text


def test_everybody_finds_the_demo_shop_from_the_home_page(
    client: Client, settings: Settings, django_user_model: type[User]
) -> None:
    settings.SUPPORT_DEMO = True
    as_visitor = client.get("/").text
    client.force_login(django_user_model.objects.create_user("anna"))

    assert all('href="/support/demo/"' in page for page in (as_visitor, client.get("/").text))


def test_where_there_is_no_demo_shop_nothing_leads_to_it(client: Client, settings: Settings) -> None:
    settings.SUPPORT_DEMO = False

    assert "/support/demo/" not in client.get("/").text


@pytest.mark.parametrize(
    ("language", "written"), [("en", "3 Nov 2026, 21:05 UTC"), ("zh-hans", "2026年11月3日 21:05 UTC")]
)
def test_times_say_their_zone_and_no_day_reads_as_a_month(language: str, written: str) -> None:
    at = datetime(2026, 11, 3, 21, 5, tzinfo=UTC)
    with translation.override(language):
        assert date_format(at, "SHORT_DATETIME_FORMAT") == written
