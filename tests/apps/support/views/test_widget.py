"""The script that any site loads."""

import gzip
import json
from pathlib import Path

import pytest
from django.test import Client

from apps.support.views.widget import FOLDER, PARTS, languages

LARGEST = 12 * 1024
SCRIPT = "/support/widget.js"
TABLES = sorted((FOLDER / "texts").glob("*.json"))


def test_the_widget_is_at_most_12_kb_on_the_wire() -> None:
    response = Client().get(SCRIPT, headers={"Accept-Encoding": "gzip"})

    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) <= LARGEST
    assert b"class BerthSupport" in gzip.decompress(response.content)


def test_it_is_the_same_on_the_wire_each_time() -> None:
    sent = {bytes(Client().get(SCRIPT, headers={"Accept-Encoding": "gzip"}).content[10:]) for _ in range(3)}

    assert len(sent) == 1


def test_every_part_of_the_source_is_in_it() -> None:
    assert {path.stem for path in FOLDER.glob("*.js")} == set(PARTS)


def test_any_site_may_load_it_and_keeps_it_for_minutes() -> None:
    response = Client().get(SCRIPT, headers={"Origin": "https://shop.example"})

    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert "public" in response["Cache-Control"]
    assert "max-age=300" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.parametrize("address", [SCRIPT, "/support/widget/texts/ar.json"])
def test_who_has_it_already_is_not_sent_it_again(address: str) -> None:
    first = Client().get(address, headers={"Accept-Encoding": "gzip"})

    again = Client().get(address, headers={"Accept-Encoding": "gzip", "If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert again.content == b""


def test_nothing_but_reading_is_answered() -> None:
    assert Client().post(SCRIPT).status_code == 405


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_every_language_has_every_text_with_its_values(table: Path) -> None:
    english = json.loads((FOLDER / "texts" / "en.json").read_text())
    texts = Client().get(f"/support/widget/texts/{table.stem}.json").json()

    assert texts.keys() == english.keys()
    assert [key for key in texts if texts[key].count("{") != english[key].count("{")] == []


def test_the_languages_are_those_that_the_guide_names() -> None:
    assert languages() == ["ar", "en", "zh-hans"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "..", "en.json"])
def test_a_language_without_a_table_is_missing(language: str) -> None:
    assert Client().get(f"/support/widget/texts/{language}.json").status_code == 404
