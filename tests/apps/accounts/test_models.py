import pytest

from apps.accounts.models import User


@pytest.mark.django_db
def test_two_people_may_have_no_address() -> None:
    User.objects.create_user("first")
    User.objects.create_user("second")

    assert list(User.objects.values_list("email", flat=True)) == [None, None]
