"""What the engine may answer, as it is now."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apps.registry import content
from apps.registry.selectors.suites import pinned_suites
from apps.support.engine import placeholders as engine
from apps.support.engine.decision import Action, Verdict
from apps.support.engine.sentences import digest_of
from apps.support.engine.situation import Knowledge
from apps.support.family_name import FAMILY
from apps.support.models import AnswerTemplate, Placeholder
from apps.support.selectors.examples import approved_entries
from modelcore.data import LabelledTexts
from modelcore.vectors import Entry


@dataclass(frozen=True)
class Answers:
    """The knowledge of one moment, and which rows its templates are."""

    knowledge: Knowledge
    template_ids: Mapping[tuple[str, str], int]

    def template_of(self, verdict: Verdict) -> int | None:
        """The template that a verdict answers with, the first one of several."""
        if not verdict.reply or verdict.action is not Action.ANSWER:
            return None
        found = self.knowledge.language_of(verdict.intent, verdict.language)
        return self.template_ids.get((verdict.intent, found)) if found else None


NOTHING = Answers(Knowledge({}, {}), {})


def read_answers() -> Answers:
    rows = AnswerTemplate.objects.filter(is_current=True, intent__is_active=True)
    bodies: dict[tuple[str, str], str] = {}
    ids: dict[tuple[str, str], int] = {}
    for intent, language, pk, body in rows.values_list("intent__name", "language", "pk", "body"):
        bodies[intent, language] = body
        ids[intent, language] = pk
    return Answers(Knowledge(bodies, {one.name: one for one in read_placeholders()}), ids)


def read_placeholders() -> list[engine.Placeholder]:
    return [
        engine.Placeholder(
            name=row.name,
            kind=engine.Kind(row.kind),
            source=engine.Source(row.source),
            when_missing=engine.WhenMissing(row.when_missing),
            pattern=row.pattern,
            value=row.value,
            question=row.question,
            question_in_chinese=row.question_in_chinese,
            fallback=row.fallback,
            fallback_in_chinese=row.fallback_in_chinese,
        )
        for row in Placeholder.objects.all()
    ]


def read_examples() -> tuple[Entry, ...]:
    """The approved examples that may be looked up, each once, in the order of their digests.

    Left out is what the suites hold: certificates are made on those, and a question must not find itself.
    """
    entries = {entry.key: entry for entry in approved_entries()}
    held_out = {digest_of(text) for text in calibration_questions().texts}
    return tuple(entries[digest] for digest in sorted(entries.keys() - held_out))


def digest_of_knowledge(entries: Sequence[Entry], *, encoder: str) -> str:
    """SHA-256 in hex of what neighbours depend on: the examples in their order, and what embeds them.

    Args:
        entries: the examples.
        encoder: digest of the artifact.
    """
    content_of = json.dumps([encoder, *((entry.key, entry.label) for entry in entries)])
    return hashlib.sha256(content_of.encode()).hexdigest()


def calibration_questions() -> LabelledTexts:
    """The questions that no version was fitted on: the suites of the family."""
    texts: list[str] = []
    labels: list[str] = []
    for suite in pinned_suites(FAMILY).order_by("suite"):
        rows = content.rows_in(suite)
        if isinstance(rows, LabelledTexts):
            texts += rows.texts
            labels += rows.labels
    return LabelledTexts(tuple(texts), tuple(labels))
