import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.core import signing
from django.db import connections

from apps.support.models import Visitor
from apps.support.services import visitors
from apps.support.services.visitors import (
    SALT,
    Identity,
    IdentityError,
    Session,
    VisitorTokenError,
    identity_signature,
    open_session,
    revoke_tokens,
    verify_token,
)
from tests.apps.support.factories import NOW, make_conversation, make_visitor

pytestmark = pytest.mark.django_db
SECRET = "of the shop and of nobody else here"


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SUPPORT_IDENTITY_SECRET", SECRET)


def customer(number: str = "c-77", **fields: str) -> Identity:
    return Identity(external_id=number, **{"signature": identity_signature(number, SECRET), **fields})


def test_a_token_is_its_visitor() -> None:
    session = open_session(at=NOW)

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


def test_a_known_visitor_stays_the_same() -> None:
    visitor = make_visitor()

    assert open_session(at=NOW, known=visitor, language="zh-hans").visitor == visitor
    assert Visitor.objects.get().language == "zh-hans"


def test_the_shops_customer_is_the_same_from_every_device(shop: None) -> None:
    first = open_session(at=NOW, identity=customer(name="Mara"))

    assert open_session(at=NOW, identity=customer()).visitor == first.visitor
    assert Visitor.objects.get().name == "Mara"


def test_who_signs_in_keeps_what_they_said_before(shop: None) -> None:
    anonymous = open_session(at=NOW).visitor

    assert open_session(at=NOW, known=anonymous, identity=customer()).visitor == anonymous


@pytest.mark.django_db(transaction=True)
def test_the_first_two_sessions_of_a_customer_at_once_are_one_visitors(
    shop: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_looked, look = threading.Barrier(2), visitors._of_identity

    def together(identity: Identity, known: Visitor | None) -> Visitor | None:
        found = look(identity, known)
        if found is None:
            both_looked.wait(timeout=5)
        return found

    monkeypatch.setattr(visitors, "_of_identity", together)
    with ThreadPoolExecutor(2) as tabs:
        opened = [tabs.submit(open_in_a_thread, customer()) for _ in range(2)]

    assert {one.result().visitor for one in opened} == {Visitor.objects.get()}


def open_in_a_thread(identity: Identity) -> Session:
    try:
        return open_session(at=NOW, identity=identity)
    finally:
        connections.close_all()


def test_a_token_from_before_signing_in_reads_nothing_of_the_customer(shop: None) -> None:
    anonymous = open_session(at=NOW)

    signed_in = open_session(at=NOW, known=anonymous.visitor, identity=customer())

    assert verify_token(signed_in.token) == anonymous.visitor
    with pytest.raises(VisitorTokenError):
        verify_token(anonymous.token)


def test_another_customer_on_the_same_device_is_another_visitor(shop: None) -> None:
    first = open_session(at=NOW, identity=customer()).visitor

    assert open_session(at=NOW, known=first, identity=customer("c-78")).visitor != first


def test_a_signature_of_another_number_is_refused(shop: None) -> None:
    with pytest.raises(IdentityError):
        open_session(at=NOW, identity=customer("c-78", signature=identity_signature("c-77", SECRET)))


def test_without_a_secret_nobody_is_a_customer() -> None:
    with pytest.raises(IdentityError, match="SUPPORT_IDENTITY_SECRET"):
        open_session(at=NOW, identity=customer())


def test_a_returning_customer_brings_along_what_they_said_before_signing_in(shop: None) -> None:
    theirs = open_session(at=NOW, identity=customer()).visitor
    anonymous = open_session(at=NOW)
    conversation = make_conversation(anonymous.visitor)

    assert open_session(at=NOW, known=anonymous.visitor, identity=customer()).visitor == theirs
    conversation.refresh_from_db()
    assert conversation.visitor == theirs
    with pytest.raises(VisitorTokenError):
        verify_token(anonymous.token)


def test_who_was_erased_or_revoked_since_they_were_let_in_gets_no_session() -> None:
    erased, revoked = make_visitor(), make_visitor()
    Visitor.objects.filter(pk=erased.pk).update(erased_at=NOW, name="")
    revoke_tokens(visitor=revoked)

    for known in (erased, revoked):
        with pytest.raises(VisitorTokenError):
            open_session(at=NOW, known=known, language="ar")
    assert not Visitor.objects.filter(language="ar").exists()
