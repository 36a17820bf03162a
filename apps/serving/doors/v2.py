"""The Open Inference Protocol V2 over HTTP, with Triton's index of the repository."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from django.conf import settings

from apps.serving.callers import Caller
from apps.serving.doors.aside import aside
from apps.serving.doors.exchange import Exchange, Reply, json_reply, unpacked
from apps.serving.doors.visit import Visit
from apps.serving.inference import INPUTS, infer, leased, output_specs
from apps.serving.live import LiveModels
from apps.serving.live_model import LiveModel
from apps.serving.protocol.infer_request import parse_infer_request, parse_json_object
from apps.serving.protocol.infer_response import HEADER_LENGTH, render_infer_response

NAME = "berth"
# The index of the repository is there for whoever asks, but to name that extension would promise loading and
# unloading as well, which people do here, by promoting.
EXTENSIONS = ("binary_tensor_data",)

Groups = Mapping[str, str | None]


async def live(visit: Visit, exchange: Exchange, groups: Groups) -> Reply:
    return json_reply({"live": True})


async def ready(visit: Visit, exchange: Exchange, groups: Groups) -> Reply:
    is_ready = await visit.is_ready()
    return json_reply({"ready": is_ready}, 200 if is_ready else 503)


async def server_metadata(visit: Visit, exchange: Exchange, groups: Groups) -> Reply:
    async with visit.caller(exchange):
        return json_reply({"name": NAME, "version": settings.VERSION, "extensions": list(EXTENSIONS)})


async def model_ready(visit: Visit, exchange: Exchange, groups: Groups) -> Reply:
    models = await visit.models()
    family = groups["model"] or ""
    is_ready = models.is_servable(family, groups["version"])
    return json_reply({"name": family, "ready": is_ready}, 200 if is_ready else 503)


async def model_metadata(visit: Visit, exchange: Exchange, groups: Groups) -> Reply:
    family = groups["model"] or ""
    models = await visit.models()
    async with (
        visit.caller(exchange) as caller,
        leased_by(caller, models, family, groups["version"]) as model,
    ):
        return json_reply(
            {
                "name": family,
                "versions": versions(models, family),
                "platform": f"berth_{model.task}",
                "inputs": [spec.to_json() for spec in INPUTS],
                "outputs": [spec.to_json() for spec in output_specs(model)],
                # In the order of `probabilities`; beyond the protocol, which has no place for names.
                "parameters": {"version": model.version, "labels": list(model.predictor.labels)},
            }
        )


def versions(models: LiveModels, family: str) -> list[str]:
    return [str(number) for number in sorted(models.catalogue().releases.get(family, {}))]


async def model_infer(visit: Visit, exchange: Exchange, groups: Groups) -> Reply:
    family = groups["model"] or ""
    models = await visit.models()
    async with visit.caller(exchange) as caller:
        body = unpacked(exchange, visit.limits.body_bytes)
        header_length = exchange.headers.get(HEADER_LENGTH.lower())
        request = await aside(partial(parse_infer_request, body, header_length, visit.limits), size=len(body))
        wanted = [wish.name for wish in request.wishes]
        async with leased_by(caller, models, family, groups["version"]) as model:
            visit.answered_by(model)
            answer = await infer(model, request.texts, wanted, visit.limits)
    render = partial(
        render_infer_response,
        model=family,
        version=answer.version,
        request_id=request.request_id,
        tensors=answer.tensors,
        is_binary=request.is_binary,
    )
    reply, headers = await aside(render, size=answer.size)
    return Reply(200, reply, headers)


async def repository_index(visit: Visit, exchange: Exchange, groups: Groups) -> Reply:
    models = await visit.models()
    async with visit.caller(exchange) as caller:
        body = unpacked(exchange, visit.limits.body_bytes)
        only_ready = bool(body) and parse_json_object(body).get("ready") is True
        return Reply(200, json.dumps(index(models, caller, only_ready=only_ready)).encode())


def index(models: LiveModels, caller: Caller, *, only_ready: bool) -> list[dict[str, Any]]:
    """Every version that the caller may use, with its state."""
    rows = []
    for family, releases in sorted(models.catalogue().releases.items()):
        for number, release in sorted(releases.items()):
            state, reason = models.state(release)
            if caller.may_use(family) and (state == "READY" or not only_ready):
                rows.append({"name": family, "version": str(number), "state": state, "reason": reason})
    return rows


@asynccontextmanager
async def leased_by(
    caller: Caller, models: LiveModels, family: str, version: str | None
) -> AsyncIterator[LiveModel]:
    """
    Raises:
        ServingError: unknown, not for this caller, or it could not be loaded.
    """
    models.catalogue().checked_family(family)
    caller.check(family)
    async with leased(models, family, version) as model:
        yield model
