import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper


@pytest.mark.django_db
def test_a_pool_hands_out_no_connection_that_the_server_has_ended() -> None:
    pooled = DatabaseWrapper(
        {**connection.settings_dict, "OPTIONS": {"pool": {"min_size": 1, "max_size": 1}}}, "pooled"
    )
    with pooled.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (ended,) = cursor.fetchone()
    pooled.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])

    with pooled.cursor() as cursor:
        cursor.execute("SELECT 1")

    pooled.close()
    pooled.close_pool()


@pytest.mark.django_db
def test_what_is_asked_again_and_again_is_planned_once() -> None:
    for number in range(10):
        get_user_model().objects.filter(pk=number).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(generic_plans + custom_plans) FROM pg_prepared_statements")
        (times_used,) = cursor.fetchone()
    assert times_used >= 4
