from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import pytest

from apps.registry import families
from apps.registry.families import Family
from apps.registry.models import Alias, Dataset, Run
from apps.registry.services.seeding import seed_demo, seed_later
from modelcore.artifacts import Artifact
from tests.apps.registry.factories import NOW, make_family, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo() -> Iterator[Family]:
    declared = make_family("demo-intent")
    known = dict(families._families)
    families._families.clear()
    families.register(declared)
    yield declared
    families._families.clear()
    families._families.update(known)


def test_seeding_imports_pins_and_queues(demo: Family) -> None:
    (run,) = seed_demo(at=NOW)

    assert run.promote_when_passed
    assert sorted(Dataset.objects.values_list("kind", flat=True)) == ["suite", "training"]


def test_seeding_twice_queues_once(demo: Family) -> None:
    assert seed_demo(at=NOW) == seed_demo(at=NOW)
    assert Run.objects.count() == 1


def test_with_a_champion_nothing_is_to_be_done(demo: Family, artifact: Artifact) -> None:
    version = make_version(demo, artifact)
    Alias.objects.create(family=demo.name, name="champion", version=version, changed_at=NOW)

    assert seed_demo(at=NOW) == []
    assert not Run.objects.exists()


@pytest.mark.parametrize(("stage", "runs"), [("first", (1, 0)), ("later", (0, 1)), ("never", (0, 0))])
def test_a_family_says_when_the_demo_makes_its_model(
    demo: Family, stage: Literal["first", "later", "never"], runs: tuple[int, int]
) -> None:
    families.unregister(demo.name)
    families.register(replace(demo, in_demo=stage))

    assert (len(seed_demo(at=NOW)), len(seed_later(at=NOW))) == runs
    assert Dataset.objects.exists()
