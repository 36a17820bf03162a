"""How much one request may ask for, and the checks that need nothing but the request."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.serving.errors import malformed, too_large


@dataclass(frozen=True)
class Limits:
    """What one request may hold.

    Args:
        body_bytes: of the whole body, after unpacking.
        body_seconds: from the headers to the end of the body.
        items: texts.
        text_characters: of one text; far above what a model reads, so that truncation stays its business.
        tokens: of all texts together, each cut to what the model reads.
    """

    body_bytes: int = 8 * 2**20
    body_seconds: float = 120.0
    items: int = 2048
    text_characters: int = 100_000
    tokens: int = 65_536


def checked_texts(given: Sequence[str | bytes], limits: Limits, *, param: str) -> tuple[str, ...]:
    """The texts as strings that can be tokenised, or a sentence that names the first one that can't.

    Raises:
        ServingError: no text, too many, one not UTF-8, empty, with a NUL byte or too long.
    """
    if not given:
        raise malformed(_("`%(param)s` holds no text. Give at least one.") % {"param": param}, param=param)
    check_count(len(given), limits, param=param)
    return tuple(_checked_text(text, index, limits, param) for index, text in enumerate(given))


def check_count(count: int, limits: Limits, *, param: str) -> None:
    """
    Raises:
        ServingError: more texts than one request may hold.
    """
    if count > limits.items:
        raise too_large(
            _("`%(param)s` holds %(count)d texts; one request may hold %(most)d.")
            % {"param": param, "count": count, "most": limits.items},
            param=param,
        )


def _checked_text(given: str | bytes, index: int, limits: Limits, param: str) -> str:
    where = f"`{param}`[{index}]"
    # A character takes at most 4 bytes, so what is longer than that needn't be decoded to be refused.
    if isinstance(given, bytes) and len(given) > 4 * limits.text_characters:
        raise too_large(
            _("%(where)s has %(count)d bytes; a text may have %(most)d characters. Cut it into parts.")
            % {"where": where, "count": len(given), "most": limits.text_characters},
            param=param,
        )
    try:
        # Strings out of JSON may hold lone surrogates, which no tokeniser takes.
        text = given.decode() if isinstance(given, bytes) else given.encode().decode()
    except UnicodeError:
        raise malformed(
            _("%(where)s is not valid UTF-8. Encode it as UTF-8 and send it again.") % {"where": where},
            param=param,
        ) from None
    if len(text) > limits.text_characters:
        raise too_large(
            _("%(where)s has %(count)d characters; a text may have %(most)d. Cut it into parts.")
            % {"where": where, "count": len(text), "most": limits.text_characters},
            param=param,
        )
    if "\0" in text:
        raise malformed(
            _("%(where)s contains a NUL byte. Remove it and send it again.") % {"where": where}, param=param
        )
    if not text.strip():
        raise malformed(
            _("%(where)s is empty. Leave it out or give it words.") % {"where": where}, param=param
        )
    return text
