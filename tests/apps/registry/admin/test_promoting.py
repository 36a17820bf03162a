import re

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.registry.families import Family
from apps.registry.selectors.aliases import champion_of
from apps.registry.services.promotion import promote_version
from apps.registry.services.versions import archive_version
from modelcore.artifacts import Artifact
from tests.apps.registry.factories import NOW, make_version

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_changed", [False, True])
def test_losses_are_accepted_against_the_champion_on_the_page(
    client: Client, family: Family, artifact: Artifact, owner: User, is_changed: bool
) -> None:
    before, between, other = (make_version(family, artifact, wrong=w) for w in ((0,), (0,), (0, 1)))
    promote_version(version=before, alias="champion", actor=None, reason="first", at=NOW)
    client.force_login(owner)
    address = reverse("admin:registry_version_promote", args=[other.pk])
    page = client.get(address)
    losses = page.context["losses"]
    seen = re.findall('name="champion" value="([0-9]+)"', page.content.decode())
    if is_changed:
        promote_version(version=between, alias="champion", actor=None, reason="next", at=NOW)

    told = {"alias": "champion", "reason": "seen", "accept_label_losses": losses, "champion": seen}
    client.post(address, told)

    assert champion_of(family.name) == (between if is_changed else other)


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_archived_version_is_not_asked_to_pass_the_gate(
    client: Client, family: Family, artifact: Artifact, owner: User, method: str
) -> None:
    version = archive_version(version=make_version(family, artifact), actor=owner, at=NOW)
    client.force_login(owner)

    page = getattr(client, method)(reverse("admin:registry_version_promote", args=[version.pk]), follow=True)

    assert page.redirect_chain[0][0] == reverse("admin:registry_version_change", args=[version.pk])
    assert f"{version} is archived; an alias can&#x27;t point to it." in page.content.decode()


def test_an_archived_version_that_is_compared_stays_chosen(
    client: Client, family: Family, artifact: Artifact, owner: User
) -> None:
    kept, another = make_version(family, artifact), make_version(family, artifact)
    archived = archive_version(version=make_version(family, artifact), actor=owner, at=NOW)
    client.force_login(owner)

    address = reverse("admin:registry_version_compare")
    page = client.get(address, {"a": kept.pk, "b": archived.pk})

    assert set(page.context["compare_choices"]) == {kept, another, archived}
    assert f'<option value="{archived.pk}" selected>{archived}</option>' in page.content.decode()
