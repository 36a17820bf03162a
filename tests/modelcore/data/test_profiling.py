import json
from dataclasses import replace

import pytest

from modelcore.data import LabelError, LabelledTexts, Profile, Span, SpanTexts, TextPairs, profile
from modelcore.data.findings import language_shares
from modelcore.errors import InputError
from modelcore.training.recipe import Recipe


def profiled(*rows: tuple[str, str]) -> Profile:
    return profile(LabelledTexts(tuple(text for text, _ in rows), tuple(label for _, label in rows)))


def test_rows_labels_and_lengths_are_counted() -> None:
    found = profiled(("one", "x"), ("one two", "x"), ("one two three", "y"))
    assert (found.rows, found.labels) == (3, {"x": 2, "y": 1})
    assert (found.characters.minimum, found.characters.median, found.characters.maximum) == (3, 7.0, 13)
    assert (found.words.minimum, found.words.median, found.words.maximum, found.words.mean) == (
        1,
        2.0,
        3,
        2.0,
    )


def test_an_ideograph_counts_as_a_word() -> None:
    assert profiled(("我的 card 呢", "x"), ("don't", "y")).words.maximum == 4


def test_duplicates_and_conflicts_are_told_apart() -> None:
    found = profiled(("One?", "x"), ("one", "x"), ("Two", "x"), ("two!", "y"))
    assert found.duplicate_count == 2
    assert [(one.text, one.labels, one.rows) for one in found.conflicts] == [("Two", ("x", "y"), (3, 4))]
    assert any("Texts with different labels: 1, the first in rows 3, 4" in w for w in found.warnings)


def test_leakage_between_the_parts_is_listed() -> None:
    train = LabelledTexts(("one", "two", "three"), ("x", "y", "x"))
    found = profile(train, evaluation=LabelledTexts(("TWO.", "four"), ("y", "x"), rows=(2, 3)))
    assert (found.evaluation_rows, found.leak_count) == (2, 1)
    assert (found.leaks[0].train_rows, found.leaks[0].evaluation_rows) == ((2,), (2,))
    assert any("both in training and in evaluation" in warning for warning in found.warnings)


def test_languages_are_shared_out_among_texts_long_enough_to_tell() -> None:
    english = "Where is the card that I ordered two weeks ago, please?"
    chinese = "请问我两个星期以前订购的银行卡现在在哪里?"
    found = profiled(
        (english, "x"), (chinese, "x"), (english + " Now", "y"), (chinese + "谢谢", "y"), ("hi", "y")
    )
    assert found.languages == {"en": 0.5, "zh": 0.5}
    assert any("several languages (en 50%, zh 50%)" in warning for warning in found.warnings)


@pytest.mark.parametrize("rows", [900, 1500, 2999])
def test_a_language_at_the_end_of_a_file_is_seen(rows: int) -> None:
    english = ("Where is the card that I ordered two weeks ago, please?",) * (rows * 9 // 10)
    chinese = ("请问我两个星期以前订购的银行卡现在在哪里?",) * (rows // 10)

    shares = language_shares([*english, *chinese])

    assert shares == pytest.approx({"en": 0.9, "zh": 0.1}, abs=0.01)


NAMES = "WHITE HANGING HEART T-LIGHT HOLDER;RED WOOLLY HOTTIE WHITE HEART;VINTAGE SNAP CARDS NIGEL KLEIN"


def test_names_of_products_have_no_other_language() -> None:
    english = "Where is the card that I ordered two weeks ago, please?"
    dutch = "Waar is de kaart die ik twee weken geleden heb besteld?"
    names = [f"{name} SET {number}" for name in NAMES.split(";") for number in range(19)]
    assert language_shares([english, *names, *[dutch] * 3]).keys() <= {"en", "other"}
    assert language_shares([*[english] * 50, *[dutch] * 10]).keys() == {"en", "nl"}


def test_a_few_texts_in_another_script_are_a_language() -> None:
    english, chinese = "Where is the card that I ordered two weeks ago?", "请问我的银行卡现在在哪里?"
    assert language_shares([*[english] * 22, *[chinese] * 2]) == pytest.approx(
        {"en": 11 / 12, "zh": 1 / 12}, abs=0.001
    )


def test_short_texts_have_no_language() -> None:
    assert profiled(("hi", "x"), ("ok", "y")).languages == {"und": 1.0}


def test_rare_uneven_and_alike_labels_are_warned_of() -> None:
    rows = [(f"text {number}", "Card lost") for number in range(100)]
    found = profiled(*rows, ("one", "card_lost"), ("two", "refund"))
    assert any("Labels with fewer than 5 rows: 2 (card_lost, refund)" in w for w in found.warnings)
    assert any("'Card lost' has 100 rows and 'refund' 1" in w for w in found.warnings)
    assert any("'Card lost', 'card_lost' differ only in spelling" in w for w in found.warnings)


def test_labels_that_look_the_same_are_told_in_codes() -> None:
    found = profiled(("one", "caf\u00e9"), ("two", "cafe\u0301"))
    assert any(r"'cafe\u0301', 'caf\xe9' differ only in spelling" in w for w in map(str, found.warnings))


def test_signs_and_marks_are_no_spelling() -> None:
    rows = [
        (f"text {number}", label) for number, label in enumerate(("-1", "0", "1", "A", "A-", "1.0", "1_0"))
    ]
    assert not any("differ only in spelling" in warning for warning in profiled(*rows).warnings)


def test_of_long_texts_is_told_how_much_is_read_whatever_the_recipe_says() -> None:
    found = profiled(("word " * 200, "x"), ("word " * 300, "y"))
    told = f"max_tokens says, {Recipe().max_tokens} unless it is set and 512 at most"
    assert any(told in warning for warning in found.warnings)


def test_labels_that_look_wrong_are_warned_of() -> None:
    suspect = LabelError(2, "t2", given="a", suggested="b", score=0.8)
    found = replace(
        profiled(("t1", "b"), ("t2", "a")),
        label_error_count=1,
        label_errors=(suspect,),
        cross_validated_accuracy=0.74,
    )
    [told] = [warning for warning in found.warnings if "look wrong" in warning]
    assert "row 2: 'a' may be 'b'" in told
    assert "finds 74% of all labels" in told


def test_how_many_labels_the_model_that_doubts_them_finds_is_kept() -> None:
    rows = [(f"{word} {number}", word) for word in ("apple", "brick", "cloud") for number in range(8)]
    assert profiled(*rows, ("apple 9", "brick")).cross_validated_accuracy == 24 / 25


def test_why_no_label_errors_were_sought_is_said() -> None:
    few = LabelledTexts(("one", "two"), ("x", "y"))
    assert "fewer than 5 different texts" in profile(few).label_errors_note
    assert "did not ask" in profile(few, label_errors=False).label_errors_note
    assert "only one label" in profile(LabelledTexts(("one",), ("x",))).label_errors_note


def test_spans_are_profiled_by_what_they_mark() -> None:
    data = SpanTexts(("Ada came", "Ada came!", "Bo left"), ((Span(0, 3, "PER"),), (), (Span(0, 2, "PER"),)))
    found = profile(data)
    assert (found.labels, found.conflict_count, found.conflicts[0].rows) == ({"PER": 2}, 1, (1, 2))
    assert "one label a text" in found.label_errors_note


def test_pairs_are_profiled_on_both_sides() -> None:
    found = profile(TextPairs(("lamp", "cup"), ("light", "Lamp")))
    assert (found.rows, found.labels, found.duplicate_count, found.conflict_count) == (2, {}, 0, 0)
    assert found.characters.maximum == 5


def test_a_pair_is_repeated_where_both_its_texts_are() -> None:
    found = profile(TextPairs(("lamp", "Lamp!", "lamp", "cup"), ("light", "light", "bulb", "light")))
    assert found.duplicate_count == 1


def test_nothing_cannot_be_profiled() -> None:
    with pytest.raises(InputError, match="no rows"):
        profile(LabelledTexts((), ()))


def test_json_holds_plain_types_and_the_warnings() -> None:
    found = profiled(("One?", "x"), ("one", "y"))
    plain = found.to_json()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["warnings"] == list(found.warnings)
    assert plain["conflicts"] == [{"text": "One?", "labels": ["x", "y"], "rows": [1, 2]}]


def test_lists_are_cut_while_counts_are_not() -> None:
    rows = [(f"text {number}", label) for number in range(150) for label in "xy"]
    found = profile(
        LabelledTexts(tuple(t for t, _ in rows), tuple(label for _, label in rows)), label_errors=False
    )
    assert (found.conflict_count, len(found.conflicts)) == (150, 100)


def test_in_a_hundred_thousand_rows_no_label_errors_are_sought() -> None:
    texts = tuple(f"Where is my order number {number} from shop {number % 97}?" for number in range(100_000))
    data = LabelledTexts(texts, tuple(f"label {number % 50}" for number in range(100_000)))
    found = profile(data)
    assert "100,000 rows of 50 labels are more than the limit" in found.label_errors_note
