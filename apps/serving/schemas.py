"""The bodies of the inference protocols, as the OpenAPI page shows them."""

from typing import Any

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}
PARAMETERS: Schema = {"type": "object", "additionalProperties": True}
SHAPE: Schema = {"type": "array", "items": {"type": "integer"}}


def record(required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {})}


def rows(items: Schema) -> Schema:
    return {"type": "array", "items": items}


ERROR = record(("error", "code"), error=STRING, code=STRING)
OPENAI_ERROR = record(
    ("error",),
    error=record(
        ("message", "type", "code"),
        message=STRING,
        type=STRING,
        param={**STRING, "nullable": True},
        code=STRING,
    ),
)
BOOLEAN: Schema = {"type": "boolean"}
BINARY: Schema = {"type": "string", "format": "binary"}
LIVE = record(("live",), live=BOOLEAN)
READY = record(("ready",), ready=BOOLEAN, name=STRING)
NOT_READY: Schema = {"oneOf": [READY, ERROR]}
TENSOR_METADATA = record(("name", "datatype", "shape"), name=STRING, datatype=STRING, shape=SHAPE)
SERVER = record(("name",), name=STRING, version=STRING, extensions=rows(STRING))
MODEL = record(
    ("name", "inputs", "outputs"),
    name=STRING,
    versions=rows(STRING),
    platform=STRING,
    inputs=rows(TENSOR_METADATA),
    outputs=rows(TENSOR_METADATA),
    parameters=PARAMETERS,
)
INFER_REQUEST = record(
    ("inputs",),
    id=STRING,
    parameters=PARAMETERS,
    inputs=rows(
        record(
            ("name", "shape", "datatype"),
            name={**STRING, "enum": ["text"]},
            shape=SHAPE,
            datatype={**STRING, "enum": ["BYTES"]},
            data=rows(STRING),
            parameters=PARAMETERS,
        )
    ),
    outputs=rows(record(("name",), name=STRING, parameters=PARAMETERS)),
)
INFER_REQUEST["example"] = {
    "inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["Where is my card?"]}]
}
INFER_RESPONSE = record(
    ("model_name", "model_version", "outputs"),
    model_name=STRING,
    model_version=STRING,
    id=STRING,
    outputs=rows(
        record(
            ("name", "shape", "datatype"),
            name=STRING,
            shape=SHAPE,
            datatype=STRING,
            data=rows({}),
            parameters=PARAMETERS,
        )
    ),
)
INDEX = rows(record(("name",), name=STRING, version=STRING, state=STRING, reason=STRING))
EMBEDDINGS_REQUEST = record(
    ("model", "input"),
    model=STRING,
    input={
        "oneOf": [
            STRING,
            rows(STRING),
            rows({"type": "integer", "minimum": 0}),
            rows(rows({"type": "integer", "minimum": 0})),
        ]
    },
    encoding_format={**STRING, "enum": ["float", "base64", None], "nullable": True},
    dimensions={"type": "integer", "minimum": 1},
    user=STRING,
)
EMBEDDINGS_REQUEST["example"] = {"model": "recommend-encoder", "input": ["A warm winter coat"]}
EMBEDDINGS = record(
    ("object", "data", "model", "usage"),
    object=STRING,
    data=rows(
        record(
            ("index", "embedding"),
            object=STRING,
            index={"type": "integer"},
            embedding={"oneOf": [rows({"type": "number"}), STRING]},
        )
    ),
    model=STRING,
    usage=record(prompt_tokens={"type": "integer"}, total_tokens={"type": "integer"}),
)
LISTED_MODEL = record(
    ("id", "object"), id=STRING, object=STRING, created={"type": "integer"}, owned_by=STRING
)
LISTED_MODELS = record(("object", "data"), object=STRING, data=rows(LISTED_MODEL))
