"""Answers and longer texts change by new versions; the older ones stay to go back to."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.locks import lock
from apps.accounts.models import User
from apps.support.engine.naming import article_name
from apps.support.engine.templates import LONGEST_ANSWER, broken_in, names_in, spell_alike
from apps.support.errors import AlreadyDecidedError, SupportError
from apps.support.models import (
    AnswerSuggestion,
    AnswerTemplate,
    Article,
    Intent,
    Message,
    Placeholder,
)
from apps.support.selectors.standing import differing
from apps.support.services.conversations import ErasedCustomerError, hold_messages
from apps.support.services.languages import spelled_language
from apps.support.services.standing import check_seen
from modelcore.privacy import labels_in


class UnknownPlaceholderError(SupportError):
    code = "unknown_placeholder"


class BrokenPlaceholderError(SupportError):
    code = "broken_placeholder"


class MaskedTextError(SupportError):
    code = "masked_text"


class EmptyTextError(SupportError):
    code = "empty_text"


class LongTextError(SupportError):
    code = "long_text"


@dataclass(frozen=True)
class Text:
    """What an article says, in a language; without the slug of one that there is, it is one of its own."""

    slug: str
    language: str
    title: str
    body: str
    intent: Intent | None = None


def save_template(
    *, intent: Intent, language: str, body: str, author: User, at: datetime, origin: Message | None = None
) -> AnswerTemplate:
    """Answer an intent so from now on; the same text again is no new version.

    Args:
        origin: the agent's message that the text is taken over from.

    Raises:
        EmptyTextError, LongTextError: nothing to say, or too much of it.
        MaskedTextError: a label of masked personal data is in it.
        UnknownPlaceholderError: a placeholder that nothing fills.
        BrokenPlaceholderError: doubled braces that are no placeholder.
    """
    spelled = spell_alike(body).strip()
    if not spelled:
        raise EmptyTextError(_("The answer is empty."))
    if len(spelled) > LONGEST_ANSWER:
        raise LongTextError(
            _("The answer has %(length)d characters; at most %(longest)d are sent.")
            % {"length": len(spelled), "longest": LONGEST_ANSWER}
        )
    masked = labels_in(spelled)
    if masked:
        raise MaskedTextError(
            _(
                "The answer holds %(labels)s, where personal data was masked: write what every customer may "
                "read there, or a placeholder."
            )
            % {"labels": ", ".join(masked)}
        )
    broken = broken_in(spelled)
    if broken:
        raise BrokenPlaceholderError(
            _("At “%(place)s” braces are no placeholder: write it as {{name}}, with two on each side.")
            % {"place": broken}
        )
    unknown = unknown_placeholders(spelled)
    if unknown:
        raise UnknownPlaceholderError(
            _("Nothing says what to put for %(names)s; add the placeholder first.")
            % {"names": ", ".join(f"{{{{{name}}}}}" for name in unknown)}
        )
    with transaction.atomic():
        Intent.objects.select_for_update().get(pk=intent.pk)
        versions = AnswerTemplate.objects.filter(intent=intent, language=language)
        current = versions.filter(is_current=True).first()
        if current is not None and current.body == spelled:
            return current
        last = versions.order_by("-number").values_list("number", flat=True).first() or 0
        versions.filter(is_current=True).update(is_current=False)
        return AnswerTemplate.objects.create(
            intent=intent,
            language=language,
            number=last + 1,
            body=spelled,
            author=author,
            origin=origin,
            created_at=at,
        )


def write_answer(
    *, intent: Intent, language: str, body: str, seen: str, author: User, at: datetime
) -> AnswerTemplate:
    """Save what was written where the present answer was shown; it goes with the customer that one came from.

    Raises:
        EmptyTextError, LongTextError, MaskedTextError, UnknownPlaceholderError, BrokenPlaceholderError: see
            `save_template`.
        ChangedMeanwhileError: see `check_seen`.
        LanguageError: see `spelled_language`.
    """
    language = spelled_language(language)
    with transaction.atomic():
        Intent.objects.select_for_update().get(pk=intent.pk)
        current = AnswerTemplate.objects.filter(intent=intent, language=language, is_current=True).first()
        check_seen(current, seen=seen, wanted={"body": spell_alike(body).strip()})
        origin = current.origin if current is not None else None
        return save_template(intent=intent, language=language, body=body, author=author, at=at, origin=origin)


def retire_wordings(*, origins: QuerySet[Message]) -> int:
    """Empty the answers that were taken over from these messages; what was said before is said again."""
    taken_over = AnswerTemplate.objects.filter(origin__in=origins)
    intents = Intent.objects.select_for_update().filter(pk__in=taken_over.values("intent"))
    list(intents.order_by("pk"))
    given = list(taken_over.filter(is_current=True).values("intent", "language"))
    retired = taken_over.exclude(body="").update(body="", is_current=False)
    for of_one in given:
        before = AnswerTemplate.objects.filter(**of_one).exclude(body="").order_by("-number")
        AnswerTemplate.objects.filter(pk__in=before.values("pk")[:1]).update(is_current=True)
    return retired


def unknown_placeholders(body: str) -> list[str]:
    names = names_in(body)
    known = set(Placeholder.objects.filter(name__in=names).values_list("name", flat=True))
    return [name for name in names if name not in known]


def accept_answer(*, suggestion: AnswerSuggestion, body: str, actor: User, at: datetime) -> AnswerTemplate:
    """Take an agent's wording over as the intent's answer, as the lead has edited it.

    Raises:
        EmptyTextError, LongTextError, MaskedTextError, UnknownPlaceholderError, BrokenPlaceholderError: see
            `save_template`.
        ErasedCustomerError: its customer was erased since it was read.
        AlreadyDecidedError: somebody was faster.
    """
    with transaction.atomic():
        if suggestion.message_id is not None and not hold_messages(
            Message.objects.filter(pk=suggestion.message_id)
        ):
            raise ErasedCustomerError
        _decide(suggestion, AnswerSuggestion.State.ACCEPTED, at)
        return save_template(
            intent=suggestion.intent,
            language=suggestion.language,
            body=body,
            author=actor,
            at=at,
            origin=suggestion.message,
        )


def dismiss_answer(*, suggestion: AnswerSuggestion, at: datetime) -> None:
    """
    Raises:
        AlreadyDecidedError: somebody was faster.
    """
    _decide(suggestion, AnswerSuggestion.State.DISMISSED, at)


def _decide(suggestion: AnswerSuggestion, state: AnswerSuggestion.State, at: datetime) -> None:
    still_open = AnswerSuggestion.objects.filter(pk=suggestion.pk, state=AnswerSuggestion.State.OPEN)
    if not still_open.update(state=state, decided_at=at):
        raise AlreadyDecidedError(_("This suggestion was decided already."))


def save_article(*, text: Text, seen: str, author: User, at: datetime) -> Article:
    """Write the next version of an article; the same text again is none.

    Raises:
        EmptyTextError: it has no title or says nothing.
        ChangedMeanwhileError: see `check_seen`.
        LanguageError: see `spelled_language`.
    """
    language = spelled_language(text.language)
    if not text.title.strip() or not text.body.strip():
        raise EmptyTextError(_("An article needs a title and a text."))
    with transaction.atomic():
        is_known = Article.objects.filter(slug=text.slug).exists()
        slug = text.slug if is_known else article_name(text.title)
        # Two versions follow one another, so that no number is given twice.
        lock(f"support.article:{slug}:{language}")
        versions = Article.objects.filter(slug=slug, language=language)
        current = next((one for one in versions if one.is_current), None)
        wanted = {"title": text.title.strip(), "body": text.body.strip(), "intent": text.intent}
        check_seen(current, seen=seen, wanted=wanted)
        if current is not None and not differing(current, wanted):
            return current
        last = max((one.number for one in versions), default=0)
        versions.filter(is_current=True).update(is_current=False)
        return Article.objects.create(
            slug=slug, language=language, number=last + 1, author=author, created_at=at, **wanted
        )
