"""Answering in a thread of the process that took the message: the quickest way; the sweep covers its end."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache

from django import db
from django.db import transaction
from django.utils import timezone

from apps.support.services.answering import answer_left_over

# Most of an answer is PostgreSQL's and the model's time, in which Python is free.
THREADS = 4


def answer_soon(conversation_id: int) -> None:
    """Once the transaction under way is committed; returns at once."""
    transaction.on_commit(lambda: _pool().submit(_answer, conversation_id))


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="answer")


def _answer(conversation_id: int) -> int:
    try:
        return answer_left_over(conversation_id=conversation_id, at=timezone.now())
    finally:
        # No request cycle of Django's would end in this thread.
        db.close_old_connections()
