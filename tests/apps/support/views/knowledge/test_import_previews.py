"""What a preview says of intents that are not in use, or have answers."""

from pathlib import Path

from django.test import Client

from apps.accounts.models import User
from apps.support.services.imports import preview_import
from tests.apps.support.factories import NOW, make_intent


def test_the_preview_says_that_nothing_learns_from_them_yet(
    client: Client, lead: User, tmp_path: Path
) -> None:
    make_intent("refund", title="Refund", is_active=False)
    path = tmp_path / "rows.csv"
    path.write_text("text,label\nmoney back,refund\nwhere is it,track\n", encoding="utf-8")
    imported = preview_import(path=path, filename=path.name, actor=lead, at=NOW)
    client.force_login(lead)

    page = client.get(f"/support/knowledge/imports/{imported.pk}/").text

    assert "1 intent of this file is not in use" in page
    assert '<a href="/support/knowledge/intents/refund/">Refund</a>' in page


def test_the_preview_says_whose_answers_stay(client: Client, lead: User, tmp_path: Path) -> None:
    make_intent("refund", title="Refund", answer="In five days.")
    path = tmp_path / "rows.csv"
    path.write_text(
        "question,intent,answer\nmoney back,refund,In two.\nwo,track,It comes.\n", encoding="utf-8"
    )
    imported = preview_import(path=path, filename=path.name, actor=lead, at=NOW)
    client.force_login(lead)

    page = client.get(f"/support/knowledge/imports/{imported.pk}/").text

    assert "1 intent of this file has an answer already, which stays" in page
    assert '<a href="/support/knowledge/intents/refund/">Refund</a>' in page


def test_the_preview_says_which_of_several_answers_is_taken(
    client: Client, lead: User, tmp_path: Path
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("问题,意图,答案\n能退吗,退货,能。\n怎么退,退货,请填表。\n", encoding="utf-8")
    imported = preview_import(path=path, filename=path.name, actor=lead, at=NOW)
    client.force_login(lead)

    page = client.get(f"/support/knowledge/imports/{imported.pk}/").text

    assert "1 intent has several answers in this file" in page
    assert "<p>退货</p>" in page  # as people call it
    assert '<td class="said">退货</td>' in page
