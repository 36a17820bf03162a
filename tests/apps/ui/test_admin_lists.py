import pytest
from django.contrib.admin import site
from django.test import Client

from apps.accounts.models import User
from apps.ui.admin_lists import ListAdmin


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked",
    [
        "registry/promotion/?at__year=0",
        "registry/promotion/?at__year=99999999999999999999",
        "registry/run/?family__regex=(",
        "accounts/auditentry/?at__year=99999999999999999999",
        "accounts/auditentry/?at__year=2026&at__month=99999999999999999999",
        "accounts/auditentry/?number__range=1",
        "accounts/user/?last_login__iso_year=0",
        "support/tag/?name__iregex=[",
    ],
)
def test_a_filter_that_means_nothing_leads_to_the_whole_list(client: Client, asked: str) -> None:
    client.force_login(User.objects.create_superuser("admin"))

    answer = client.get(f"/admin/{asked}")

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/admin/{asked.partition('?')[0]}?e=1")
    assert client.get(answer.headers["Location"]).status_code == 200


def test_every_list_of_the_admin_is_one_of_these() -> None:
    assert [one for one in site._registry.values() if not isinstance(one, ListAdmin)] == []
