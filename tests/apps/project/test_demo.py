import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.accounts.services.roles import has_role
from apps.project.accounts_for_demo import DEMO_ACCOUNTS, ensure_demo_accounts
from apps.project.demo import (
    DemoError,
    announce,
    ask_to_stop,
    heed_signals,
    only_one_demo,
    refuse_used_port,
)
from apps.project.demo_programs import TRAINING, demo_programs, read_plan, worker_program
from apps.project.environment import Environment
from apps.project.settings.base import SCRATCH_DIR


def test_the_ready_line_is_exactly_this(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    announce(read_plan(Environment({"PORT": "8123", "DEMO_PASSWORD": "told", "BERTH_VAR": str(tmp_path)})))
    lines = capsys.readouterr().out.splitlines()

    assert lines[0] == "Berth is ready at http://127.0.0.1:8123"
    assert lines[1].endswith(" http://127.0.0.1:8123/support/demo/")
    assert "told" in lines[3]
    assert [line.split()[0] for line in lines[4:]] == [account.username for account in DEMO_ACCOUNTS]


def test_a_password_is_made_up_unless_given() -> None:
    first, second = (
        read_plan(Environment({})).password,
        read_plan(Environment({"DEMO_PASSWORD": ""})).password,
    )

    assert first != second
    assert min(len(first), len(second)) >= 12


def test_a_used_port_is_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(DemoError, match="Choose another: `make demo GRPC_PORT"):
            refuse_used_port("GRPC_PORT", taken.getsockname()[1])


def run_demo(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "apps.project.demo"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_started_by_make_it_says_the_same(tmp_path: Path) -> None:
    """Below make it ties its life to make's, and must not take itself for an orphan."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        outcome = run_demo(MAKELEVEL="1", PORT=str(taken.getsockname()[1]), BERTH_VAR=str(tmp_path))

    assert "Choose another: `make demo PORT" in outcome.stdout
    assert outcome.returncode == 1


def test_one_port_for_both_doors_is_a_sentence(tmp_path: Path) -> None:
    outcome = run_demo(PORT="8001", GRPC_PORT="8001", BERTH_VAR=str(tmp_path))

    assert "PORT and GRPC_PORT are both 8001" in outcome.stdout
    assert outcome.returncode == 1


def test_a_folder_that_cannot_be_had_is_a_sentence_in_any_terminal(tmp_path: Path) -> None:
    (tmp_path / "…").touch()
    outcome = run_demo(BERTH_VAR=str(tmp_path / "…"), PYTHONIOENCODING="latin-1")

    assert f"{tmp_path}/? cannot be used: File exists." in outcome.stdout
    assert (outcome.returncode, outcome.stderr) == (1, "")


@pytest.mark.parametrize(("before", "ends"), [(signal.SIG_IGN, False), (signal.SIG_DFL, True)])
def test_a_closed_terminal_ends_it_except_below_nohup(before: signal.Handlers, *, ends: bool) -> None:
    was = signal.signal(signal.SIGHUP, before)
    try:
        heed_signals()
        assert (signal.getsignal(signal.SIGHUP) is ask_to_stop) is ends
    finally:
        signal.signal(signal.SIGHUP, was)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def test_a_second_demo_on_the_same_folder_is_a_sentence(tmp_path: Path) -> None:
    with only_one_demo(tmp_path), pytest.raises(DemoError, match="already running"), only_one_demo(tmp_path):
        pass


def test_a_demo_that_ended_leaves_no_lock(tmp_path: Path) -> None:
    with only_one_demo(tmp_path):
        pass
    with only_one_demo(tmp_path):
        pass


def test_every_program_keeps_to_this_machine(tmp_path: Path) -> None:
    commands = [" ".join(program.command) for program in demo_programs(read_plan(Environment({})))]

    assert [command for command in commands if "0.0.0.0" in command] == []
    assert sum("127.0.0.1" in command for command in commands) == 2


def test_what_a_killed_worker_was_packing_goes_when_the_next_one_starts(tmp_path: Path) -> None:
    worker = worker_program(read_plan(Environment({"BERTH_VAR": str(tmp_path)})), TRAINING)
    left = Path(worker.environment["TMPDIR"], "berth-compress-1", "model.onnx")
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half of it")

    assert worker.before_start is not None
    worker.before_start()

    assert list((tmp_path / SCRATCH_DIR.name).iterdir()) == []


def test_external_stores_are_used_as_they_are() -> None:
    named = {"DATABASE_URL": "postgres://h/d", "REDIS_URL": "redis://h"}

    assert not read_plan(Environment(named)).needs_stores
    assert read_plan(Environment({"REDIS_URL": "redis://h"})).needs_stores


@pytest.mark.django_db
def test_each_role_has_an_account_and_a_new_password_replaces_the_old() -> None:
    ensure_demo_accounts(password="first")
    ensure_demo_accounts(password="second")

    assert User.objects.count() == len(DEMO_ACCOUNTS)
    assert set(Role) <= {account.role for account in DEMO_ACCOUNTS}
    assert all(user.check_password("second") for user in User.objects.all())
    assert all(
        has_role(User.objects.get(username=account.username), Role(account.role))
        for account in DEMO_ACCOUNTS
        if account.role is not None
    )
