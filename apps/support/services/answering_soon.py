"""Answering in a thread of the process that took the message: the quickest way; the sweep covers its end.

Suggestions to people have one thread of their own, so that no answer to a customer waits for them.
"""

import gc
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

from django import db
from django.db import transaction
from django.utils import timezone

from apps.serving.errors import ServingError
from apps.support.models import Message
from apps.support.services.answering import answer_left_over
from apps.support.services.suggesting import suggest_left_over
from apps.support.services.understanding import understanding

logger = logging.getLogger(__name__)

# Most of an answer is PostgreSQL's and the model's time, in which Python is free.
THREADS = 4


def see_to_soon(message: Message) -> None:
    """A customer's message, which waits for the bot's answer, or for what people could answer."""
    if message.awaits_bot:
        answer_soon(message.conversation_id)
    elif message.awaits_suggestion:
        suggest_soon(message.conversation_id)


def answer_soon(conversation_id: int) -> None:
    """Once the transaction under way is committed; returns at once."""
    transaction.on_commit(lambda: _pool().submit(_answer, conversation_id))


def suggest_soon(conversation_id: int) -> None:
    """What the people who have it could answer; as `answer_soon`."""
    transaction.on_commit(lambda: _pool_of_suggestions().submit(_suggest, conversation_id))


def prepare_to_answer() -> None:
    """Loads the models of this process, once: a customer has come, who will write soon."""
    _prepared()


@cache
def _prepared() -> Future[None]:
    return _pool().submit(_prepare)


def _prepare() -> None:
    try:
        with understanding().judging():
            logger.info("the bot is ready in this process")
        # The models stay as well: see apps/project/asgi.py.
        gc.freeze()
    except ServingError as error:
        logger.warning("the bot is not ready yet: %s", error.sentence)
    finally:
        db.close_old_connections()


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="answer")


def _answer(conversation_id: int) -> None:
    try:
        answer_left_over(conversation_id=conversation_id, at=timezone.now())
    except db.Error:
        # Nobody looks at what a thread of the pool ends with.
        logger.exception("conversation %s is left to the sweep", conversation_id)
    finally:
        # No request cycle of Django's would end in this thread.
        db.close_old_connections()


@cache
def _pool_of_suggestions() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="suggest")


def _suggest(conversation_id: int) -> int:
    # Nobody sees what this ends with; what failed here waits for the sweep, which tells it.
    try:
        return suggest_left_over(conversation_id=conversation_id, at=timezone.now())
    finally:
        db.close_old_connections()
