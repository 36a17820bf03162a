"""Which language people say that what they write is in."""

from django.utils.translation import gettext as _

from apps.support.engine.languages import language_of
from apps.support.errors import SupportError


class LanguageError(SupportError):
    code = "bad_language"


def spelled_language(text: str) -> str:
    """As conversations have it, for in any other spelling nobody would ever be answered in it.

    Raises:
        LanguageError: it is no code of a language.
    """
    language = language_of(text)
    if not language:
        raise LanguageError(
            _("“%(text)s” is no code of a language: write one such as en or zh-hans.") % {"text": text[:40]}
        )
    return language
