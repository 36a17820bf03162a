from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.support.engine.naming import intent_name
from apps.support.engine.spelling import name_of
from apps.support.errors import SupportError
from apps.support.models import Intent


class IntentNameError(SupportError):
    code = "intent_name"


@dataclass(frozen=True)
class IntentChange:
    title: str
    description: str
    skill: str
    is_active: bool


def create_intent(*, title: str, at: datetime) -> Intent:
    """Name something that customers want.

    Raises:
        IntentNameError: there is no title, or an intent has it or its name already.
    """
    title = _own_title(title)
    name = intent_name(title)
    try:
        with transaction.atomic():
            return Intent.objects.create(name=name, title=title, created_at=at)
    except IntegrityError as error:
        raise IntentNameError(_("There is an intent %(name)s already.") % {"name": name}) from error


def change_intent(*, intent: Intent, change: IntentChange) -> Intent:
    """
    Raises:
        IntentNameError: it has no title, or that of another intent.
    """
    intent.title, intent.description = _own_title(change.title, intent), change.description.strip()
    intent.skill, intent.is_active = name_of(change.skill)[:64], change.is_active
    intent.save(update_fields=["title", "description", "skill", "is_active"])
    return intent


def _own_title(title: str, intent: Intent | None = None) -> str:
    """As it is stored; people tell intents apart by it."""
    title = title.strip()[:120]
    if not title:
        raise IntentNameError(_("An intent needs a title."))
    others = Intent.objects.exclude(pk=intent.pk) if intent else Intent.objects.all()
    if others.filter(title__iexact=title).exists():
        raise IntentNameError(_("There is an intent %(name)s already.") % {"name": title})
    return title
