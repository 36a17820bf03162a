import asyncio
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.serving import metrics
from apps.serving.errors import Fault, ServingError
from apps.serving.inference import COUNTED_AT_ONCE, infer, leased
from apps.serving.limits import Limits
from apps.serving.live import LiveModels
from apps.serving.live_model import LiveModel
from tests.apps.serving.fakes import FAMILY, FakePredictor, FakeRegistry, release

LIMITS = Limits(tokens=20)


async def answers_from(models: LiveModels, version: str | None = None) -> tuple[str, str]:
    async with leased(models, FAMILY, version) as model:
        answer = await infer(model, ["where is my card"], ["label"], LIMITS)
    return answer.version, str(answer.tensors[0].to_list()[0])


async def test_two_hundred_requests_survive_ten_moves_of_the_alias(
    models: LiveModels, registry: FakeRegistry
) -> None:
    models.start()

    async def move() -> None:
        for turn in range(10):
            registry.aliases["champion"] = 1 + turn % 2
            await asyncio.to_thread(models.refresh)
            await asyncio.sleep(0.02)

    async def ask(delay: float) -> tuple[str, str]:
        await asyncio.sleep(delay)
        return await answers_from(models)

    answers = (await asyncio.gather(move(), *(ask(turn / 1000) for turn in range(200))))[1:]
    assert all(found is not None and found[1] == f"v{found[0]}" for found in answers)
    assert set(Counter(found[0] for found in answers if found)) == {"1", "2"}


async def test_requests_that_wait_for_a_load_hold_no_thread(
    models: LiveModels, registry: FakeRegistry
) -> None:
    registry.gate.clear()
    models.refresh()
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    waiting = [asyncio.ensure_future(answers_from(models, version)) for version in ("2", "3", None)]
    await asyncio.sleep(0.05)
    assert await asyncio.wait_for(asyncio.to_thread(lambda: "free"), 5) == "free"
    registry.gate.set()
    assert [found[0] for found in await asyncio.gather(*waiting)] == ["2", "3", "1"]


async def test_a_load_that_takes_too_long_is_told_and_goes_on(registry: FakeRegistry) -> None:
    models = LiveModels(read=registry.read, open_model=registry.open, load_seconds=0.05)
    registry.gate.clear()
    models.refresh()
    with pytest.raises(ServingError, match="still loading") as raised:
        await answers_from(models, "2")
    assert raised.value.retry_after_seconds == 5
    registry.gate.set()
    await asyncio.to_thread(models.lease, FAMILY, "2")
    assert registry.opened.count(2) == 1
    models.stop()


async def test_a_version_that_cannot_be_loaded_says_why(models: LiveModels, registry: FakeRegistry) -> None:
    registry.broken.add(2)
    models.refresh()
    with pytest.raises(ServingError, match=r"Version 2 .* the store does not answer") as raised:
        await answers_from(models, "2")
    assert (raised.value.fault, raised.value.retry_after_seconds) == (Fault.NOT_READY, 0.0)


async def test_the_outputs_come_in_the_order_they_were_asked_for(models: LiveModels) -> None:
    models.refresh()
    async with leased(models, FAMILY, None) as model:
        answer = await infer(model, ["a", "b"], ["probabilities", "label"], LIMITS)
    assert [(tensor.name, tensor.shape) for tensor in answer.tensors] == [
        ("probabilities", (2, 2)),
        ("label", (2,)),
    ]


async def test_an_unknown_output_names_those_there_are(models: LiveModels) -> None:
    models.refresh()
    async with leased(models, FAMILY, None) as model:
        with pytest.raises(ServingError, match="It has: label, score, probabilities"):
            await infer(model, ["a"], ["logits"], LIMITS)


async def test_too_many_tokens_are_refused_before_they_queue(models: LiveModels) -> None:
    models.refresh()
    async with leased(models, FAMILY, None) as model:
        with pytest.raises(ServingError, match="one request may have 20") as raised:
            await infer(model, ["one two three four five"] * 3, [], LIMITS)
    assert raised.value.fault is Fault.TOO_LARGE


async def test_tokens_are_counted_beside_the_threads_of_the_loop_until_they_are_too_many(
    models: LiveModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    models.refresh()
    counted: list[tuple[int, str]] = []

    def count(texts: Sequence[str]) -> list[int]:
        counted.append((len(texts), threading.current_thread().name))
        return [3] * len(texts)

    async with leased(models, FAMILY, None) as model:
        monkeypatch.setattr(model.predictor, "token_counts", count)
        with pytest.raises(ServingError, match="one request may have 20"):
            await infer(model, ["word " * 100] * 500, [], LIMITS)
    assert [size for size, _ in counted] == [COUNTED_AT_ONCE]
    assert counted[0][1].startswith("count-tokens")


async def test_a_full_queue_refuses_at_once_and_keeps_nothing() -> None:
    predictor = FakePredictor("slow")
    predictor.gate.clear()
    model = LiveModel(release(1), predictor, token_budget=8, max_queue=2)
    running = model.submit("holds the worker", 5)
    await asyncio.sleep(0.05)
    with pytest.raises(ServingError, match="Try again in a second") as raised:
        await infer(model, ["a", "b", "c"], [], LIMITS)
    assert raised.value.fault is Fault.OVERLOADED
    assert raised.value.retry_after_seconds == 1
    predictor.gate.set()
    assert running.result(5)
    assert (await infer(model, ["a", "b"], [], LIMITS)).version == "1"
    model.retire()


async def test_a_model_that_fails_is_told_without_its_secrets(models: LiveModels) -> None:
    models.refresh()
    async with leased(models, FAMILY, None) as model:
        model.predictor.close()
        with pytest.raises(ServingError, match="the server's log says why") as raised:
            await infer(model, ["a"], [], LIMITS)
    assert raised.value.fault is Fault.INTERNAL


async def test_only_what_was_answered_counts_as_answered(models: LiveModels) -> None:
    models.refresh()
    async with leased(models, FAMILY, None) as model:
        answered = metrics.texts_total.labels(model.family, model.version)._value
        before = answered.get()
        await infer(model, ["a", "b"], [], LIMITS)
        model.predictor.close()
        with pytest.raises(ServingError):
            await infer(model, ["a"], [], LIMITS)
        assert answered.get() - before == 2
