import copy
import pickle

from hypothesis import given
from hypothesis import strategies as st

from modelcore.errors import InputError
from modelcore.sentence import Sentence

GERMAN = {"Row {row} is empty.": "Zeile {row} ist leer.", "{count:,} of {what}.": "{what}: {count}."}


def translate(template: str) -> str:
    return GERMAN.get(template, template)


def test_a_sentence_is_its_english_text() -> None:
    assert Sentence("Row {row} is empty.", row=3) == "Row 3 is empty."


def test_a_sentence_can_be_said_in_another_language() -> None:
    assert Sentence("Row {row} is empty.", row=3).said_with(translate) == "Zeile 3 ist leer."


def test_a_sentence_inside_another_is_said_in_that_language_too() -> None:
    inner = Sentence("Row {row} is empty.", row=3)
    assert Sentence("{count:,} of {what}.", count=1, what=inner).said_with(translate) == (
        "Zeile 3 ist leer.: 1."
    )


def test_a_text_of_somebody_is_said_as_it_is() -> None:
    assert Sentence.of("50 % {done}").said_with(translate) == "50 % {done}"


def test_the_empty_sentence_stays_empty() -> None:
    assert Sentence("").said_with(translate) == ""


@given(st.text(), st.integers(), st.floats(allow_nan=False))
def test_what_is_kept_as_json_comes_back(text: str, whole: int, real: float) -> None:
    said = Sentence("{inner} {whole} {real:.2f}", inner=Sentence.of(text), whole=whole, real=real)
    again = Sentence.from_json(said.to_json())
    assert (again, again.template, again.values) == (said, said.template, said.values)


def test_a_sentence_survives_pickling_and_copying() -> None:
    said = Sentence("Row {row} is empty.", row=3)
    for again in (pickle.loads(pickle.dumps(said)), copy.deepcopy(said)):  # our own bytes
        assert again.said_with(translate) == "Zeile 3 ist leer."


def test_an_error_knows_its_sentence() -> None:
    error = InputError("Row {row} is empty.", row=3)
    assert (str(error), error.sentence.values) == ("Row 3 is empty.", {"row": 3})


def test_an_error_shows_the_start_of_what_nobody_would_read_to_its_end() -> None:
    error = InputError("{name} has no column {column!r}.", name="a.csv", column="word " * 1_000_000)
    assert str(error).startswith("a.csv has no column 'word word")
    assert str(error).endswith("word…'.")
    assert len(str(error)) < 600
