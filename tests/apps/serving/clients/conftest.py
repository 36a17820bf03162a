import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from apps.accounts.models import ApiKey, User
from apps.accounts.services.keys import key_digest
from apps.registry.models import Alias, Version
from modelcore.artifacts import Artifact, ArtifactStore
from tests.apps.serving.clients.servers import Servers, running_servers
from tests.apps.serving.tiny_artifact import write_classifier, write_embedder

WORDS_FAMILY = "count-words"
EMBED_FAMILY = "embed-words"
AT = datetime(2026, 1, 1, tzinfo=UTC)
KEYS = {
    # name: families, requests a minute
    "brt_everything": (["*"], 100_000),
    "brt_embeddings_only": ([EMBED_FAMILY], 100_000),
    "brt_words_only": ([WORDS_FAMILY], 100_000),
    "brt_two_a_minute": (["*"], 2),
}


@dataclass(frozen=True)
class Served:
    """Running servers, and a way to move an alias of theirs."""

    servers: Servers
    blocker: DjangoDbBlocker

    async def promote(self, number: int) -> None:
        await asyncio.to_thread(self._promote, number)

    def _promote(self, number: int) -> None:
        with self.blocker.unblock():
            version = Version.objects.get(family=WORDS_FAMILY, number=number)
            Alias.objects.filter(family=WORDS_FAMILY, name="champion").update(version=version)
            # The thread lives on, and its connection would keep the test database from being dropped.
            connection.close()

    def headers(self, key: str = "brt_everything") -> dict[str, str]:
        return {"Authorization": f"Bearer {key}"}

    def headers_for_grpc(self, key: str = "brt_everything") -> dict[str, str]:
        # Over HTTP/2 every name is in lower case.
        return {"authorization": f"Bearer {key}"}


@pytest.fixture(scope="package")
def served(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Two versions that disagree about every text, an embedder, and four keys."""
    folder = tmp_path_factory.mktemp("served")
    with django_db_blocker.unblock():
        _register(WORDS_FAMILY, 1, write_classifier(folder / "one", ["card@1", "lost@1"]))
        _register(WORDS_FAMILY, 2, write_classifier(folder / "two", ["card@2", "lost@2"]))
        _register(EMBED_FAMILY, 1, write_embedder(folder / "three"))
        _issue_keys()
        with running_servers(folder) as servers:
            yield Served(servers, django_db_blocker)
        Alias.objects.all().delete()
        Version.objects.all().delete()
        ApiKey.objects.all().delete()
        User.objects.filter(username="served-owner").delete()


def _register(family: str, number: int, artifact: Artifact) -> None:
    ArtifactStore(settings.ARTIFACT_STORE).put(artifact.path)
    version = Version.objects.create(
        family=family,
        number=number,
        digest=artifact.digest,
        size_bytes=1,
        manifest=artifact.manifest.to_json(),
        created_at=AT,
    )
    if number == 1:
        Alias.objects.create(family=family, name="champion", version=version, changed_at=AT)


def _issue_keys() -> None:
    # Not by issue_key: that leaves audit entries, which nothing can take away again.
    owner = User.objects.create_user("served-owner")
    for raw, (families, per_minute) in KEYS.items():
        ApiKey.objects.create(
            name=raw,
            prefix=raw[:12],
            digest=key_digest(raw),
            families=families,
            rate_per_minute=per_minute,
            created_by=owner,
        )
