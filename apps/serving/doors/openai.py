"""OpenAI-style embeddings and the list of models."""

from collections.abc import Mapping
from typing import Any

from apps.serving.catalogue import CHAMPION
from apps.serving.doors.exchange import Exchange, Reply, json_reply, unpacked
from apps.serving.doors.v2 import leased_by
from apps.serving.doors.visit import Visit
from apps.serving.errors import Fault, ServingError, malformed
from apps.serving.inference import embed
from apps.serving.live import LiveModels
from apps.serving.live_model import LiveModel
from apps.serving.protocol.embeddings import parse_embeddings_request, render_embeddings, shortened
from apps.serving.protocol.infer_request import parse_json_object

Groups = Mapping[str, str | None]


async def embeddings(visit: Visit, exchange: Exchange, groups: Groups) -> Reply:
    models = await visit.models()
    async with visit.caller(exchange) as caller:
        value = parse_json_object(unpacked(exchange, visit.limits.body_bytes))
        request = parse_embeddings_request(value, visit.limits)
        async with leased_by(caller, models, request.model, request.version) as model:
            visit.answered_by(model)
            _check_embeds(models, model)
            texts = request.texts(model.predictor.decode, visit.limits)
            vectors, tokens = await embed(model, texts, visit.limits)
    body = render_embeddings(
        model=f"{request.model}:{model.version}",
        vectors=shortened(vectors, request.dimensions),
        encoding_format=request.encoding_format,
        tokens=tokens,
    )
    return Reply(200, body)


def _check_embeds(models: LiveModels, model: LiveModel) -> None:
    if model.embedding_size:
        return
    able = sorted({live.family for live in models.live() if live.embedding_size})
    these = f"These do: {', '.join(able)}." if able else "No model that is live does."
    raise malformed(f"{model.family} does not embed. {these}", param="model")


async def list_models(visit: Visit, exchange: Exchange, groups: Groups) -> Reply:
    models = await visit.models()
    named = sorted(models.catalogue().aliases)
    async with visit.caller(exchange) as caller:
        data = [_described(models, family) for family in named if caller.may_use(family)]
    return json_reply({"object": "list", "data": [entry for entry in data if entry]})


async def retrieve_model(visit: Visit, exchange: Exchange, groups: Groups) -> Reply:
    models = await visit.models()
    family = groups["model"] or ""
    async with visit.caller(exchange) as caller:
        models.catalogue().checked_family(family)
        caller.check(family)
    described = _described(models, family)
    if described is None:
        raise ServingError(Fault.UNKNOWN_MODEL, f"No version of {family} is champion yet.", param="model")
    return json_reply(described)


def _described(models: LiveModels, family: str) -> dict[str, Any] | None:
    if CHAMPION not in models.catalogue().aliases.get(family, {}):
        return None
    champion = models.catalogue().find(family, CHAMPION)
    created = int(champion.created_at.timestamp())
    return {"id": family, "object": "model", "created": created, "owned_by": "berth"}
