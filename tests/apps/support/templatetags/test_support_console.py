import pytest
from django.utils import translation

from apps.support.templatetags.support_console import language_name


@pytest.mark.parametrize(
    ("reader", "tag", "name"),
    [("en", "zh-hans", "Simplified Chinese"), ("zh-hans", "ar", "阿拉伯语"), ("en", "x-shop", "x-shop")],
)
def test_a_language_is_called_as_its_reader_calls_it(reader: str, tag: str, name: str) -> None:
    with translation.override(reader):
        assert language_name(tag) == name
