import asyncio

import numpy as np
import pytest
import tritonclient.http as triton
import tritonclient.http.aio as triton_aio
from tritonclient.utils import InferenceServerException

from tests.apps.serving.clients.conftest import EMBED_FAMILY, WORDS_FAMILY, Served

pytestmark = pytest.mark.django_db

TEXTS = ["my card", "lost", "lost 港口"]
ANSWERS = ["card@1", "lost@1", "lost@1"]


def text_input(texts: list[str], *, binary: bool = True, column: bool = False) -> triton.InferInput:
    values = np.array([text.encode() for text in texts], dtype=object)
    values = values.reshape(-1, 1) if column else values
    given = triton.InferInput("text", list(values.shape), "BYTES")
    given.set_data_from_numpy(values, binary_data=binary)
    return given


@pytest.fixture
def client(served: Served) -> triton.InferenceServerClient:
    return triton.InferenceServerClient(served.servers.http)


@pytest.mark.parametrize("column", [False, True])
@pytest.mark.parametrize("binary", [False, True])
def test_infer_speaks_json_and_binary(
    served: Served, client: triton.InferenceServerClient, binary: bool, column: bool
) -> None:
    found = client.infer(
        WORDS_FAMILY,
        [text_input(TEXTS, binary=binary, column=column)],
        model_version="1",
        outputs=[
            triton.InferRequestedOutput(name, binary_data=binary) for name in ("label", "probabilities")
        ],
        request_id="seven",
        headers=served.headers(),
    )
    assert [bytes(label).decode() if binary else label for label in found.as_numpy("label")] == ANSWERS
    assert found.as_numpy("probabilities").shape == (3, 2)
    assert (found.get_response()["id"], found.get_response()["model_version"]) == ("seven", "1")


def test_all_outputs_are_binary_by_default(served: Served, client: triton.InferenceServerClient) -> None:
    found = client.infer(WORDS_FAMILY, [text_input(TEXTS)], headers=served.headers())
    np.testing.assert_allclose(
        found.as_numpy("score"), found.as_numpy("probabilities").max(axis=1), rtol=1e-6
    )
    assert {output["name"] for output in found.get_response()["outputs"]} == {
        "label",
        "score",
        "probabilities",
    }


@pytest.mark.parametrize("algorithm", ["gzip", "deflate"])
def test_a_compressed_request_is_unpacked(
    served: Served, client: triton.InferenceServerClient, algorithm: str
) -> None:
    found = client.infer(
        WORDS_FAMILY,
        [text_input(TEXTS)],
        request_compression_algorithm=algorithm,
        response_compression_algorithm=algorithm,
        headers=served.headers(),
    )
    assert len(found.as_numpy("label")) == 3


def test_health_needs_no_key(client: triton.InferenceServerClient) -> None:
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready(WORDS_FAMILY)
    assert client.is_model_ready(WORDS_FAMILY, "2")
    assert not client.is_model_ready("nobody")


def test_metadata_says_what_goes_in_and_out(served: Served, client: triton.InferenceServerClient) -> None:
    assert client.get_server_metadata(headers=served.headers())["name"] == "berth"
    found = client.get_model_metadata(WORDS_FAMILY, headers=served.headers())
    assert found["versions"] == ["1", "2"]
    assert found["inputs"] == [{"name": "text", "datatype": "BYTES", "shape": [-1]}]
    assert {"name": "probabilities", "datatype": "FP32", "shape": [-1, 2]} in found["outputs"]
    assert found["parameters"]["labels"] == ["card@1", "lost@1"]


def test_the_repository_lists_every_version(served: Served, client: triton.InferenceServerClient) -> None:
    index = client.get_model_repository_index(headers=served.headers())
    assert {(row["name"], row["version"]) for row in index} == {
        (WORDS_FAMILY, "1"),
        (WORDS_FAMILY, "2"),
        (EMBED_FAMILY, "1"),
    }


def test_an_embedding_comes_as_a_matrix(served: Served, client: triton.InferenceServerClient) -> None:
    found = client.infer(EMBED_FAMILY, [text_input(TEXTS)], headers=served.headers()).as_numpy("embedding")
    assert found.shape == (3, 16)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-5)


async def test_the_asynchronous_client_works_as_well(served: Served) -> None:
    async with triton_aio.InferenceServerClient(served.servers.http) as client:
        found = await asyncio.gather(
            *(
                client.infer(WORDS_FAMILY, [text_input([text])], model_version="1", headers=served.headers())
                for text in TEXTS
            )
        )
    assert [result.as_numpy("label")[0].decode() for result in found] == ANSWERS


@pytest.mark.parametrize(
    ("family", "key", "status"),
    [
        (WORDS_FAMILY, "brt_wrong", "401"),
        (WORDS_FAMILY, "", "401"),
        (WORDS_FAMILY, "brt_embeddings_only", "403"),
        ("nobody", "brt_everything", "404"),
    ],
)
def test_a_refusal_has_its_status(
    served: Served, client: triton.InferenceServerClient, family: str, key: str, status: str
) -> None:
    with pytest.raises(InferenceServerException) as raised:
        client.infer(family, [text_input(TEXTS)], headers=served.headers(key))
    assert raised.value.status() == status
    assert raised.value.message().endswith(".")
