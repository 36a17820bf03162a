"""What the knowledge pages show."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, F, Q, QuerySet, When

from apps.support.engine.languages import DEFAULT_LANGUAGE
from apps.support.models import (
    AnswerSuggestion,
    AnswerTemplate,
    Article,
    Example,
    Intent,
    IntentSuggestion,
    KnowledgeIndex,
    NearDuplicate,
    SuggestionRound,
)
from apps.support.selectors.quality import own_decisions, quality_by
from modelcore.privacy import labels_in

LOOKED_BACK = timedelta(days=30)


@dataclass(frozen=True)
class IntentRow:
    intent: Intent
    approved: int
    pending: int
    answer: str
    asked: int
    answered: int
    wrong: int
    is_withheld: bool

    @property
    def coverage(self) -> float | None:
        """Of the questions taken for this intent, the share that was answered."""
        return self.answered / self.asked if self.asked else None

    @property
    def precision(self) -> float | None:
        """Of the answers, the share that nobody found wrong."""
        return 1 - self.wrong / self.answered if self.answered else None


@dataclass(frozen=True)
class Conflict:
    """One text that several intents claim."""

    text: str
    examples: tuple[Example, ...]


def intent_rows(*, at: datetime, language: str, search: str = "") -> list[IntentRow]:
    """Every intent, with its answer in the language if it has one."""
    intents = Intent.objects.annotate(
        approved=Count("examples", filter=Q(examples__state=Example.State.APPROVED)),
        pending=Count("examples", filter=Q(examples__state=Example.State.PENDING)),
    ).order_by("title")
    if search:
        intents = intents.filter(
            Q(name__icontains=search)
            | Q(title__icontains=search)
            | Q(pk__in=Example.objects.filter(text__icontains=search).values("intent"))
        )
    answers, withheld = _answers_in(language), _withheld()
    lately = own_decisions().filter(created_at__gt=at - LOOKED_BACK)
    asked = {row["intent"]: row for row in quality_by(lately, "intent")}
    nothing = {"asked": 0, "answered": 0, "wrong": 0}
    rows = []
    for intent in intents:
        counts = asked.get(intent.name, nothing)
        rows.append(
            IntentRow(
                intent,
                intent.approved,
                intent.pending,
                answers.get(intent.pk, ""),
                counts["asked"],
                counts["answered"],
                counts["wrong"],
                intent.pk in withheld,
            )
        )
    return rows


def _answers_in(language: str) -> dict[int, str]:
    current = AnswerTemplate.objects.filter(is_current=True).values_list("intent_id", "language", "body")
    # The last one stays: in any language, then in the default one, then in the one asked for.
    ranked = sorted(current, key=lambda row: (row[1] == language, row[1] == DEFAULT_LANGUAGE))
    return {intent_id: body for intent_id, _language, body in ranked}


def _withheld() -> set[int]:
    """The intents with an answer, in any language, that holds a mask and so is sent to nobody."""
    current = AnswerTemplate.objects.filter(is_current=True, body__contains="[")
    return {intent for intent, body in current.values_list("intent_id", "body") if labels_in(body)}


def examples_of(intent: Intent) -> QuerySet[Example]:
    """What waits for review first."""
    pending_first = Q(state=Example.State.PENDING)
    return (
        Example.objects.filter(intent=intent)
        .select_related("author", "reviewer")
        .annotate(waits=Count("pk", filter=pending_first))
        .order_by("-waits", "state", "-pk")
    )


def waiting_examples() -> QuerySet[Example]:
    return (
        Example.objects.filter(state=Example.State.PENDING)
        .select_related("intent", "author")
        .order_by("-created_at", "-pk")
    )


def versions_by_language(intent: Intent) -> dict[str, list[AnswerTemplate]]:
    """The newest first; without those that were erased."""
    found: dict[str, list[AnswerTemplate]] = defaultdict(list)
    kept = intent.templates.exclude(body="").select_related("author")
    for template in kept.order_by("language", "-number"):
        found[template.language].append(template)
    return dict(found)


def conflicts(most: int) -> list[Conflict]:
    """The same text, but for case and punctuation, under several intents in use: so many of these texts."""
    found: dict[str, list[Example]] = defaultdict(list)
    digests = list(claimed_twice().order_by("digest")[:most])
    for example in _living_examples().filter(digest__in=digests).select_related("intent"):
        found[example.digest].append(example)
    return [Conflict(examples[0].text, tuple(examples)) for examples in found.values()]


def claimed_twice() -> QuerySet[Example, str]:
    """The digests of these texts."""
    counted = _living_examples().values("digest").annotate(intents=Count("intent", distinct=True))
    return counted.filter(intents__gt=1).values_list("digest", flat=True)


def _living_examples() -> QuerySet[Example]:
    return Example.objects.exclude(state=Example.State.REJECTED).filter(intent__is_active=True)


def near_duplicates() -> QuerySet[NearDuplicate]:
    """Of approved examples of intents in use; those of two intents first."""
    approved = {f"{side}__state": Example.State.APPROVED for side in ("one", "other")}
    in_use = {f"{side}__intent__is_active": True for side in ("one", "other")}
    return (
        NearDuplicate.objects.filter(**approved, **in_use)
        .select_related("one__intent", "other__intent")
        .annotate(is_across=Case(When(one__intent=F("other__intent"), then=False), default=True))
        .order_by("-is_across", "-similarity", "pk")
    )


def compared_at() -> datetime | None:
    """When near duplicates were looked for."""
    return KnowledgeIndex.objects.exclude(compared_at=None).values_list("compared_at", flat=True).first()


def open_suggestions() -> QuerySet[IntentSuggestion]:
    return IntentSuggestion.objects.filter(state=IntentSuggestion.State.OPEN).order_by("-cohesion", "pk")


def latest_round() -> SuggestionRound | None:
    """The look for groups that is under way, or the last one."""
    return SuggestionRound.objects.first()


def suggested_answers(intent: Intent | None = None) -> QuerySet[AnswerSuggestion]:
    found = AnswerSuggestion.objects.filter(state=AnswerSuggestion.State.OPEN).select_related(
        "intent", "author"
    )
    return found if intent is None else found.filter(intent=intent)


def current_articles() -> QuerySet[Article]:
    return Article.objects.filter(is_current=True).select_related("intent", "author").order_by("title", "pk")


def current_article(slug: str, language: str) -> Article | None:
    return Article.objects.filter(slug=slug, language=language, is_current=True).first()
