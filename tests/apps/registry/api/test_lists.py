import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.registry.families import Family
from modelcore.artifacts import Artifact
from tests.apps.registry.factories import make_run, make_version

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["datasets", "runs", "versions"])
def test_a_list_reads_what_it_tells_and_as_often_for_ten_rows_as_for_two(
    family: Family, artifact: Artifact, owner: User, name: str
) -> None:
    client = APIClient()
    client.force_login(owner)
    asked = []
    for more in (2, 8):
        for _ in range(more):
            make_version(family, artifact, run=make_run(family))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/api/v1/{name}/").status_code == 200
        asked.append([query["sql"] for query in queries])

    assert len(asked[0]) == len(asked[1])
    long = ('"manifest"', '"card"', '"profile"', '"audit"')
    assert not [query for query in asked[1] if any(column in query for column in long)]
