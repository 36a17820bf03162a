"""What a middleware is made of."""

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

Respond = Callable[[HttpRequest], HttpResponse] | Callable[[HttpRequest], Awaitable[HttpResponse]]
Before = Callable[[HttpRequest], None]
After = Callable[[HttpRequest, HttpResponse], HttpResponse]


def around(*, before: Before | None = None, after: After | None = None) -> Callable[[Any], Respond]:
    """A middleware that sees each request before it is answered, or each response after.

    It is asynchronous where what it is around is: Django's `MiddlewareMixin` would take a thread for each.
    """

    def begin(request: HttpRequest) -> None:
        if before is not None:
            before(request)

    def end(request: HttpRequest, response: HttpResponse) -> HttpResponse:
        return response if after is None else after(request, response)

    @sync_and_async_middleware
    def middleware(get_response: Any) -> Respond:
        if iscoroutinefunction(get_response):

            async def respond_async(request: HttpRequest) -> HttpResponse:
                begin(request)
                return end(request, await get_response(request))

            return respond_async

        def respond(request: HttpRequest) -> HttpResponse:
            begin(request)
            return end(request, get_response(request))

        return respond

    return middleware
