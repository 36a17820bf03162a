"""A file of knowledge: masked by rules, a large one by a worker, and before it counts by what finds names."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from apps.accounts.models import User
from apps.privacy.masking import Masker
from apps.registry.models import Version
from apps.serving.live import LiveModels
from apps.support.models import AnswerTemplate, Example, Intent, KnowledgeImport, Placeholder
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
def version(tagger_models: LiveModels, tmp_path: Path) -> Version:
    """To it, Card is a name."""
    version = make_tagger(tmp_path)
    tagger_models.refresh()
    return version


def read_file(folder: Path, lead: User, *, rows: int = 2) -> KnowledgeImport:
    path = folder / "faq.jsonl"
    path.write_text('{"instruction": "Card asks, a@b.example", "intent": "greet", "response": "Hi"}\n' * rows)
    return preview_import(path=path, filename="faq.jsonl", actor=lead, at=NOW)


def test_where_nobody_looks_for_names_rules_alone_mask(tmp_path: Path, lead: User) -> None:
    imported = read_file(tmp_path, lead)

    assert (imported.state, imported.names_version) == ("preview", None)
    assert imported.rows[0]["question"] == "Card asks, [EMAIL_ADDRESS]"


def read_faq(folder: Path, lead: User, *rows: str) -> KnowledgeImport:
    path = folder / "faq.csv"
    path.write_text("\n".join(["question,answer", *rows]), encoding="utf-8")
    return preview_import(path=path, filename="faq.csv", actor=lead, at=NOW)


def test_answers_of_a_file_are_in_the_language_of_their_script(tmp_path: Path, lead: User) -> None:
    imported = read_faq(tmp_path, lead, "How do I pay?,By card.", "怎么付款？,用银行卡。")

    confirm_import(imported=imported, language="EN", actor=lead, at=NOW)

    answers = AnswerTemplate.objects.values_list("body", "language")
    assert set(answers) == {("By card.", "en"), ("用银行卡。", "zh-hans")}


def test_a_question_that_is_its_own_intent_names_it_without_personal_data(tmp_path: Path, lead: User) -> None:
    imported = read_faq(tmp_path, lead, "Why was 4111 1111 1111 1111 refused?,It expired")

    confirm_import(imported=imported, language="en", actor=lead, at=NOW)

    assert imported.rows[0]["intent"] == "why_was_credit_card_refused"
    assert "4111 1111" not in str(imported.rows)
    assert Intent.objects.get().name == "why_was_credit_card_refused"


def test_a_name_that_is_found_later_is_not_in_the_intent_either(
    version: Version, tmp_path: Path, lead: User
) -> None:
    imported = read_faq(tmp_path, lead, "Who is Card?,Nobody")

    mask_imports()

    imported.refresh_from_db()
    assert (imported.rows[0]["title"], imported.rows[0]["intent"]) == ("Who is [PERSON]?", "who_is_person")


def test_what_people_call_an_intent_is_no_name(version: Version, tmp_path: Path, lead: User) -> None:
    path = tmp_path / "labelled.csv"
    path.write_text("text,label\nask me,Card\n")
    imported = preview_import(path=path, filename="labelled.csv", actor=lead, at=NOW)

    mask_imports()

    imported.refresh_from_db()
    assert imported.rows[0]["intent"] == "card"


def test_questions_that_share_their_latin_letters_stay_two_intents(tmp_path: Path, lead: User) -> None:
    imported = read_faq(tmp_path, lead, "如何绑定Apple Pay,打开设置", "Apple Pay付款失败,请重试")

    confirm_import(imported=imported, language="zh-hans", actor=lead, at=NOW)

    assert Intent.objects.count() == AnswerTemplate.objects.count() == 2


def test_an_answer_that_was_masked_is_nobodys_answer(tmp_path: Path, lead: User) -> None:
    imported = read_faq(tmp_path, lead, "Who helps?,Call +49 30 1234567")

    confirm_import(imported=imported, language="en", actor=lead, at=NOW)

    assert imported.rows[0]["answer"] == "Call [PHONE_NUMBER]"
    assert not AnswerTemplate.objects.exists()


def test_a_placeholder_of_another_script_comes_with_its_answer(tmp_path: Path, lead: User) -> None:
    imported = read_faq(tmp_path, lead, "到哪了,您的订单 {{ 订单号 }} 已发货")

    confirm_import(imported=imported, language="zh-hans", actor=lead, at=NOW)

    Placeholder.objects.get(name="订单号").full_clean()
    assert AnswerTemplate.objects.get().body == "您的订单 {{订单号}} 已发货"


def test_nothing_is_taken_over_before_names_were_looked_for(
    version: Version, tmp_path: Path, lead: User
) -> None:
    imported = read_file(tmp_path, lead)

    with pytest.raises(NotMaskedYetError):
        confirm_import(imported=imported, language="en", actor=lead, at=NOW)

    assert imported.state == "masking"
    assert "a@b.example" not in str(imported.rows)
    assert not Example.objects.exists()


def test_a_file_is_taken_over_without_names(version: Version, tmp_path: Path, lead: User) -> None:
    imported = read_file(tmp_path, lead)

    assert (mask_imports(), mask_imports()) == (1, 0)

    confirm_import(imported=imported, language="en", actor=lead, at=NOW)
    example = Example.objects.get()
    assert (example.text, example.names_version) == ("[PERSON] asks, [EMAIL_ADDRESS]", version.number)
    assert example.state == "approved"


def test_a_file_that_nobody_could_look_at_waits_for_review(
    version: Version, tagger_models: LiveModels, tmp_path: Path, lead: User
) -> None:
    imported = read_file(tmp_path, lead)
    Version.objects.filter(pk=version.pk).update(digest="0" * 64)  # nothing in the store
    tagger_models.refresh()

    mask_imports()

    confirm_import(imported=imported, language="en", actor=lead, at=NOW)
    assert Example.objects.get().state == "pending"


def test_a_large_file_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lead: User
) -> None:
    monkeypatch.setattr(imports, "MASKED_AT_ONCE", 1)
    with monkeypatch.context() as waiting:
        waiting.setattr(imports, "Masker", None)
        imported = read_file(tmp_path, lead)
    assert imported.state == "masking"

    assert mask_imports() == 1

    imported.refresh_from_db()
    assert (imported.state, imported.rows[0]["intent"]) == ("preview", "greet")
    assert "a@b.example" not in str(imported.rows)


def test_what_is_erased_while_a_file_is_masked_does_not_come_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lead: User
) -> None:
    monkeypatch.setattr(imports, "MASKED_AT_ONCE", 1)
    imported = read_file(tmp_path, lead)

    def masked(rows: list[dict[str, str]], names: Masker) -> list[dict[str, str]]:
        KnowledgeImport.objects.update(rows=rows[:1])
        return [{**row, "intent": "greet"} for row in rows]

    monkeypatch.setattr(imports, "masked_rows", masked)

    assert (mask_imports(), mask_imports()) == (0, 1)
    imported.refresh_from_db()
    assert len(imported.rows) == 1


def test_a_worker_that_dies_leaves_the_file_to_the_next(
    version: Version, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lead: User
) -> None:
    imported = read_file(tmp_path, lead, rows=3)
    monkeypatch.setattr(imports, "BATCH", 1)
    with monkeypatch.context() as dying:
        put_masker(dying, Masker(version=version.number, tagger=DyingTagger()), imports)
        with pytest.raises(SystemExit):
            mask_imports()
    imported.refresh_from_db()
    assert (imported.state, imported.searched_rows) == ("masking", 1)

    mask_imports()

    imported.refresh_from_db()
    assert (imported.state, imported.searched_rows) == ("preview", 3)
    assert "Card" not in str(imported.rows)
