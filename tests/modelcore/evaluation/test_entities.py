import json

import pytest

from modelcore.data import Span, SpanTexts
from modelcore.errors import InputError
from modelcore.evaluation import entity_metrics, share_interval

PERSON, PLACE = Span(0, 3, "PER"), Span(8, 14, "LOC")


def test_a_case_worked_out_by_hand() -> None:
    gold = [[PERSON, PLACE], [PERSON], []]
    # Right, wrong end; missed; made up: 1 hit of 3 true and 3 predicted.
    predicted = [[PERSON, Span(8, 13, "LOC")], [], [PLACE]]
    found = entity_metrics(gold, predicted)
    assert (found.precision, found.recall, found.f1) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert found.per_label["PER"] == {
        "precision": 1.0,
        "recall": 0.5,
        "f1": pytest.approx(2 / 3),
        "support": 2,
    }
    assert found.per_label["LOC"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 1}
    assert found.macro_f1 == pytest.approx(1 / 3)


def test_the_right_place_with_the_wrong_label_is_wrong_twice() -> None:
    found = entity_metrics([[PERSON]], [[Span(0, 3, "LOC")]])
    assert (found.f1, found.per_label["LOC"]["support"]) == (0.0, 0)


def test_without_any_true_span_every_score_is_nothing() -> None:
    found = entity_metrics([[], []], [[PERSON], []])
    assert (found.precision, found.recall, found.f1, found.f1_interval) == (0.0, 0.0, 0.0, (0.0, 0.0))


def test_a_span_predicted_twice_counts_once() -> None:
    assert entity_metrics([[PERSON]], [[PERSON, PERSON]]).precision == 1.0


def test_a_data_set_may_be_given_as_it_is() -> None:
    data = SpanTexts(("Ada in London",), ((PERSON,),))
    assert entity_metrics(data, data).f1 == 1.0


def test_the_interval_holds_the_score_and_is_seeded() -> None:
    gold = [[PERSON, PLACE]] * 40
    predicted = [[PERSON, PLACE]] * 30 + [[PERSON]] * 10
    found = entity_metrics(gold, predicted, seed=4)
    low, high = found.f1_interval
    assert found.f1 == pytest.approx(140 / 150)
    assert low < found.f1 < high
    assert found == entity_metrics(gold, predicted, seed=4)


def test_a_tagger_without_an_error_on_few_texts_may_yet_make_some() -> None:
    found = entity_metrics([[PERSON]] * 20, [[PERSON]] * 20)
    assert (found.f1, found.f1_interval) == (1.0, share_interval(20, 20))


def test_texts_without_spans_score_nothing() -> None:
    found = entity_metrics([[], []], [[], []])
    assert (found.f1, found.f1_interval, found.per_label) == (0.0, (0.0, 0.0), {})


def test_json_holds_plain_types() -> None:
    plain = entity_metrics([[PERSON]], [[PERSON]]).to_json()
    assert json.loads(json.dumps(plain)) == plain


def test_other_texts_are_refused() -> None:
    with pytest.raises(InputError, match="2 texts were predicted and 1 are marked"):
        entity_metrics([[PERSON]], [[PERSON], []])
