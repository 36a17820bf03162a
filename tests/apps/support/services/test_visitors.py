import pytest
from django.core import signing
from pytest_django.fixtures import Settings

from apps.support.models import Visitor
from apps.support.services.sessions import open_session
from apps.support.services.visitors import SALT, VisitorTokenError, revoke_tokens, verify_token
from tests.apps.support.factories import NOW, make_visitor

pytestmark = pytest.mark.django_db


def test_a_token_is_its_visitor() -> None:
    session = open_session(at=NOW)

    assert verify_token(session.token) == session.visitor


def test_a_token_outlives_the_key_that_signed_it(settings: Settings) -> None:
    session, old = open_session(at=NOW), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 8, [old]

    assert verify_token(session.token) == session.visitor


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "x" * 500, "\0"])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(VisitorTokenError):
        verify_token(token)


def test_a_token_of_nobody_is_refused() -> None:
    with pytest.raises(VisitorTokenError):
        verify_token(signing.dumps(["0" * 32, 1], salt=SALT))


def test_a_token_made_for_something_else_is_refused() -> None:
    visitor = make_visitor()

    with pytest.raises(VisitorTokenError):
        verify_token(signing.dumps([visitor.public_id.hex, visitor.token_version], salt="password"))


def test_a_revoked_token_is_refused() -> None:
    session = open_session(at=NOW)
    revoke_tokens(visitor=session.visitor)

    with pytest.raises(VisitorTokenError):
        verify_token(session.token)


def test_an_erased_visitor_is_refused() -> None:
    session = open_session(at=NOW)
    Visitor.objects.update(erased_at=NOW)

    with pytest.raises(VisitorTokenError):
        verify_token(session.token)
