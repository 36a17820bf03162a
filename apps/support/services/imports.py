"""Knowledge from files: read and masked for a preview, then taken over whole or not at all.

Rules mask a small file while the person waits. A larger one is masked by a worker, as is any where names are
looked for, and nobody sees its rows before; that takes minutes for the largest.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.locks import lock
from apps.accounts.models import User
from apps.accounts.services import audit
from apps.privacy.family import PERSONAL_DATA
from apps.privacy.masking import Masker, masker
from apps.registry.selectors.aliases import champion_of
from apps.streams.sweeps import sweep
from apps.support.engine.importing import read_knowledge
from apps.support.engine.languages import language_written
from apps.support.engine.naming import intent_name
from apps.support.engine.sentences import digest_of
from apps.support.engine.templates import names_in
from apps.support.errors import SupportError
from apps.support.models import AnswerTemplate, Example, Intent, KnowledgeImport, Placeholder
from apps.support.services.languages import spelled_language
from modelcore.privacy import labels_in

BATCH = 200
MASKED_AT_ONCE = 1000  # rows; some milliseconds each


class AlreadyImportedError(SupportError):
    code = "already_imported"


class NotMaskedYetError(SupportError):
    code = "not_masked_yet"


def preview_import(*, path: Path, filename: str, actor: User, at: datetime) -> KnowledgeImport:
    """Read a file and keep what it holds, masked or for a worker to mask, until somebody confirms it.

    Raises:
        InputError: the file can't be used; the sentence says which row and what to do. Nothing is kept.
    """
    knowledge = read_knowledge(path)
    rows = [
        {
            "row": pair.row,
            "question": pair.question,
            "title": pair.intent,
            "answer": pair.answer,
        }
        for pair in knowledge.pairs
    ]
    is_small = len(rows) <= MASKED_AT_ONCE
    is_ready = is_small and champion_of(PERSONAL_DATA.name) is None
    return KnowledgeImport.objects.create(
        kind=knowledge.kind,
        state=KnowledgeImport.State.PREVIEW if is_ready else KnowledgeImport.State.MASKING,
        filename=filename[:255],
        rows=masked_rows(rows, Masker()) if is_small else rows,
        author=actor,
        created_at=at,
    )


def masked_rows(rows: Sequence[dict[str, Any]], names: Masker) -> list[dict[str, Any]]:
    """Rows of an import without personal data in what was asked and answered, nor in what that is called.

    A question that is an intent of its own is masked as such. What people call an intent is masked by rules
    alone: a tagger that takes a product for a name would make one intent of two.
    """
    questions = names.mask_all([row["question"] for row in rows])
    answers = names.mask_all([row["answer"] for row in rows])
    labels = Masker().mask_all([row["title"] if row["title"] != row["question"] else "" for row in rows])
    return [
        _named({**row, "question": question, "title": label or (row["title"] and question), "answer": answer})
        for row, question, label, answer in zip(rows, questions, labels, answers, strict=True)
    ]


def _named(row: dict[str, Any]) -> dict[str, Any]:
    # Of the masked title: a digest of a card's number tells it to who tries them all.
    return {**row, "intent": intent_name(row["title"]) if row["title"] else ""}


def is_answer(row: dict[str, Any]) -> bool:
    """Whether a row says what its intent may be answered with: a mask is for nobody to read."""
    return bool(row["intent"] and row["answer"]) and not labels_in(row["answer"])


def withheld_answers(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows whose answer is left out for the mask in it."""
    return [row for row in rows if row["intent"] and labels_in(row["answer"])]


def answered_before(rows: Sequence[dict[str, Any]], language: str) -> set[tuple[str, str]]:
    """The intents whose answer in a file is not taken over, each with its language: they have one already."""
    given = {(row["intent"], language_written(row["answer"], language)) for row in rows if is_answer(row)}
    kept = AnswerTemplate.objects.filter(intent__name__in={intent for intent, _language in given})
    return given.intersection(kept.values_list("intent__name", "language"))


def answers_said(rows: Sequence[dict[str, Any]], language: str) -> dict[tuple[str, str], Counter[str]]:
    """How often a file gives each answer to an intent that has none yet in that language; one is taken over,
    the most frequent or else the first."""
    answered = answered_before(rows, language)
    said: dict[tuple[str, str], Counter[str]] = {}
    for row in filter(is_answer, rows):
        place = row["intent"], language_written(row["answer"], language)
        if place not in answered:
            said.setdefault(place, Counter())[row["answer"]] += 1
    return said


def mask_imports() -> int:
    """Mask the files that wait for it, and look for names in them; how many can be confirmed by that.

    A file begins anew where a worker died; two at once do the work twice and keep it once.
    """
    waiting = KnowledgeImport.objects.filter(state=KnowledgeImport.State.MASKING)
    return sweep(waiting.order_by("pk"), _mask_import)


def _mask_import(imported: KnowledgeImport) -> int:
    still_waiting = KnowledgeImport.objects.filter(pk=imported.pk, state=KnowledgeImport.State.MASKING)
    rows: list[dict[str, Any]] = []
    with masker(waits=True) as names:
        for start in range(0, len(imported.rows), BATCH):
            rows += masked_rows(imported.rows[start : start + BATCH], names)
            still_waiting.update(searched_rows=len(rows))
        # One that lost erased rows meanwhile is masked again.
        return still_waiting.filter(rows=imported.rows).update(
            rows=rows,
            names_version=names.version,
            has_missed_names=names.has_missed,
            state=KnowledgeImport.State.PREVIEW,
        )


def waits_for_masking(*, since: datetime) -> bool:
    """Whether a file from before is still to be masked: what is erased is known by its masked text."""
    return KnowledgeImport.objects.filter(state=KnowledgeImport.State.MASKING, created_at__lte=since).exists()


def erase_from_imports(*, digests: frozenset[str]) -> int:
    """Drop the rows that ask what was erased; how many that were."""
    dropped = 0
    for pk in list(KnowledgeImport.objects.values_list("pk", flat=True)):
        with transaction.atomic():
            held = KnowledgeImport.objects.select_for_update().get(pk=pk)
            kept = [row for row in held.rows if digest_of(row["question"]) not in digests]
            if len(kept) < len(held.rows):
                dropped += len(held.rows) - len(kept)
                held.rows = kept
                held.save(update_fields=["rows"])
    return dropped


def confirm_import(*, imported: KnowledgeImport, language: str, actor: User, at: datetime) -> int:
    """Take a preview over: intents, approved examples, answers for intents that have none, placeholders.
    Answers are in `language`, unless their script says otherwise.

    Where names could not be looked for when the file was read, its examples wait for review. What has no
    intent stays with the import, for the list of suggested intents. Returns the new examples.

    Raises:
        LanguageError: see `spelled_language`.
        AlreadyImportedError: it was taken over before.
        NotMaskedYetError: names are still looked for.
    """
    language = spelled_language(language)
    with transaction.atomic():
        # Two files follow one another; with rows in common they would wait for one another.
        lock("support.imports")
        locked = KnowledgeImport.objects.select_for_update().get(pk=imported.pk)
        if locked.state == KnowledgeImport.State.IMPORTED:
            raise AlreadyImportedError(_("This file was imported already."))
        if locked.state == KnowledgeImport.State.MASKING:
            raise NotMaskedYetError(
                _("Personal data is still looked for in this file; wait until that is done.")
            )
        labelled = [row for row in locked.rows if row["intent"]]
        intents = _intents({row["intent"]: row["title"] for row in reversed(labelled)}, at)
        before = Example.objects.count()
        _add_examples(locked, labelled, intents, actor, at)
        _add_answers(labelled, intents, language, actor, at)
        locked.state, locked.imported_at = KnowledgeImport.State.IMPORTED, at
        locked.save(update_fields=["state", "imported_at"])
        added = Example.objects.count() - before
        audit.record(
            actor=actor,
            action="support.knowledge_imported",
            subject=f"import:{locked.pk}",
            detail={
                "file": locked.filename,
                "rows": len(locked.rows),
                "examples": added,
                "answers_left_out": len(withheld_answers(labelled)),
            },
        )
    return added


def _intents(titles: dict[str, str], at: datetime) -> dict[str, Intent]:
    Intent.objects.bulk_create(
        [
            Intent(name=name, title=title.replace("_", " ")[:120], created_at=at)
            for name, title in titles.items()
        ],
        ignore_conflicts=True,
    )
    return {intent.name: intent for intent in Intent.objects.filter(name__in=titles)}


def _add_examples(
    imported: KnowledgeImport,
    rows: list[dict[str, str]],
    intents: dict[str, Intent],
    actor: User,
    at: datetime,
) -> None:
    is_dialogue = imported.kind == KnowledgeImport.Kind.DIALOGUES
    judged: dict[str, Any] = {"state": Example.State.APPROVED, "reviewer": actor, "reviewed_at": at}
    if imported.has_missed_names:
        judged = {"state": Example.State.PENDING}
    Example.objects.bulk_create(
        [
            Example(
                intent=intents[row["intent"]],
                text=row["question"],
                digest=digest_of(row["question"]),
                source=Example.Source.DIALOGUE if is_dialogue else Example.Source.IMPORT,
                names_version=imported.names_version,
                author=actor,
                created_at=at,
                **judged,
            )
            for row in rows
        ],
        ignore_conflicts=True,
        batch_size=2000,
    )


def _add_answers(
    rows: list[dict[str, str]], intents: dict[str, Intent], language: str, actor: User, at: datetime
) -> None:
    said = answers_said(rows, language)
    bodies = {place: answers.most_common(1)[0][0] for place, answers in said.items()}
    Placeholder.objects.bulk_create(
        [Placeholder(name=name) for name in {n for body in bodies.values() for n in names_in(body)}],
        ignore_conflicts=True,
    )
    AnswerTemplate.objects.bulk_create(
        AnswerTemplate(
            intent=intents[name], language=written_in, number=1, body=body, author=actor, created_at=at
        )
        for (name, written_in), body in bodies.items()
    )
