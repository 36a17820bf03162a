"""A small shop that carries the widget, to try it as a customer. Only where the settings say so."""

from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe


class Product(NamedTuple):
    name: str
    text: str
    price: str
    picture: str


# Of the widget, which knows more than the site: one of them runs from right to left.
CHAT_LANGUAGES = (("en", "English"), ("zh-hans", "简体中文"), ("ar", "العربية"))


@require_safe
def demo_shop(request: HttpRequest) -> HttpResponse:
    if not settings.SUPPORT_DEMO:
        raise Http404
    wanted = request.GET.get("chat", "")
    chat = wanted if wanted in dict(CHAT_LANGUAGES) else ""
    context = {
        "products": products(),
        "chat": chat,
        "chat_languages": CHAT_LANGUAGES,
        "origin": f"{request.scheme}://{request.get_host()}",
    }
    return render(request, "support/demo.html", context)


def products() -> list[Product]:
    return [
        Product(_("Amber glass lamp"), _("Mouth-blown base, cream shade, 48 cm tall."), "58.90", "lamp"),
        Product(
            _("Herringbone wool throw"), _("Heavy lambswool, 130 × 180 cm, with a fringe."), "64.00", "throw"
        ),
        Product(_("Stoneware teapot"), _("Holds one litre; the strainer comes with it."), "36.50", "pot"),
        Product(
            _("Walnut side table"), _("Three turned legs, oiled by hand, 50 cm high."), "129.00", "table"
        ),
    ]
