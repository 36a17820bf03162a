"""Aliases change here and nowhere else: through the gate, one at a time, each change a row for ever."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.services import audit
from apps.registry.errors import RegistryError
from apps.registry.models import Alias, AliasName, Promotion, Version
from apps.registry.selectors.aliases import champion_of, present_and_previous
from apps.registry.services.gate import GateReport, evaluate_gate
from modelcore.sentence import Sentence

GATE_ROUNDS = 10


class GateRefusedError(RegistryError):
    """The gate doesn't let the version through; the report says why."""

    code = "gate_refused"

    def __init__(self, report: GateReport) -> None:
        name = f"{report.family} v{report.version}"
        super().__init__(
            Sentence("{version} does not pass the gate. {refusal}", version=name, refusal=report.refusal)
        )
        self.report = report


class AlreadyPromotedError(RegistryError):
    code = "already_promoted"


class VersionArchivedError(RegistryError):
    code = "version_archived"


class ChampionChangedError(RegistryError):
    code = "champion_changed"


class NothingToRollBackToError(RegistryError):
    code = "nothing_to_roll_back_to"


@dataclass(frozen=True)
class Change:
    """Who moves an alias, why and when; `expected` is what it must point to for the move to make sense."""

    kind: Promotion.Kind
    actor: User | None
    reason: str
    at: datetime
    expected: Version | None = None


@dataclass(frozen=True)
class AcceptedLosses:
    """Labels that may lose, and the number of the champion that they are compared with; None: of any."""

    labels: tuple[str, ...] = ()
    champion: int | None = None


NO_LOSSES = AcceptedLosses()


def promote_version(
    *,
    version: Version,
    alias: str,
    actor: User | None,
    reason: str,
    at: datetime,
    accepted: AcceptedLosses = NO_LOSSES,
) -> Promotion:
    """Let an alias point to a version that passes the gate.

    Args:
        accepted: what somebody saw and took upon themselves; it does not carry over to another champion.

    Raises:
        GateRefusedError: it doesn't pass; the report is on the exception.
        AlreadyPromotedError, VersionArchivedError, ChampionChangedError: the alias stays as it is.
    """
    alias = AliasName(alias)
    check_not_archived(version)
    # The gate reads the whole artifact, so it judges outside the transaction; if the champion it compared
    # with is another one once the alias is locked, it judges again.
    for _round in range(GATE_ROUNDS):
        report = evaluate_gate(version, alias=alias, accept_label_losses=accepted.labels)
        if accepted.labels and accepted.champion not in (None, report.champion):
            raise _changed_meanwhile(version.family, alias)
        if not report.passed:
            raise GateRefusedError(report)
        promotion = _move(
            version,
            alias,
            report,
            Change(Promotion.Kind.PROMOTION, actor, reason, at),
        )
        if promotion is not None:
            return promotion
    raise ChampionChangedError(
        "The champion of {family} keeps changing; look at the gate again.", family=version.family
    )


def promote_first(*, version: Version, actor: User | None, reason: str, at: datetime) -> Promotion:
    """Let a family that has no champion have one, which nobody chose and which replaces nobody's choice.

    Raises:
        GateRefusedError: the version doesn't pass; the report is on the exception.
        AlreadyPromotedError: it is the champion.
        ChampionChangedError: another one is.
        VersionArchivedError: it was archived.
    """
    report = evaluate_gate(version)
    promotion = None
    if report.champion in (None, version.number):
        if not report.passed:
            raise GateRefusedError(report)
        promotion = _move(
            version, AliasName.CHAMPION, report, Change(Promotion.Kind.PROMOTION, actor, reason, at)
        )
    if promotion is None:
        raise _changed_meanwhile(version.family, AliasName.CHAMPION)
    return promotion


def rollback_alias(
    *, family: str, alias: str, actor: User | None, at: datetime, leaving: int | str | None = None
) -> Promotion:
    """Let an alias point to what it pointed to before its present version was promoted.

    Args:
        leaving: the id of the present version, as who asks saw it, so that asking twice goes back once.

    Raises:
        ChampionChangedError: the alias points to another version, or the champion changed meanwhile.
        NothingToRollBackToError: there is no version before it that is not archived.
        GateRefusedError: that version's artifact is damaged.
    """
    alias = AliasName(alias)
    current, previous = present_and_previous(family, alias)
    if leaving is not None and current is not None and str(current.pk) != str(leaving):
        raise _changed_meanwhile(family, alias)
    if previous is None or current is None:
        raise NothingToRollBackToError(
            "{alias} has no earlier version to go back to.", alias=f"{family}@{alias}"
        )
    report = evaluate_gate(previous, alias=alias, is_rollback=True)
    if not report.passed:
        raise GateRefusedError(report)
    reason = Sentence("Rollback from v{number}.", number=current.number)
    promotion = _move(
        previous,
        alias,
        report,
        Change(Promotion.Kind.ROLLBACK, actor, reason, at, expected=current),
    )
    if promotion is None:
        raise _changed_meanwhile(family, alias)
    return promotion


def check_not_archived(version: Version) -> None:
    """
    Raises:
        VersionArchivedError: it is.
    """
    if version.archived_at is not None:
        raise VersionArchivedError("{version} is archived; an alias can't point to it.", version=version)


def _changed_meanwhile(family: str, alias: AliasName) -> ChampionChangedError:
    return ChampionChangedError("{alias} was changed meanwhile; look at it again.", alias=f"{family}@{alias}")


def _move(version: Version, alias: AliasName, report: GateReport, change: Change) -> Promotion | None:
    """Write the change; None if the alias or the champion is no longer what the report was made for."""
    Alias.objects.bulk_create(
        [Alias(family=version.family, name=alias, changed_at=change.at)], ignore_conflicts=True
    )
    with transaction.atomic():
        row = Alias.objects.select_for_update().get(family=version.family, name=alias)
        target = Version.objects.select_for_update().get(pk=version.pk)
        check_not_archived(target)
        if change.expected is not None and row.version_id != change.expected.pk:
            return None
        if row.version_id == target.pk:
            raise AlreadyPromotedError("{version} is the {alias} already.", version=target, alias=alias.label)
        champion = champion_of(version.family)
        if (champion.number if champion else None) != report.champion:
            return None
        promotion = Promotion.objects.create(
            family=version.family,
            alias=alias,
            from_version_id=row.version_id,
            to_version=target,
            gate_report=report.to_stored(),
            kind=change.kind,
            actor=change.actor,
            reason=change.reason,
            at=change.at,
        )
        row.version, row.changed_at = target, change.at
        row.save(update_fields=["version", "changed_at"])
        _announce(promotion, change.actor)
    return promotion


def _announce(promotion: Promotion, actor: User | None) -> None:
    before = promotion.from_version.number if promotion.from_version else None
    detail: dict[str, Any] = {
        "alias": promotion.alias,
        "from": before,
        "to": promotion.to_version.number,
        "reason": promotion.reason,
        "promotion": promotion.pk,
    }
    audit.record(
        actor=actor,
        action=f"alias.{promotion.kind}",
        subject=f"family:{promotion.family}",
        detail=detail,
    )
