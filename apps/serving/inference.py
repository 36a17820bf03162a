"""From texts to answers: for HTTP and gRPC on their event loop, for playground and bot in a thread."""

import asyncio
import json
import logging
import math
import threading
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from typing import Any, cast

import numpy as np
from django.utils.translation import gettext as _

from apps.serving import metrics
from apps.serving.errors import Fault, ServingError, malformed, too_large
from apps.serving.limits import Limits
from apps.serving.live import LiveModels
from apps.serving.live_model import Found, LiveModel, Vector
from apps.serving.protocol.tensors import INPUT, Tensor, TensorSpec
from modelcore.serving import Overloaded, Prediction, Text

logger = logging.getLogger(__name__)

INPUTS = (TensorSpec(INPUT, "BYTES", (-1,)),)
TIMEOUT_SECONDS = 30.0
# Above this many characters tokenising takes longer than a hop to another thread.
COUNTED_INLINE = 4096
FP32_BYTES = 4
# Then so many texts at a time, in a thread that does nothing else: requests take turns, and the few threads
# of the loop stay free for keys and rates.
COUNTED_AT_ONCE = 64
_counting = ThreadPoolExecutor(1, thread_name_prefix="count-tokens")


@dataclass(frozen=True)
class Answer:
    version: str
    tensors: tuple[Tensor, ...]

    @property
    def size(self) -> int:
        """Bytes of its numbers and of its strings, more or less."""
        return sum(FP32_BYTES * math.prod(tensor.shape) for tensor in self.tensors)


def output_specs(model: LiveModel) -> tuple[TensorSpec, ...]:
    if model.task == "embedding":
        return (TensorSpec("embedding", "FP32", (-1, model.embedding_size or -1)),)
    if model.task == "tagging":
        return (TensorSpec("spans", "BYTES", (-1,)),)
    return (
        TensorSpec("label", "BYTES", (-1,)),
        TensorSpec("score", "FP32", (-1,)),
        TensorSpec("probabilities", "FP32", (-1, len(model.predictor.labels))),
    )


def chosen_outputs(model: LiveModel, wanted: Sequence[str]) -> tuple[str, ...]:
    """
    Args:
        wanted: names as the client gave them; none means all.

    Raises:
        ServingError: a name that the model doesn't have.
    """
    names = tuple(spec.name for spec in output_specs(model))
    for name in wanted:
        if name not in names:
            sentence = f"{model.family} has no output {name[:80]!r}. It has: {', '.join(names)}."
            raise malformed(sentence, param="outputs")
    return tuple(dict.fromkeys(wanted)) or names


@asynccontextmanager
async def leased(models: LiveModels, family: str, version: str | None) -> AsyncIterator[LiveModel]:
    # A load takes seconds, and the few threads of the loop have keys to look up and requests to count.
    while (model := models.lease_if_loaded(family, version)) is None:
        loading = models.loading(family, version)
        with suppress(TimeoutError):
            async with asyncio.timeout(loading.seconds):
                await _all_done([loading.future])
        loading.check()
    try:
        yield model
    finally:
        model.give_back()


async def infer(model: LiveModel, texts: Sequence[str], wanted: Sequence[str], limits: Limits) -> Answer:
    """Answers texts.

    Args:
        model: leased.
        texts: checked.
        wanted: names of outputs; none means the usual ones.

    Raises:
        ServingError: unknown output, too many tokens, overloaded or too late.
    """
    outputs = chosen_outputs(model, wanted)
    counts = await _token_counts(model, texts, limits)
    answers = await _answers(model, texts, counts)
    by_name = {tensor.name: tensor for tensor in _tensors(model, answers)}
    return Answer(model.version, tuple(by_name[name] for name in outputs))


async def embed(model: LiveModel, texts: Sequence[Text], limits: Limits) -> tuple[Vector, int]:
    """The embeddings (n, D) and how many tokens they took.

    Args:
        model: leased, of task embedding.

    Raises:
        ServingError: as `infer`.
    """
    counts = await _token_counts(model, texts, limits)
    return stacked(await _answers(model, texts, counts)), sum(counts)


async def _token_counts(model: LiveModel, texts: Sequence[Text], limits: Limits) -> list[int]:
    count = model.predictor.token_counts
    if sum(map(len, texts)) <= COUNTED_INLINE:
        return _checked_counts(count(texts), limits)
    counts: list[int] = []
    for start in range(0, len(texts), COUNTED_AT_ONCE):
        some = texts[start : start + COUNTED_AT_ONCE]
        counts += await asyncio.get_running_loop().run_in_executor(_counting, count, some)
        # What is too much already needn't be counted to its end.
        _checked_counts(counts, limits)
    return counts


def _checked_counts(counts: list[int], limits: Limits) -> list[int]:
    if sum(counts) > limits.tokens:
        raise too_large(
            f"The texts have too many tokens; one request may have {limits.tokens}. Send them in parts.",
            param="text",
        )
    return counts


async def _answers(model: LiveModel, texts: Sequence[Text], counts: Sequence[int]) -> list[Found]:
    futures = submit_all(model, texts, counts)
    try:
        # Those that are left are cancelled, and so too late.
        with suppress(TimeoutError):
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await _all_done(futures)
    finally:
        _cancel_all(futures)
    return _results(model, futures, counts, TIMEOUT_SECONDS)


def submit_all(model: LiveModel, texts: Sequence[Text], counts: Sequence[int]) -> list[Future[Found]]:
    """
    Raises:
        ServingError: the queue is full; then none of the texts stays in it.
    """
    futures: list[Future[Found]] = []
    try:
        for text, count in zip(texts, counts, strict=True):
            futures.append(model.submit(text, count))
    except Overloaded:
        _cancel_all(futures)
        sentence = _("%(family)s has more waiting than it can answer soon. Try again in a second.") % {
            "family": model.family
        }
        raise ServingError(Fault.OVERLOADED, sentence, retry_after_seconds=1) from None
    return futures


def answers_of(
    model: LiveModel, futures: Sequence[Future[Found]], counts: Sequence[int], *, seconds: float
) -> list[Found]:
    """What `submit_all` promised. Blocks.

    Args:
        counts: tokens of each text.
        seconds: the longest to wait.

    Raises:
        ServingError: too late, or the model failed.
    """
    wait(futures, seconds)
    _cancel_all(futures)
    return _results(model, futures, counts, seconds)


def _cancel_all(futures: Sequence[Future[Found]]) -> None:
    # Does nothing to those that are done; the others would be computed for nobody.
    for future in futures:
        future.cancel()


def _all_done(futures: Sequence[Future[Any]]) -> asyncio.Future[None]:
    """One wake-up of the event loop a request, however many texts it has."""
    loop = asyncio.get_running_loop()
    finished = loop.create_future()
    lock, left = threading.Lock(), len(futures)

    def count(_: Future[Any]) -> None:
        nonlocal left
        with lock:
            left -= 1
            last = not left
        # Whoever gave up may have closed the loop since.
        if last and not finished.cancelled():
            loop.call_soon_threadsafe(finish)

    def finish() -> None:
        if not finished.done():
            finished.set_result(None)

    for future in futures:
        future.add_done_callback(count)
    return finished


def _results(
    model: LiveModel, futures: Sequence[Future[Found]], counts: Sequence[int], seconds: float
) -> list[Found]:
    if not all(future.done() and not future.cancelled() for future in futures):
        sentence = _("No answer within %(seconds)d seconds. Try again.") % {"seconds": seconds}
        raise ServingError(Fault.DEADLINE, sentence)
    for future in futures:
        if error := future.exception():
            logger.error("%s %s failed", model.family, model.version, exc_info=error)
            sentence = _("The model failed on this request; the server's log says why.")
            raise ServingError(Fault.INTERNAL, sentence)
    metrics.observe_answered(model.family, model.version, counts)
    return [future.result() for future in futures]


def _tensors(model: LiveModel, answers: Sequence[Found]) -> tuple[Tensor, ...]:
    if model.task == "embedding":
        vectors = stacked(answers)
        return (Tensor("embedding", "FP32", vectors.shape, vectors),)
    predictions = cast(Sequence[Prediction], answers)
    count = len(predictions)
    if model.task == "tagging":
        spans = [json.dumps([asdict(span) for span in found.spans]) for found in predictions]
        return (Tensor("spans", "BYTES", (count,), spans),)
    scores = np.array([found.score for found in predictions], dtype=np.float32)
    probabilities = np.array([found.probabilities for found in predictions], dtype=np.float32)
    return (
        Tensor("label", "BYTES", (count,), [found.label for found in predictions]),
        Tensor("score", "FP32", (count,), scores),
        Tensor("probabilities", "FP32", probabilities.shape, probabilities),
    )


def stacked(answers: Sequence[Found]) -> Vector:
    return np.stack(cast(Sequence[Vector], answers))
