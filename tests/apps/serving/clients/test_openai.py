import base64

import numpy as np
import openai
import pytest

from tests.apps.serving.clients.conftest import EMBED_FAMILY, WORDS_FAMILY, Served

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(served: Served) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{served.servers.url}/v1", api_key="brt_everything", max_retries=0)


def test_a_list_of_texts_is_embedded_in_order(client: openai.OpenAI) -> None:
    found = client.embeddings.create(model=EMBED_FAMILY, input=["card", "lost money"])
    assert [entry.index for entry in found.data] == [0, 1]
    assert len(found.data[0].embedding) == 16
    assert found.usage.prompt_tokens == found.usage.total_tokens == 3 + 4


def test_base64_and_floats_are_the_same_numbers(client: openai.OpenAI) -> None:
    floats = client.embeddings.create(model=EMBED_FAMILY, input="card", encoding_format="float")
    packed = client.embeddings.create(model=EMBED_FAMILY, input="card", encoding_format="base64")
    raw = base64.b64decode(str(packed.data[0].embedding))
    np.testing.assert_array_equal(np.frombuffer(raw, "<f4"), np.array(floats.data[0].embedding, np.float32))


def test_token_ids_are_embedded_as_the_text_that_they_are_of(client: openai.OpenAI) -> None:
    by_text = client.embeddings.create(model=EMBED_FAMILY, input=["card", "lost unheard"])
    by_token = client.embeddings.create(model=EMBED_FAMILY, input=[[4], [2, 5, 1, 3]])
    assert [entry.embedding for entry in by_token.data] == [entry.embedding for entry in by_text.data]
    assert by_token.usage == by_text.usage


def test_dimensions_cut_and_keep_the_length(client: openai.OpenAI) -> None:
    found = client.embeddings.create(model=EMBED_FAMILY, input="card", dimensions=4)
    assert len(found.data[0].embedding) == 4
    assert np.linalg.norm(found.data[0].embedding) == pytest.approx(1, rel=1e-5)


def test_2048_inputs_fit_and_2049_do_not(client: openai.OpenAI) -> None:
    assert len(client.embeddings.create(model=EMBED_FAMILY, input=["card"] * 2048).data) == 2048
    with pytest.raises(openai.APIStatusError, match="may hold 2048") as raised:
        client.embeddings.create(model=EMBED_FAMILY, input=["card"] * 2049)
    assert raised.value.status_code == 413


def test_models_are_listed_and_retrieved(client: openai.OpenAI) -> None:
    assert {model.id for model in client.models.list()} == {WORDS_FAMILY, EMBED_FAMILY}
    assert client.models.retrieve(EMBED_FAMILY).owned_by == "berth"
    assert client.models.retrieve(f"{EMBED_FAMILY}:1").id == f"{EMBED_FAMILY}:1"
    with pytest.raises(openai.NotFoundError, match="There is no model 'gpt'"):
        client.models.retrieve("gpt")


def test_a_family_that_does_not_embed_says_which_do(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match=f"These do: {EMBED_FAMILY}") as raised:
        client.embeddings.create(model=WORDS_FAMILY, input="card")
    assert raised.value.body == {
        "message": f"{WORDS_FAMILY} does not embed. These do: {EMBED_FAMILY}.",
        "type": "invalid_request_error",
        "param": "model",
        "code": "malformed",
    }


def test_a_family_that_does_not_embed_tells_a_key_of_its_own_only(served: Served) -> None:
    client = openai.OpenAI(base_url=f"{served.servers.url}/v1", api_key="brt_words_only", max_retries=0)
    with pytest.raises(openai.BadRequestError, match="No model that you may use does"):
        client.embeddings.create(model=WORDS_FAMILY, input="card")


def test_a_wrong_key_is_an_authentication_error(served: Served) -> None:
    client = openai.OpenAI(base_url=f"{served.servers.url}/v1", api_key="brt_wrong", max_retries=0)
    with pytest.raises(openai.AuthenticationError):
        client.embeddings.create(model=EMBED_FAMILY, input="card")


def test_ids_that_no_tokeniser_has_are_a_sentence(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="they go from 0 to 12"):
        client.embeddings.create(model=EMBED_FAMILY, input=[[4, 13]])


async def test_the_asynchronous_client_works_as_well(served: Served) -> None:
    async with openai.AsyncOpenAI(
        base_url=f"{served.servers.url}/v1", api_key="brt_everything", max_retries=0
    ) as client:
        found = await client.embeddings.create(model=f"{EMBED_FAMILY}:1", input="card")
    assert found.model == f"{EMBED_FAMILY}:1"
