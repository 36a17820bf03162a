from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.support.engine.naming import intent_name, name_of
from apps.support.errors import SupportError
from apps.support.models import Intent
from apps.support.services.standing import check_seen


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


@transaction.atomic
def change_intent(*, intent: Intent, change: IntentChange, seen: str) -> Intent:
    """
    Raises:
        IntentNameError: it has no title, or that of another intent.
        ChangedMeanwhileError: see `check_seen`.
    """
    locked = Intent.objects.select_for_update().get(pk=intent.pk)
    wanted = {
        "title": _own_title(change.title, locked),
        "description": change.description.strip(),
        "skill": name_of(change.skill)[:64],
        "is_active": change.is_active,
    }
    check_seen(locked, seen=seen, wanted=wanted)
    for name, value in wanted.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(wanted))
    return locked


def _own_title(title: str, intent: Intent | None = None) -> str:
    """As it is stored; people tell intents apart by it."""
    title = title.strip()[:120]
    if not title:
        raise IntentNameError(_("An intent needs a title."))
    others = Intent.objects.exclude(pk=intent.pk) if intent else Intent.objects.all()
    if others.filter(title__iexact=title).exists():
        raise IntentNameError(_("There is an intent %(name)s already.") % {"name": title})
    return title
