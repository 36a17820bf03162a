"""Knowledge from files: read and masked for a preview, then taken over whole or not at all."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import audit
from apps.privacy.masking import masker
from apps.support.engine.importing import read_knowledge
from apps.support.engine.naming import intent_name
from apps.support.engine.spelling import names_in
from apps.support.errors import SupportError
from apps.support.models import AnswerTemplate, Example, Intent, KnowledgeImport, Placeholder
from apps.support.services.examples import digest_of
from modelcore.privacy import mask


class AlreadyImportedError(SupportError):
    code = "already_imported"


def preview_import(*, path: Path, filename: str, actor: User, at: datetime) -> KnowledgeImport:
    """Read a file and keep what it holds, masked, until somebody confirms it.

    Raises:
        InputError: the file can't be used; the sentence says which row and what to do. Nothing is kept.
    """
    knowledge = read_knowledge(path)
    with masker() as names:
        questions = names.mask_all([pair.question for pair in knowledge.pairs])
        answers = names.mask_all([pair.answer for pair in knowledge.pairs])
    rows = [
        {
            "row": pair.row,
            "question": question,
            "intent": intent_name(pair.intent) if pair.intent else "",
            "title": mask(pair.intent).text,
            "answer": answer,
        }
        for pair, question, answer in zip(knowledge.pairs, questions, answers, strict=True)
    ]
    return KnowledgeImport.objects.create(
        kind=knowledge.kind,
        filename=filename[:255],
        rows=rows,
        names_version=names.version,
        has_missed_names=names.has_missed,
        author=actor,
        created_at=at,
    )


def confirm_import(*, imported: KnowledgeImport, language: str, actor: User, at: datetime) -> int:
    """Take a preview over: intents, approved examples, answers for intents that have none, placeholders.

    Where names could not be looked for when the file was read, its examples wait for review. What has no
    intent stays with the import, for the list of suggested intents. Returns the new examples.

    Raises:
        AlreadyImportedError: it was taken over before.
    """
    with transaction.atomic():
        locked = KnowledgeImport.objects.select_for_update().get(pk=imported.pk)
        if locked.state == KnowledgeImport.State.IMPORTED:
            raise AlreadyImportedError(_("This file was imported already."))
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
            key=None,
            action="support.knowledge.imported",
            subject=f"import:{locked.pk}",
            detail={"file": locked.filename, "rows": len(locked.rows), "examples": added},
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
    answered = set(
        AnswerTemplate.objects.filter(intent__in=intents.values(), language=language).values_list(
            "intent__name", flat=True
        )
    )
    said: dict[str, Counter[str]] = {}
    for row in rows:
        if row["answer"] and row["intent"] not in answered:
            said.setdefault(row["intent"], Counter())[row["answer"]] += 1
    bodies = {name: answers.most_common(1)[0][0] for name, answers in said.items()}
    Placeholder.objects.bulk_create(
        [Placeholder(name=name[:64]) for name in {n for body in bodies.values() for n in names_in(body)}],
        ignore_conflicts=True,
    )
    AnswerTemplate.objects.bulk_create(
        AnswerTemplate(
            intent=intents[name], language=language, number=1, body=body, author=actor, created_at=at
        )
        for name, body in bodies.items()
    )
