from django.utils import translation

from apps.ui.sentences import said
from modelcore.errors import InputError


def test_what_modelcore_says_is_said_in_the_readers_language() -> None:
    error = InputError("The {part} data are empty: give at least one row.", part="training")
    with translation.override("zh-hans"):
        chinese = said(error.sentence)
    assert chinese != str(error)
    assert "training" in chinese


def test_other_texts_stay_as_they_are() -> None:
    with translation.override("zh-hans"):
        assert said("a name {that} somebody gave") == "a name {that} somebody gave"
