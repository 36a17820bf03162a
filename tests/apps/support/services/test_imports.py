"""A file of knowledge: masked by rules at once, by a version that looks for names before it counts."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from apps.accounts.models import User
from apps.privacy.masking import Masker
from apps.support.models import Example, KnowledgeImport
from apps.support.services import imports
from apps.support.services.imports import NotMaskedYetError, confirm_import, mask_imports, preview_import
from tests.apps.privacy.taggers import Found, WordTagger, make_tagger, put_masker
from tests.apps.support.factories import NOW

pytestmark = pytest.mark.django_db


class DyingTagger(WordTagger):
    """Its process is gone after the first batch, which asks it for questions and for answers."""

    asked = 0

    def predict(self, texts: Sequence[str]) -> list[Found]:
        self.asked += 1
        if self.asked > 2:
            raise SystemExit
        return super().predict(texts)


@pytest.fixture
def third_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    make_tagger(tmp_path)
    put_masker(monkeypatch, Masker(version=3, tagger=WordTagger()), imports)


def read_file(folder: Path, lead: User, *, rows: int = 2) -> KnowledgeImport:
    path = folder / "faq.jsonl"
    path.write_text('{"instruction": "I am Ann, a@b.example", "intent": "greet", "response": "Hi"}\n' * rows)
    return preview_import(path=path, filename="faq.jsonl", actor=lead, at=NOW)


def test_where_nobody_looks_for_names_rules_alone_mask(tmp_path: Path, lead: User) -> None:
    imported = read_file(tmp_path, lead)

    assert (imported.state, imported.names_version) == ("preview", None)
    assert imported.rows[0]["question"] == "I am Ann, [EMAIL_ADDRESS]"


def test_nothing_is_taken_over_before_names_were_looked_for(
    third_version: None, tmp_path: Path, lead: User
) -> None:
    imported = read_file(tmp_path, lead)

    with pytest.raises(NotMaskedYetError):
        confirm_import(imported=imported, language="en", actor=lead, at=NOW)

    assert imported.state == "masking"
    assert "a@b.example" not in str(imported.rows)
    assert not Example.objects.exists()


def test_a_file_is_taken_over_without_names(third_version: None, tmp_path: Path, lead: User) -> None:
    imported = read_file(tmp_path, lead)

    assert (mask_imports(), mask_imports()) == (1, 0)

    confirm_import(imported=imported, language="en", actor=lead, at=NOW)
    example = Example.objects.get()
    assert (example.text, example.names_version) == ("I am [PERSON], [EMAIL_ADDRESS]", 3)
    assert example.state == "approved"


def test_a_file_that_nobody_could_look_at_waits_for_review(
    third_version: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lead: User
) -> None:
    imported = read_file(tmp_path, lead)
    put_masker(monkeypatch, Masker(has_missed=True), imports)

    mask_imports()

    confirm_import(imported=imported, language="en", actor=lead, at=NOW)
    assert Example.objects.get().state == "pending"


def test_a_worker_that_dies_leaves_the_file_to_the_next(
    third_version: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lead: User
) -> None:
    imported = read_file(tmp_path, lead, rows=3)
    monkeypatch.setattr(imports, "BATCH", 1)
    put_masker(monkeypatch, Masker(version=3, tagger=DyingTagger()), imports)
    with pytest.raises(SystemExit):
        mask_imports()
    imported.refresh_from_db()
    assert (imported.state, imported.looked_at) == ("masking", 1)

    put_masker(monkeypatch, Masker(version=3, tagger=WordTagger()), imports)
    mask_imports()

    imported.refresh_from_db()
    assert (imported.state, imported.looked_at) == ("preview", 3)
    assert "Ann" not in str(imported.rows)
