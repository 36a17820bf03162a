import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.registry.families import Family
from apps.registry.models import Version
from apps.registry.selectors.aliases import present_and_previous
from apps.registry.services.promotion import promote_version, rollback_alias
from modelcore.artifacts import Artifact
from tests.apps.registry.factories import NOW, make_version

pytestmark = pytest.mark.django_db


def champion(family: Family, artifact: Artifact) -> Version:
    version = make_version(family, artifact)
    promote_version(version=version, alias="champion", actor=None, reason="better", at=NOW)
    return version


def test_a_long_history_is_replayed_without_reading_its_versions(family: Family, artifact: Artifact) -> None:
    first, *_ = [champion(family, artifact) for _ in range(4)]
    for _ in range(2):
        rollback_alias(family=family.name, alias="champion", actor=None, at=NOW)

    with CaptureQueriesContext(connection) as queries:
        present, previous = present_and_previous(family.name, "champion")

    assert present is not None
    assert (present.number, previous) == (first.number + 1, first)
    whole = [query["sql"] for query in queries if '"manifest"' in query["sql"]]
    assert len(whole) == 1
    assert f"({first.pk}, {present.pk})" in whole[0] or f"({present.pk}, {first.pk})" in whole[0]
