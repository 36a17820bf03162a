"""Lists ask the database as often for many rows as for few, and for what they show alone."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.registry.families import Family
from apps.registry.services.promotion import promote_version
from modelcore.artifacts import Artifact
from tests.apps.registry.factories import NOW, make_run, make_version

pytestmark = pytest.mark.django_db
LISTS = ("dataset", "run", "version", "promotion")
# Of a row's own page: a hundred of them would be megabytes.
LONG = ('"manifest"', '"card"', '"profile"', '"gate_report"', '"predictions"')


def add_a_version(family: Family, artifact: Artifact) -> None:
    version = make_version(family, artifact, run=make_run(family))
    promote_version(version=version, alias="champion", actor=None, reason="better", at=NOW)


def asked(client: Client, name: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(f"admin:registry_{name}_changelist")).status_code == 200
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("name", LISTS)
def test_ten_rows_need_as_many_queries_as_two(
    client: Client, family: Family, artifact: Artifact, owner: User, name: str
) -> None:
    client.force_login(owner)
    for _ in range(2):
        add_a_version(family, artifact)
    few = asked(client, name)

    for _ in range(8):
        add_a_version(family, artifact)

    assert len(asked(client, name)) == len(few)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_leaves_out_what_is_long_of_its_rows(
    client: Client, family: Family, artifact: Artifact, owner: User, name: str
) -> None:
    client.force_login(owner)
    add_a_version(family, artifact)

    assert not [query for query in asked(client, name) if any(column in query for column in LONG)]
