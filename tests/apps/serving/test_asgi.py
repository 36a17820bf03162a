"""What is answered before Django's middleware."""

import httpx
import pytest

from apps.serving.asgi import InferenceFirst, Receive, Scope, Send

pytestmark = pytest.mark.usefixtures("live")


async def pages(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError("not a page")


async def ask(path: str, host: str) -> httpx.Response:
    transport = httpx.ASGITransport(InferenceFirst(pages))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        return await client.get(path, headers={"Host": host})


@pytest.mark.parametrize("host", ["testserver", "localhost:8000", "127.0.0.1:8000"])
async def test_who_asks_by_a_name_of_ours_is_answered(host: str) -> None:
    assert (await ask("/v2", host)).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "", "[", "localhost@evil.example"])
@pytest.mark.parametrize("path", ["/v2", "/v2/models/support-intent", "/v1/models"])
async def test_a_name_that_somebody_else_made_lead_here_is_refused(path: str, host: str) -> None:
    answer = await ask(path, host)

    assert answer.status_code == 400
    assert "ALLOWED_HOSTS" in answer.text
