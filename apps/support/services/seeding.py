"""The knowledge that a new service begins with: the samples' intents, examples, answers and placeholders."""

import csv
from datetime import datetime

from django.db import transaction

from apps.accounts.locks import lock
from apps.support.engine.sentences import digest_of
from apps.support.family import SAMPLES
from apps.support.models import AnswerTemplate, Example, Intent, Placeholder
from modelcore.privacy import mask

Row = dict[str, str]


@transaction.atomic
def seed_knowledge(*, at: datetime) -> bool:
    """Fill empty tables; False where there is knowledge already, of which nothing is touched."""
    # Two starts at once: the second waits here and then finds what the first has written.
    lock("support.seed_knowledge")
    if Intent.objects.exists():
        return False
    answers = _rows("answers.csv")
    Intent.objects.bulk_create(
        Intent(name=row["label"], title=row["title"], created_at=at) for row in answers
    )
    intents = {intent.name: intent for intent in Intent.objects.all()}
    AnswerTemplate.objects.bulk_create(
        AnswerTemplate(
            intent=intents[row["label"]],
            language=row["language"],
            number=1,
            body=row["answer"],
            created_at=at,
        )
        for row in [*({**row, "language": "en"} for row in answers), *_rows("answers_in_chinese.csv")]
        # An intent without an answer is for people alone.
        if row["answer"]
    )
    Placeholder.objects.bulk_create(Placeholder(**row) for row in _rows("placeholders.csv"))
    questions = [*_rows("questions.csv"), *_rows("questions_in_chinese.csv")]
    Example.objects.bulk_create(
        [_example(row, intents[row["label"]], at) for row in questions], ignore_conflicts=True
    )
    return True


def _example(row: Row, intent: Intent, at: datetime) -> Example:
    text = mask(row["text"]).text
    return Example(
        intent=intent,
        text=text,
        digest=digest_of(text),
        source=Example.Source.SAMPLE,
        state=Example.State.APPROVED,
        created_at=at,
    )


def _rows(name: str) -> list[Row]:
    with (SAMPLES / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
