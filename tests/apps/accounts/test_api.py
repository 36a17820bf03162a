import pytest
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from apps.accounts.models import User
from apps.accounts.services.keys import IssuedKey, issue_key, revoke_key

pytestmark = pytest.mark.django_db


class WhoAmI(APIView):
    def get(self, request: Request) -> Response:
        return Response({"key": request.auth.pk, "may": request.user.has_perm("accounts.add_apikey")})


def issued(rate_per_minute: int = 100) -> IssuedKey:
    owner = User.objects.create_superuser(f"owner-{rate_per_minute}")
    return issue_key(name="shop", families=["*"], rate_per_minute=rate_per_minute, created_by=owner)


def ask(authorization: str | None) -> Response:
    headers = {"Authorization": authorization} if authorization is not None else {}
    response: Response = WhoAmI.as_view()(APIRequestFactory().get("/", headers=headers))
    return response


def test_a_key_gets_in_without_its_makers_permissions() -> None:
    key = issued()

    assert ask(f"Bearer {key.raw}").data == {"key": key.key.pk, "may": False}


@pytest.mark.parametrize("authorization", [None, "Bearer brt_wrong", "Bearer ", "Basic eDp5", "Bearer \xff"])
def test_anything_else_is_asked_for_a_key(authorization: str | None) -> None:
    answer = ask(authorization)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="berth"'


def test_a_revoked_key_is_out() -> None:
    key = issued()
    revoke_key(key=key.key, actor=key.key.created_by, at=timezone.now())

    assert ask(f"Bearer {key.raw}").status_code == 401


def test_over_its_rate_a_key_is_told_when_to_come_back() -> None:
    key = issued(rate_per_minute=2)

    answers = [ask(f"Bearer {key.raw}") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
