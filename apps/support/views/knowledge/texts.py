"""Articles and placeholders."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.support import access
from apps.support.models import Article, Intent, Placeholder
from apps.support.selectors import knowledge_pages as knowledge
from apps.support.services.placeholders import PlaceholderText, save_placeholder
from apps.support.services.templates import Text, save_article
from apps.support.views.guard import button, form, page, person, tried


@page(access.MAY_READ)
def articles(request: HttpRequest) -> HttpResponse:
    shown = {
        "articles": knowledge.current_articles(),
        "others": Intent.objects.filter(is_active=True),
        "may_edit": access.may(request.user, access.MAY_EDIT_KNOWLEDGE),
    }
    return render(request, "support/knowledge/articles.html", shown)


@page(access.MAY_READ)
def article(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Article.objects.select_related("intent", "author"), pk=pk)
    shown = {
        "article": found,
        "versions": Article.objects.filter(slug=found.slug, language=found.language).select_related("author"),
        "others": Intent.objects.filter(is_active=True),
        "may_edit": access.may(request.user, access.MAY_EDIT_KNOWLEDGE),
    }
    return render(request, "support/knowledge/article.html", shown)


@button(access.MAY_EDIT_KNOWLEDGE)
def write(request: HttpRequest) -> HttpResponse:
    text = Text(
        request.POST.get("slug", ""),
        request.POST.get("language", "en")[:16] or "en",
        request.POST.get("title", "")[:160],
        request.POST.get("body", ""),
        Intent.objects.filter(name=request.POST.get("intent", "")).first(),
    )
    saved = tried(
        request,
        lambda: save_article(text=text, author=person(request), at=timezone.now()),
        _("The article was saved."),
    )
    return redirect("support:article", saved.pk) if saved else redirect("support:articles")


@page(access.MAY_READ)
def placeholders(request: HttpRequest) -> HttpResponse:
    name = request.GET.get("name", "")
    return _placeholders_page(request, Placeholder.objects.filter(name=name).first())


def _placeholders_page(request: HttpRequest, chosen: Placeholder | None) -> HttpResponse:
    shown = {
        "placeholders": Placeholder.objects.all(),
        "chosen": chosen,
        "kinds": Placeholder.Kind.choices,
        "sources": Placeholder.Source.choices,
        "missing": Placeholder.WhenMissing.choices,
        "may_edit": access.may(request.user, access.MAY_EDIT_KNOWLEDGE),
    }
    return render(request, "support/knowledge/placeholders.html", shown)


@form(access.MAY_EDIT_KNOWLEDGE)
def save(request: HttpRequest) -> HttpResponse:
    """Sent by its form; what was refused stands in it, to be put right."""
    if request.method != "POST":
        return redirect("support:placeholders")
    told = {name: request.POST.get(name, "") for name in PlaceholderText.__dataclass_fields__}
    text = PlaceholderText(**told)
    saved = tried(request, lambda: save_placeholder(text=text), _("The placeholder was saved."))
    return redirect("support:placeholders") if saved else _placeholders_page(request, Placeholder(**told))
