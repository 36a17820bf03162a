"""The customers' widget, which any site loads with one line; its parts are in `apps/support/widget`."""

import hashlib
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

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
COMMENT = re.compile(r"(^|\s)// .*$|^/\*.*\*/$")
# Where a line goes on or a statement has ended already; no text of the widget's spans lines.
NEEDLESS_BREAK = re.compile(r"(?<=[{(\[,;])\n")
# Around marks of the language, but not in texts, which are matched first and stay as they are.
NEEDLESS_BLANKS = re.compile(r'("(?:\\.|[^"\\\n])*"|`[^`]*`)| ?([=!<>&|?:{},;+*]+) ?')

View = Callable[..., HttpResponse]


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
        "STYLE": json.dumps(squeezed((FOLDER / "widget.css").read_text())),
    }
    lines = [f"const {name} = {value};" for name, value in constants.items()]
    lines += [without_comments((FOLDER / f"{part}.js").read_text()) for part in PARTS]
    source = NEEDLESS_BREAK.sub("", "\n".join(['(() => {\n"use strict";', *lines, "})();\n"]))
    return NEEDLESS_BLANKS.sub(lambda found: found[1] or found[2], source).replace(";}", "}")


def without_comments(source: str) -> str:
    """Without what every visitor of every page would pay for and only people read."""
    lines = (COMMENT.sub("", line.strip()) for line in source.splitlines())
    return "\n".join(line for line in lines if line)


def squeezed(style: str) -> str:
    """Without the blanks that only people need."""
    lines = without_comments(style).replace("\n", "")
    for mark in ("{", "}", ";", ",", ": "):
        lines = re.sub(rf" ?{mark} ?", mark.strip(), lines)
    return lines.replace(";}", "}")


def for_any_site(view: View) -> View:
    """Scripts are for whichever page names them: no secret is in them, and nobody is asked for a name."""

    def respond(request: HttpRequest, **arguments: str) -> HttpResponse:
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
