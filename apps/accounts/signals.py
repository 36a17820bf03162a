"""Who came in, who left and who was turned away goes into the audit trail."""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from apps.accounts.models import User
from apps.accounts.services import audit


def connect() -> None:
    user_logged_in.connect(record_sign_in, dispatch_uid="accounts.sign_in")
    user_logged_out.connect(record_sign_out, dispatch_uid="accounts.sign_out")
    user_login_failed.connect(record_refusal, dispatch_uid="accounts.refusal")
    user_locked_out.connect(record_lock_out, dispatch_uid="accounts.lock_out")


def record_sign_in(user: User, **_: Any) -> None:
    audit.record(actor=user, action="sign_in", subject=f"user:{user.pk}", detail={})


def record_sign_out(user: User | None, **_: Any) -> None:
    if user is not None:
        audit.record(actor=user, action="sign_out", subject=f"user:{user.pk}", detail={})


def record_refusal(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    if not _was_locked_before(request):
        subject = typed_subject(credentials.get("username"))
        audit.record(actor=None, action="sign_in.refused", subject=subject, detail={})


def record_lock_out(request: HttpRequest, **_: Any) -> None:
    if not _was_locked_before(request):
        typed = request.axes_credentials.get("username")  # type: ignore[attr-defined]  # set by axes
        audit.record(actor=None, action="sign_in.locked", subject=typed_subject(typed), detail={})


def _was_locked_before(request: HttpRequest | None) -> bool:
    """Nothing can be taken out of the trail, so who is locked out and goes on leaves no more in it.

    Axes says of such a request that it is locked out, and counts no failures for it.
    """
    is_locked_out = getattr(request, "axes_locked_out", False)
    return is_locked_out and getattr(request, "axes_failures_since_start", None) is None


def typed_subject(username: str | None) -> str:
    """What was typed may be a password in the wrong field, so only a name that exists is written down."""
    user = User.objects.filter(username=username).first() if username and "\0" not in username else None
    return f"user:{user.pk}" if user else "user:unknown"
