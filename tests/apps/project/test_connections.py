import socket
import time

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection
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


@pytest.mark.django_db
def test_a_server_whose_machine_says_nothing_is_not_waited_for() -> None:
    """It takes the connection and is silent, as one that was cut off from the network."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = {"HOST": "127.0.0.1", "PORT": server.getsockname()[1]}
        silent = DatabaseWrapper({**settings.DATABASES["default"], **address}, "silent")
        started = time.monotonic()
        with pytest.raises(OperationalError, match="timeout"):
            silent.ensure_connection()

    assert time.monotonic() - started < 8


@pytest.mark.django_db
def test_a_connection_whose_other_end_vanishes_is_given_up() -> None:
    """Half a minute where it waits for an answer, ten seconds where nobody takes what it asks."""
    connection.ensure_connection()

    limits = connection.connection.info.get_parameters()

    assert limits["tcp_user_timeout"] == "10000"
    assert [limits[f"keepalives_{name}"] for name in ("idle", "interval", "count")] == ["30", "10", "3"]
