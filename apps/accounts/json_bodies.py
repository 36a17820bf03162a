from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class ShallowJSONParser(JSONParser):
    """JSON that nests as deep as Python can follow, and whose strings are text.

    Beyond that it is the sender's fault, not ours.
    """

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            value = super().parse(*args, **kwargs)
            _check_is_text(value)
        except RecursionError:
            raise ParseError(_("The body is nested too deeply.")) from None
        except UnicodeEncodeError:
            # An escape such as \ud800 alone stands for no character.
            raise ParseError(_("A text in the body is not valid Unicode.")) from None
        return value


def _check_is_text(value: Any) -> None:
    """
    Raises:
        UnicodeEncodeError: a string that no encoding can write, such as half of a surrogate pair.
    """
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, dict):
        for name, item in value.items():
            _check_is_text(name)
            _check_is_text(item)
    elif isinstance(value, list):
        for item in value:
            _check_is_text(item)
