import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.utils import translation
from django.utils.translation import gettext, ngettext
from pytest_django.fixtures import Settings

from apps.ui import catalogues

PLACEHOLDER = re.compile(r"%\(\w+\)[-+.\d]*[a-z]|%%")


@pytest.fixture
def page(tmp_path: Path, settings: Settings) -> Path:
    """The only template of a project whose catalogue is empty."""
    settings.BASE_DIR = tmp_path
    template = tmp_path / "templates" / "page.html"
    template.parent.mkdir()
    template.write_text('{% load i18n %}<p>{% translate "A quiet berth" %}</p>')
    return template


def messages() -> Iterator[tuple[str, str]]:
    """Every text with its translation; a plural as one pair a form."""
    with (project.BASE_DIR / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as file:
        for message in read_po(file, locale="zh_Hans"):
            if isinstance(message.id, tuple | list):
                yield from ((message.id[-1], form) for form in message.string or ())
            elif message.id:
                yield message.id, str(message.string)


def test_every_text_is_translated() -> None:
    assert catalogues.missing_messages() == {"zh_Hans": []}


def test_what_an_error_says_is_reported_however_far_it_descends(page: Path) -> None:
    module = page.parents[1] / "modelcore" / "tides.py"
    module.parent.mkdir()
    module.write_text(
        "class LateError(TideError): ...\nclass TideError(ModelcoreError): ...\n"
        "class OtherError(Exception): ...\n"
        'raise LateError("The tide {name} is late.", name=1) from OtherError("Said to nobody.")\n'
    )

    missing = catalogues.missing_messages()["zh_Hans"]

    assert sorted(missing) == ["A quiet berth", "The tide {name} is late."]


def test_a_new_text_is_reported_until_it_is_translated(page: Path) -> None:
    with pytest.raises(CommandError, match="A quiet berth"):
        call_command("translations", "--check")

    call_command("translations")
    catalogue = page.parents[1] / "locale/zh_Hans/LC_MESSAGES/django.po"
    empty = 'msgid "A quiet berth"\nmsgstr ""'
    assert empty in catalogue.read_text()
    catalogue.write_text(catalogue.read_text().replace(empty, empty[:-1] + '安静的泊位"'))

    call_command("translations", "--check")


def test_a_text_that_is_gone_leaves_the_catalogue(page: Path) -> None:
    call_command("translations")
    page.write_text("<p></p>")

    call_command("translations")

    assert "A quiet berth" not in (page.parents[1] / "locale/zh_Hans/LC_MESSAGES/django.po").read_text()


def test_translations_keep_the_placeholders() -> None:
    broken = [
        (text, chinese)
        for text, chinese in messages()
        if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(chinese))
    ]

    assert broken == []


def test_translations_are_in_chinese_punctuation() -> None:
    """A Latin comma or full stop after a Chinese character is a slip."""
    slips = [chinese for _text, chinese in messages() if re.search(r"[\u4e00-\u9fff][,.;!?]", chinese)]

    assert slips == []


def test_the_compiled_catalogue_is_served() -> None:
    with translation.override("zh-hans"):
        assert gettext("Playground") == "试用台"
        many = ngettext("%(count)d key revoked.", "%(count)d keys revoked.", 3) % {"count": 3}
    assert many == "已吊销 3 个密钥。"
    assert gettext("Playground") == "Playground"
