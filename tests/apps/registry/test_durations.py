import pytest

from apps.registry.templatetags.registry_charts import duration


@pytest.mark.parametrize(
    ("seconds", "words"), [(None, "–"), (9.4, "9 s"), (2292.0, "38 min"), (9000.0, "2.5 h")]
)
def test_a_time_is_said_in_the_unit_that_people_would_say(seconds: float | None, words: str) -> None:
    assert duration(seconds) == words
