"""The lead's half of a promotion: the registry's gate judges, and the lead names what may be lost."""

from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.registry.models import AliasName, Promotion
from apps.registry.services.promotion import AcceptedLosses, promote_version, rollback_alias
from apps.support.errors import SupportError
from apps.support.family_name import FAMILY
from apps.support.models import Lesson
from modelcore.sentence import Sentence


class NotReadyError(SupportError):
    code = "lesson_not_ready"


def promote_lesson(*, lesson: Lesson, actor: User, accepted: AcceptedLosses, at: datetime) -> Promotion:
    """Let what the lesson taught answer customers.

    Raises:
        NotReadyError: the lesson has no challenger.
        GateRefusedError, AlreadyPromotedError, VersionArchivedError, ChampionChangedError: see the registry.
    """
    version = lesson.version
    if lesson.state != Lesson.State.READY or version is None:
        raise NotReadyError(_("This lesson has no challenger to promote."))
    return promote_version(
        version=version,
        alias=AliasName.CHAMPION,
        actor=actor,
        reason=Sentence("Lesson {number}.", number=lesson.pk),
        at=at,
        accepted=accepted,
    )


def roll_back(*, leaving: int | str, actor: User, at: datetime) -> Promotion:
    """Let the champion before the one that is left answer again.

    Raises:
        NothingToRollBackToError, GateRefusedError, ChampionChangedError: see the registry.
    """
    return rollback_alias(family=FAMILY, alias=AliasName.CHAMPION, actor=actor, at=at, leaving=leaving)
