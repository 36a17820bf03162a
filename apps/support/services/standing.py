"""Optimistic locking: who saves a form later than a colleague takes nothing back unseen."""

from collections.abc import Mapping

from django.db.models import Model
from django.utils.translation import gettext as _

from apps.support.errors import SupportError
from apps.support.selectors.standing import differing, stamp_of


class ChangedMeanwhileError(SupportError):
    """Who has compared with what stands now may save it all the same."""

    code = "changed_meanwhile"

    def __init__(self) -> None:
        super().__init__(
            _("Somebody has saved something else here than you were shown. Compare the two, then save again.")
        )


def check_seen(row: Model | None, *, seen: str, wanted: Mapping[str, object]) -> None:
    """That nothing is taken back unseen by saving what is wanted, by field.

    Args:
        row: as it stands, held until the transaction ends; None where there is none.
        seen: the stamp of what was shown; empty: nothing was there.
    Raises:
        ChangedMeanwhileError: what stands was never shown, and is something else.
    """
    if row is not None and seen != stamp_of(row) and differing(row, wanted):
        raise ChangedMeanwhileError
