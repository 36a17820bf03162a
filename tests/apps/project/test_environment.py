import pytest
from django.core.exceptions import ImproperlyConfigured

from apps.project.environment import Environment


def test_a_missing_secret_is_a_sentence_that_names_it() -> None:
    with pytest.raises(ImproperlyConfigured, match="Set the environment variable SECRET_KEY: it signs"):
        Environment({}).required("SECRET_KEY", purpose="it signs sessions")


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="has 5 characters"):
        Environment({"SECRET_KEY": "short"}).secret("SECRET_KEY", purpose="it signs", minimum_length=50)


def test_a_number_that_is_none_is_a_sentence() -> None:
    with pytest.raises(ImproperlyConfigured, match="must be a whole number"):
        Environment({"PORT": "eighty"}).integer("PORT", 8000)


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
