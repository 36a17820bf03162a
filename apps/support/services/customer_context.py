"""What the shop knows of a customer: asked for over HTTP, kept with the visitor for a while."""

import json
import logging
import socket
import time
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from apps.accounts.networks import is_link_local
from apps.support.models import Visitor
from apps.support.selectors.policy import current_policy
from apps.support.texts import is_storable

logger = logging.getLogger(__name__)

TIMEOUT = httpx.Timeout(0.8)
# That is until something comes; what comes in drops keeps nobody waiting either.
BODY_SECONDS = 2.0
KEPT_FOR = timedelta(minutes=5)
# A shop that does not answer is not asked with every message.
ASKED_AGAIN_AFTER = timedelta(seconds=30)
LARGEST_BYTES = 64 * 1024


def refresh_context(*, visitor: Visitor, at: datetime) -> dict[str, Any]:
    """The visitor's context, asked for anew when it is old; empty where nobody knows.

    Never inside a transaction: the shop may take its time.
    """
    # The customer may be erased while the shop takes its time.
    known = Visitor.objects.filter(pk=visitor.pk, erased_at=None)
    url = current_policy().context_url if visitor.external_id else ""
    if not url:
        if visitor.context:  # of a shop that was asked before
            known.update(context={}, context_at=None)
        return {}
    if visitor.context_at is not None and at - visitor.context_at < KEPT_FOR:
        return dict(visitor.context)
    context = _ask(url, visitor.external_id)
    if context is None:
        known.update(context={}, context_at=at - KEPT_FOR + ASKED_AGAIN_AFTER)
        return {}
    known.update(context=context, context_at=at)
    return context


def _headers() -> dict[str, str]:
    token = settings.SUPPORT_CONTEXT_TOKEN
    return {"Authorization": f"Bearer {token}"} if token else {}


def _check_place(url: str) -> None:
    """A lead names the address and reads what comes from there: that must not be this machine's secrets.

    Raises:
        ValueError: it leads to them.
    """
    try:
        places = socket.getaddrinfo(urlsplit(url).hostname, None, type=socket.SOCK_STREAM)
    except OSError:  # a name that only a proxy knows, or nobody: the request will tell
        return
    if any(is_link_local(str(place[0])) for *_, place in places):
        raise ValueError("link-local")


def _ask(url: str, external_id: str) -> dict[str, Any] | None:
    try:
        _check_place(url)
        with httpx.stream(
            "GET", url, params={"external_id": external_id}, headers=_headers(), timeout=TIMEOUT
        ) as response:
            response.raise_for_status()
            body, ends_at = b"", time.monotonic() + BODY_SECONDS
            for part in response.iter_bytes():
                body += part
                if len(body) > LARGEST_BYTES:
                    raise ValueError(f"more than {LARGEST_BYTES} bytes")
                if time.monotonic() > ends_at:
                    raise httpx.ReadTimeout(f"more than {BODY_SECONDS} seconds")
        content = json.loads(body)
        # What the table could not keep: NaN, which JSON has not, and texts of NUL or halves of characters.
        if not is_storable(json.dumps(content, ensure_ascii=False, allow_nan=False).replace("\\u0000", "\0")):
            raise ValueError("a character that can't be stored")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
        logger.warning("the customer context can't be had: %s", type(error).__name__)
        return None
    if not isinstance(content, dict):
        logger.warning("the customer context is no JSON object")
        return None
    return content
