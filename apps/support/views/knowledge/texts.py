"""Articles and placeholders."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.support import access
from apps.support.engine.languages import DEFAULT_LANGUAGE
from apps.support.engine.naming import article_name, name_of
from apps.support.models import Article, Intent, Placeholder
from apps.support.selectors import knowledge_pages as knowledge
from apps.support.selectors.standing import Standing, standing
from apps.support.services.placeholders import PlaceholderText, save_placeholder
from apps.support.services.templates import Text, save_article
from apps.support.views.guard import form, page, person, tried

ON_A_PAGE = 200


@page(access.MAY_READ)
def articles(request: HttpRequest) -> HttpResponse:
    return _articles_page(request, None, Standing(""))


def _articles_page(request: HttpRequest, written: Article | None, stands: Standing) -> HttpResponse:
    shown = {
        "articles": Paginator(knowledge.current_articles(), ON_A_PAGE).get_page(request.GET.get("page")),
        "written": written,
        "standing": stands,
        "others": Intent.objects.filter(is_active=True),
        "may_edit": access.may(request.user, access.MAY_EDIT_KNOWLEDGE),
    }
    return render(request, "support/knowledge/articles.html", shown)


@page(access.MAY_READ)
def article(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Article.objects.select_related("intent", "author"), pk=pk)
    return _article_page(
        request, found, found, standing(knowledge.current_article(found.slug, found.language))
    )


def _article_page(request: HttpRequest, found: Article, written: Article, stands: Standing) -> HttpResponse:
    shown = {
        "article": found,
        "written": written,
        "standing": stands,
        "versions": Article.objects.filter(slug=found.slug, language=found.language).select_related("author"),
        "others": Intent.objects.filter(is_active=True),
        "may_edit": access.may(request.user, access.MAY_EDIT_KNOWLEDGE),
    }
    return render(request, "support/knowledge/article.html", shown)


@form(access.MAY_EDIT_KNOWLEDGE)
def write(request: HttpRequest) -> HttpResponse:
    """Sent by its form; what was refused stands in it, to be put right."""
    if request.method != "POST":
        return redirect("support:articles")
    text = Text(
        request.POST.get("slug", ""),
        request.POST.get("language") or DEFAULT_LANGUAGE,
        request.POST.get("title", "")[:160],
        request.POST.get("body", ""),
        Intent.objects.filter(name=request.POST.get("intent", "")).first(),
    )
    seen = request.POST.get("seen", "")
    saved = tried(
        request,
        lambda: save_article(text=text, seen=seen, author=person(request), at=timezone.now()),
        _("The article was saved."),
    )
    return redirect("support:article", saved.pk) if saved else _refused_article(request, text, seen)


def _refused_article(request: HttpRequest, text: Text, seen: str) -> HttpResponse:
    typed = {"title": text.title, "body": text.body, "intent": text.intent}
    written = Article(slug=text.slug, language=text.language, **typed)
    current = knowledge.current_article(text.slug or article_name(text.title), text.language)
    stands = standing(current, typed=typed, seen=seen)
    found = Article.objects.filter(slug=text.slug).order_by("-is_current", "-number").first()
    if found is None:
        return _articles_page(request, written, stands)
    return _article_page(request, found, written, stands)


@page(access.MAY_READ)
def placeholders(request: HttpRequest) -> HttpResponse:
    chosen = Placeholder.objects.filter(name=request.GET.get("name", "").replace("\0", "")).first()
    return _placeholders_page(request, chosen, standing(chosen))


def _placeholders_page(request: HttpRequest, chosen: Placeholder | None, stands: Standing) -> HttpResponse:
    shown = {
        "placeholders": Placeholder.objects.all(),
        "chosen": chosen,
        "standing": stands,
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
    text, seen = PlaceholderText(**told), request.POST.get("seen", "")
    saved = tried(request, lambda: save_placeholder(text=text, seen=seen), _("The placeholder was saved."))
    if saved:
        return redirect("support:placeholders")
    refused = Placeholder(**told)
    current = Placeholder.objects.filter(name=name_of(told.pop("name"))).first()
    return _placeholders_page(request, refused, standing(current, typed=told, seen=seen))
