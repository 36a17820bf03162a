"""The customers' widget, which any site loads with one line; its parts are in `apps/support/widget`."""

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe
from rcssmin import cssmin
from rjsmin import jsmin

FOLDER = Path(__file__).resolve().parents[1] / "widget"
PARTS = (
    "texts",
    "elements",
    "store",
    "server",
    "line",
    "conversation",
    "log",
    "forms",
    "composer",
    "panel",
    "element",
)
# Short, for sites should get a repaired widget soon; meanwhile nobody waits for it.
MAX_AGE_SECONDS = 300
STALE_SECONDS = 24 * 3600


class GzipOfPublicTexts(GZipMiddleware):
    """Without the random bytes that hide how well a secret was compressed: no secret is in these."""

    max_random_bytes = 0


gzip_page = decorator_from_middleware(GzipOfPublicTexts)
View = Callable[..., HttpResponseBase]


def languages() -> list[str]:
    return sorted(path.stem for path in (FOLDER / "texts").glob("*.json"))


@cache
def texts(language: str) -> str:
    return json.dumps(json.loads((FOLDER / "texts" / f"{language}.json").read_text()), ensure_ascii=False)


@cache
def script() -> str:
    """The parts in one function, so that the page around sees nothing of them."""
    constants = {
        "LANGUAGES": json.dumps(languages()),
        "STYLE": json.dumps(cssmin((FOLDER / "widget.css").read_text())),
    }
    parts = [f"const {name} = {value};" for name, value in constants.items()]
    parts += [(FOLDER / f"{part}.js").read_text() for part in PARTS]
    return str(jsmin("\n".join(['(() => {\n"use strict";', *parts, "})();\n"])))


def for_any_site(view: View) -> View:
    """Scripts are for whichever page names them: no secret is in them, and nobody is asked for a name."""

    def respond(request: HttpRequest, **arguments: str) -> HttpResponseBase:
        response = view(request, **arguments)
        response["Access-Control-Allow-Origin"] = "*"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    kept = cache_control(public=True, max_age=MAX_AGE_SECONDS, stale_while_revalidate=STALE_SECONDS)
    return require_safe(gzip_page(kept(respond)))


def digest(text: str) -> str:
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


@for_any_site
@condition(etag_func=lambda request: digest(script()))
def widget_script(request: HttpRequest) -> HttpResponse:
    return HttpResponse(script(), content_type="text/javascript; charset=utf-8")


@for_any_site
@condition(etag_func=lambda request, language: digest(texts(language)) if language in languages() else None)
def widget_texts(request: HttpRequest, language: str) -> HttpResponse:
    if language not in languages():
        raise Http404
    return HttpResponse(texts(language), content_type="application/json")
