import concurrent.futures
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper

from apps.accounts.models import AuditEntry, User
from apps.accounts.services.audit import entry_hash, record, verify_chain

pytestmark = pytest.mark.django_db


def write(number: int = 1, **detail: Any) -> AuditEntry:
    return record(actor=None, action="version.promoted", subject=f"version:{number}", detail=detail)


def test_entries_are_numbered_and_linked() -> None:
    first, second = write(1), write(2)

    assert (first.number, second.number) == (1, 2)
    assert second.previous_hash == first.hash
    assert verify_chain().is_intact


def test_an_empty_trail_is_intact() -> None:
    assert verify_chain().entries == 0
    assert verify_chain().is_intact


@pytest.mark.parametrize("value", [1e16, 1.0, -0.0, 0.1, 1e-9, "NUL \0", "中文", None, True, [1, {"a": 2.0}]])
def test_a_value_hashes_the_same_after_the_database_had_it(value: Any) -> None:
    write(value=value)

    assert verify_chain().is_intact


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditentry SET action = 'nothing'",
        "DELETE FROM accounts_auditentry",
        "TRUNCATE accounts_auditentry",
    ],
)
def test_the_database_refuses_to_rewrite_the_trail(statement: str) -> None:
    write()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_auditentry ENABLE TRIGGER accounts_audit_no_truncate")

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.fixture
def past_the_triggers() -> CursorWrapper:
    """After three entries of an owner."""
    owner = User.objects.create_user("owner")
    for number in range(3):
        record(actor=owner, action="a", subject=f"version:{number}", detail={"reason": "better"})
    cursor = connection.cursor()
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("ALTER TABLE accounts_auditentry DISABLE TRIGGER USER")
    return cursor


@pytest.mark.parametrize(
    "change",
    [
        'detail = \'{"reason": "none"}\'',
        "actor_id = NULL",
        "at = now()",
        "action = 'b'",
        "subject = 'version:9'",
    ],
)
def test_a_change_past_the_triggers_is_found_with_its_number(
    past_the_triggers: CursorWrapper, change: str
) -> None:
    past_the_triggers.execute(f"UPDATE accounts_auditentry SET {change} WHERE number = 2")

    assert verify_chain().broken_at == 2


def test_an_entry_that_is_forged_with_its_hash_does_not_fit_the_next(
    past_the_triggers: CursorWrapper,
) -> None:
    forged = AuditEntry.objects.get(number=2)
    forged.action = "b"
    for statement in (
        "UPDATE accounts_auditentry SET action = 'b', hash = %s WHERE number = 2",
        "UPDATE accounts_auditentry SET previous_hash = %s WHERE number = 3",
    ):
        past_the_triggers.execute(statement, [entry_hash(forged)])

        assert verify_chain().broken_at == 3


@pytest.mark.django_db(transaction=True)
def test_simultaneous_entries_make_one_chain() -> None:
    def write_and_leave(number: int) -> None:
        write(number)
        connection.close()

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(write_and_leave, range(40)))

    report = verify_chain()
    assert report.is_intact
    assert report.entries == 40
