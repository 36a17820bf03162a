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

CLASS = re.compile(r"^class (\w+)\((\w+)", re.MULTILINE)
ABSTRACT = {"ModelcoreError", "RegistryError", "ArtifactError"}
# One says what the checks in its report say, the other is for a worker's log.
SEEN_BY_NOBODY = {"GateRefusedError", "ClaimLostError"}


def classes() -> Iterator[tuple[str, str]]:
    """The name and the first base of every class."""
    for package in ("apps", "modelcore"):
        for path in (project.BASE_DIR / package).rglob("*.py"):
            yield from CLASS.findall(path.read_text())


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


def test_what_every_error_says_is_looked_for() -> None:
    told = {"ModelcoreError", "RegistryError"}
    for _ in range(3):  # as deep as they go
        told |= {name for name, base in classes() if base in told}

    assert told - catalogues.SENTENCES.keys() == ABSTRACT | SEEN_BY_NOBODY


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
