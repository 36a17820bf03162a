"""OpenAI-style embeddings and the list of models."""

from functools import partial
from typing import Any

from apps.serving.callers import Caller
from apps.serving.catalogue import CHAMPION, Release
from apps.serving.doors.aside import aside
from apps.serving.doors.exchange import Exchange, Reply, json_reply, unpacked
from apps.serving.doors.v2 import Groups, leased_by
from apps.serving.doors.visit import Visit
from apps.serving.errors import malformed
from apps.serving.inference import embed
from apps.serving.limits import Limits
from apps.serving.live import LiveModels
from apps.serving.live_model import LiveModel
from apps.serving.protocol.embeddings import (
    EmbeddingsRequest,
    named_version,
    parse_embeddings_request,
    render_embeddings,
    shortened,
)
from apps.serving.protocol.infer_request import parse_json_object


async def embeddings(visit: Visit, exchange: Exchange, groups: Groups) -> Reply:
    models = await visit.models()
    async with visit.caller(exchange) as caller:
        body = unpacked(exchange, visit.limits.body_bytes)
        request = await aside(partial(_parsed, body, visit.limits), size=len(body))
        async with leased_by(caller, models, request.model, request.version) as model:
            visit.answered_by(model)
            _check_embeds(models, model, caller)
            texts = request.texts(model.predictor.enclose, visit.limits)
            vectors, tokens = await embed(model, texts, visit.limits)
    render = partial(
        render_embeddings,
        model=f"{request.model}:{model.version}",
        vectors=shortened(vectors, request.dimensions),
        encoding_format=request.encoding_format,
        tokens=tokens,
    )
    return Reply(200, await aside(render, size=vectors.nbytes))


def _parsed(body: bytes, limits: Limits) -> EmbeddingsRequest:
    return parse_embeddings_request(parse_json_object(body), limits)


def _check_embeds(models: LiveModels, model: LiveModel, caller: Caller) -> None:
    if model.embedding_size:
        return
    able = {live.family for live in models.live() if live.embedding_size and caller.may_use(live.family)}
    these = f"These do: {', '.join(sorted(able))}." if able else "No model that you may use does."
    raise malformed(f"{model.family} does not embed. {these}", param="model")


async def list_models(visit: Visit, exchange: Exchange, groups: Groups) -> Reply:
    models = await visit.models()
    catalogue = models.catalogue()
    named = sorted(family for family, aliases in catalogue.aliases.items() if CHAMPION in aliases)
    async with visit.caller(exchange) as caller:
        data = [_described(catalogue.find(name, CHAMPION), name) for name in named if caller.may_use(name)]
    return json_reply({"object": "list", "data": data})


async def retrieve_model(visit: Visit, exchange: Exchange, groups: Groups) -> Reply:
    models = await visit.models()
    name = groups["model"] or ""
    family, version = named_version(name)
    async with visit.caller(exchange) as caller:
        models.catalogue().checked_family(family)
        caller.check(family)
    return json_reply(_described(models.catalogue().find(family, version), name))


def _described(release: Release, name: str) -> dict[str, Any]:
    created = int(release.created_at.timestamp())
    return {"id": name, "object": "model", "created": created, "owned_by": "berth"}
