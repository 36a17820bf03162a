"""What every page carries, whoever wrote it."""

import pytest
from django.test import Client

from apps.accounts.models import User

pytestmark = pytest.mark.django_db


def directives(policy: str) -> dict[str, str]:
    return dict(part.strip().partition(" ")[::2] for part in policy.split(";"))


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/health/live"])
def test_pages_load_from_here_alone(client: Client, path: str) -> None:
    policy = directives(client.get(path).headers["Content-Security-Policy"])

    assert policy["default-src"] == "'self'"
    assert "unsafe" not in str(policy)
    assert policy["frame-ancestors"] == "'none'"


def test_the_reference_of_the_api_may_style_inline_and_no_more(client: Client) -> None:
    policy = directives(client.get("/api/docs/").headers["Content-Security-Policy"])

    assert policy.pop("style-src") == "'self' 'unsafe-inline'"
    assert policy["default-src"] == "'self'"
    assert "unsafe" not in str(policy)


def test_the_admin_alone_may_more(client: Client) -> None:
    client.force_login(User.objects.create_superuser("admin"))
    policy = directives(client.get("/admin/").headers["Content-Security-Policy"])

    assert "'unsafe-inline'" in policy["style-src"]
    assert policy["default-src"] == "'self'"


@pytest.mark.parametrize(
    "path",
    [
        "registry/run/%00/change/",
        "registry/version/%00/change/",
        "registry/dataset/?family=%00",
        "accounts/auditentry/?action=%00",
        "registry/run/?q=%00",
    ],
)
def test_an_address_of_the_admin_with_a_nul_leads_nowhere(client: Client, path: str) -> None:
    client.force_login(User.objects.create_superuser("admin"))

    assert client.get(f"/admin/{path}").status_code == 404


def test_pages_ask_for_no_device_and_fit_no_frame(client: Client) -> None:
    headers = client.get("/sign-in/").headers

    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_requests_are_counted_by_route_and_not_by_path(client: Client) -> None:
    client.get("/no/such/person@example.com")
    client.get("/sign-in/")
    text = client.get("/metrics").content.decode()

    assert 'berth_http_requests_total{method="GET",route="sign-in/",status="200"}' in text
    assert 'route="unmatched",status="404"' in text
    assert "person@example.com" not in text


def test_the_schema_describes_the_api(client: Client) -> None:
    client.force_login(User.objects.create_superuser("admin"))

    assert "openapi: 3" in client.get("/api/schema/").content.decode()


@pytest.mark.parametrize("method", ["OPTIONS", "POST", "PUT", "DELETE"])
def test_the_reference_of_the_api_is_read_and_no_more(client: Client, method: str) -> None:
    answer = client.generic(method, "/api/docs/")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
