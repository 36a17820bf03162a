"""What is believed of a customer, and for how long."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.utils import timezone

from apps.support.services.identities import (
    IdentityError,
    OldIdentityError,
    SignedIdentity,
    identity_signature,
    read_identity,
)
from tests.apps.support.factories import NOW
from tests.apps.support.identities import HOUR, SECRET, signed
from tests.deployment.composefile import ROOT
from tests.deployment.markdown import programs


def test_what_the_shop_signed_is_read(shop: None) -> None:
    identity = read_identity(signed=signed(name="Ada", email="ada@shop.example"), at=NOW)

    assert (identity.external_id, identity.name, identity.email) == ("c-77", "Ada", "ada@shop.example")
    assert identity.issued_at == NOW


def test_what_the_documented_program_writes_into_a_page_is_read(shop: None) -> None:
    (program,) = programs(ROOT / "docs/guide/customer-widget.md")
    written: dict[str, Any] = {"SECRET": SECRET}
    exec(program, written)
    name = """O'Ne"il & <b>王</b>"""
    attributes = re.findall('="([^"]*)"', written["attributes_of"]("C-1042", name, "ada@shop.example"))
    identity = read_identity(signed=SignedIdentity(*map(unescape, attributes)), at=timezone.now())

    assert (identity.external_id, identity.name, identity.email) == ("C-1042", name, "ada@shop.example")


@pytest.mark.parametrize("field", ["external_id", "name", "email", "expires"])
def test_nothing_of_it_can_be_changed(shop: None, field: str) -> None:
    genuine, other = (
        signed(name="Ada"),
        signed(**{"name": "Ada", field: 2e9 if field == "expires" else "Eve"}),
    )

    with pytest.raises(IdentityError, match="does not belong"):
        read_identity(signed=replace(genuine, customer=other.customer), at=NOW)


def test_it_is_good_until_it_expires(shop: None) -> None:
    read_identity(signed=signed(), at=NOW + timedelta(seconds=HOUR - 1))

    with pytest.raises(OldIdentityError):
        read_identity(signed=signed(), at=NOW + timedelta(seconds=HOUR))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("external_id", ""),
        ("external_id", None),
        ("external_id", "x" * 121),
        ("name", "\0"),
        ("email", 1),
        ("issued", "now"),
        ("issued", float("nan")),
        ("issued", NOW.timestamp() + 2 * HOUR),
        ("expires", True),
        ("expires", NOW.timestamp() + 25 * HOUR),
        ("expires", 10**400),
    ],
)
def test_what_is_no_customer_says_which_field(shop: None, field: str, value: Any) -> None:
    with pytest.raises(IdentityError, match=field):
        read_identity(signed=signed(**{field: value}), at=NOW)


@pytest.mark.parametrize("text", ["", "c-77", "[]", "[" * 100_000, "\ud800"])
def test_a_text_that_is_no_object_is_refused(shop: None, text: str) -> None:
    with pytest.raises(IdentityError, match="no JSON object"):
        read_identity(signed=SignedIdentity(text, identity_signature(text, SECRET)), at=NOW)


@pytest.mark.parametrize("signature", ["", "é", "0" * 64])
def test_a_signature_that_is_none_is_refused(shop: None, signature: str) -> None:
    with pytest.raises(IdentityError):
        read_identity(signed=replace(signed(), signature=signature), at=NOW)


def test_without_a_secret_nobody_is_a_customer() -> None:
    with pytest.raises(IdentityError, match="SUPPORT_IDENTITY_SECRET"):
        read_identity(signed=signed(), at=NOW)
