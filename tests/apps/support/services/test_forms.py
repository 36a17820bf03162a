import pytest

from apps.support.models import Visitor
from apps.support.services.forms import Form, submit_form
from tests.apps.support.factories import NOW, make_visitor

pytestmark = pytest.mark.django_db


def leave(visitor: Visitor, email: str, name: str = "") -> str:
    form = Form(f"f-{email}", name, email, "Call me.")
    return submit_form(visitor=visitor, form=form, at=NOW).email


def test_an_address_that_is_corrected_is_written_to() -> None:
    visitor = make_visitor("Mara", email="")

    told = [leave(visitor, email) for email in ("mara@exmaple.com", "mara@example.com")]

    visitor.refresh_from_db()
    assert told == ["mara@exmaple.com", "mara@example.com"]
    assert (visitor.name, visitor.email) == ("Mara", "mara@example.com")


def test_what_the_shop_has_signed_stays_and_is_told() -> None:
    visitor = make_visitor("Mara", email="mara@shop.example", external_id="customer-7")

    assert leave(visitor, "somebody@example.com", "Somebody") == "mara@shop.example"
    visitor.refresh_from_db()
    assert (visitor.name, visitor.email) == ("Mara", "mara@shop.example")


def test_who_has_signed_in_without_an_address_gives_one() -> None:
    visitor = make_visitor("", email="", external_id="customer-7")

    assert leave(visitor, "mara@example.com", "Mara") == "mara@example.com"
    visitor.refresh_from_db()
    assert visitor.name == "Mara"
