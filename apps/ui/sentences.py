"""What modelcore says in English, said in the reader's language."""

from django.utils.translation import gettext

from modelcore.sentence import Sentence


def said(text: str) -> str:
    """A `Sentence` in the language of the request; other texts as they are."""
    return Sentence.of(text).said_with(gettext)
