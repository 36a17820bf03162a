"""What looks for names in tests: words of a list, and versions on the real runtime that know one word."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from apps.privacy import masking
from apps.privacy.family import PERSONAL_DATA
from apps.privacy.masking import Masker
from apps.registry import store
from apps.registry.models import Alias, Version
from apps.registry.services.versions import register_version
from apps.serving.catalogue import Catalogue
from apps.serving.live import LiveModels
from apps.serving.loading import open_release
from apps.serving.selectors import read_catalogue
from modelcore.data import Span
from tests.apps.serving.tiny_artifact import write_tagger
from tests.apps.support.factories import NOW

NAMES = ("Ann", "Mara", "Ludo")


@dataclass(frozen=True)
class Found:
    spans: tuple[Span, ...]


class WordTagger:
    """Knows some names by heart."""

    def __init__(self, names: Sequence[str] = NAMES) -> None:
        self.names = names

    def predict(self, texts: Sequence[str]) -> list[Found]:
        return [Found(tuple(self._find(text))) for text in texts]

    def _find(self, text: str) -> list[Span]:
        places = [(text.find(name), name) for name in self.names]
        return [Span(start, start + len(name), "PERSON") for start, name in sorted(places) if start >= 0]


def put_masker(monkeypatch: pytest.MonkeyPatch, given: Masker, *modules: ModuleType) -> None:
    """Let services mask with this one."""

    @contextmanager
    def masker(*, waits: bool = False) -> Iterator[Masker]:
        yield given

    for module in modules:
        monkeypatch.setattr(module, "masker", masker)


def no_models() -> LiveModels:
    """A process whose registry has no version of anything."""
    models = LiveModels(read=lambda: Catalogue(frozenset({PERSONAL_DATA.name})), open_model=open_release)
    models.refresh()
    return models


def put_models(monkeypatch: pytest.MonkeyPatch) -> LiveModels:
    """Not following: a test says when the registry is read."""
    models = LiveModels(read=read_catalogue, open_model=open_release)
    monkeypatch.setattr(masking, "live_models", lambda: models)
    return models


def make_tagger(folder: Path, *, known: int = 0) -> Version:
    """The champion, which takes one word of the tiny vocabulary for a person's name."""
    artifact = write_tagger(folder / f"tagger-{known}", known)
    store.artifact_store().put(artifact.path)
    version = register_version(family=PERSONAL_DATA.name, artifact=artifact, at=NOW)
    Alias.objects.update_or_create(
        family=PERSONAL_DATA.name, name="champion", defaults={"version": version, "changed_at": NOW}
    )
    return version
