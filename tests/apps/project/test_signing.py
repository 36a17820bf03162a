import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from apps.project.settings.signing import kept_secret_key


def test_a_restart_finds_the_key_which_is_nobody_elses_to_read(tmp_path: Path) -> None:
    key = kept_secret_key(tmp_path / "var" / "secret_key")

    assert len(key) > 60
    assert kept_secret_key(tmp_path / "var" / "secret_key") == key
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600


def test_programs_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(kept_secret_key, [tmp_path / "secret_key"] * 40))

    assert len(keys) == 1


def test_a_start_that_ended_before_it_wrote_leaves_the_next_a_key_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()

    assert kept_secret_key(tmp_path / "secret_key")
