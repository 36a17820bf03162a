from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from apps.project.environment import Environment


def test_a_missing_secret_is_a_sentence_that_names_it() -> None:
    with pytest.raises(ImproperlyConfigured, match="Set the environment variable SECRET_KEY: it signs"):
        Environment({}).required("SECRET_KEY", purpose="it signs sessions")


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="has 5 characters"):
        Environment({"SECRET_KEY": "short"}).secret("SECRET_KEY", purpose="it signs", minimum_length=50)


@pytest.mark.parametrize("written", ["eighty", "0", "-5", "1.5", "65536", "9" * 5000])
def test_a_port_that_is_none_is_a_sentence(written: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="must be a whole number from 1 to 65535"):
        Environment({"PORT": written}).port("PORT", 8000)


def test_a_time_zone_has_a_name() -> None:
    assert Environment({}).time_zone("TIME_ZONE") == "UTC"
    assert Environment({"TIME_ZONE": "Asia/Shanghai"}).time_zone("TIME_ZONE") == "Asia/Shanghai"
    for written in ("Shanghai", "../etc", "+08:00"):
        with pytest.raises(ImproperlyConfigured, match="a name such as Europe/Berlin"):
            Environment({"TIME_ZONE": written}).time_zone("TIME_ZONE")


def test_a_word_is_taken_as_people_write_it_or_refused_with_those_there_are() -> None:
    levels = ("INFO", "DEBUG")
    assert Environment({"LOG_LEVEL": "debug"}).one_of("LOG_LEVEL", "INFO", levels) == "DEBUG"
    assert Environment({"LOG_LEVEL": ""}).one_of("LOG_LEVEL", "INFO", levels) == "INFO"
    with pytest.raises(ImproperlyConfigured, match="LOG_LEVEL is 'LOUD'; use one of INFO, DEBUG"):
        Environment({"LOG_LEVEL": "loud"}).one_of("LOG_LEVEL", "INFO", levels)


def test_an_address_of_another_kind_of_store_is_refused_without_its_password() -> None:
    environment = Environment({"DATABASE_URL": "mysql://berth:geheim@host/berth"})
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must begin with postgres://") as refused:
        environment.address("DATABASE_URL", "", schemes=("postgres",))
    assert "geheim" not in str(refused.value)


def test_a_password_that_breaks_its_address_is_a_sentence_without_it() -> None:
    environment = Environment({"REDIS_URL": "redis://:ge/heim@redis:6379/0"})
    with pytest.raises(ImproperlyConfigured, match=r"REDIS_URL is no address.* write / as %2F") as refused:
        environment.address("REDIS_URL", "", schemes=("redis",))
    # Nor in the trace: the error that it follows names it.
    assert refused.value.__suppress_context__
    assert "heim" not in str(refused.value)


@pytest.mark.parametrize("written", ["https://berth.example.org", "berth.example.org:8000"])
def test_a_host_with_more_than_its_name_is_a_sentence(written: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="without https:// and a port"):
        Environment({"ALLOWED_HOSTS": f"localhost,{written}"}).hosts("ALLOWED_HOSTS")


def test_hosts_without_commas_are_a_sentence() -> None:
    with pytest.raises(ImproperlyConfigured, match="write commas between names"):
        Environment({"ALLOWED_HOSTS": "berth.example.org www.example.org"}).hosts("ALLOWED_HOSTS")


def test_hosts_are_names_and_addresses() -> None:
    written = ["berth.example.org", ".example.org", "127.0.0.1", "[::1]", "*"]
    assert Environment({"ALLOWED_HOSTS": ",".join(written)}).hosts("ALLOWED_HOSTS") == written


@pytest.mark.parametrize(("written", "meant"), [("1", True), ("Yes", True), ("off", False)])
def test_flags_are_read_as_people_write_them(written: str, meant: bool) -> None:
    assert Environment({"DEBUG": written}).flag("DEBUG", default=not meant) is meant


@pytest.mark.parametrize("default", [True, False])
def test_an_empty_flag_is_as_good_as_none(default: bool) -> None:
    assert Environment({"SECURE": ""}).flag("SECURE", default=default) is default


def test_a_flag_that_is_neither_is_a_sentence() -> None:
    with pytest.raises(ImproperlyConfigured, match="use 1 or 0"):
        Environment({"DEBUG": "maybe"}).flag("DEBUG", default=False)


def test_words_are_split_at_commas() -> None:
    assert Environment({"HOSTS": "a.example, b.example,"}).words("HOSTS") == ["a.example", "b.example"]


def test_a_folder_is_the_same_for_programs_that_are_started_elsewhere() -> None:
    assert Environment({"BERTH_VAR": "mine"}).path("BERTH_VAR", Path("/var")) == Path.cwd() / "mine"
    assert Environment({"BERTH_VAR": ""}).path("BERTH_VAR", Path("/var")) == Path("/var")


@pytest.mark.parametrize(("values", "named"), [({"PART": "/proc/x"}, "PART"), ({}, "WHOLE")])
def test_a_folder_that_can_not_be_made_is_a_sentence(values: dict[str, str], named: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"/proc/x can't be made: .* variable {named} names"):
        Environment(values).folder("PART", Path("/proc/x"), below="WHOLE")
