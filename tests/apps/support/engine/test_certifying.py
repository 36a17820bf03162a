import numpy as np
import pytest

from apps.support.engine.certifying import certify
from apps.support.engine.decision import Neighbour
from apps.support.engine.scoring import Evidence, Neighbourhood, pool

INTENTS = ("card_lost", "refund", "top_up")
KNOWN = Neighbourhood(near=0.7, spread=0.2)


def draw(count: int, *, seed: int) -> tuple[Evidence, list[str]]:
    """Questions of three intents; unsure ones may be answered wrong, and nothing is near."""
    generator = np.random.default_rng(seed)
    gold = generator.integers(0, 3, count)
    sure = generator.random(count)
    logits = generator.normal(size=(count, 3))
    logits[np.arange(count), gold] += 8 * sure
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    neighbours = [
        (
            Neighbour("a question", INTENTS[right], 0.4 + 0.5 * near),
            Neighbour("another", INTENTS[(right + 1) % 3], 0.6),
        )
        for right, near in zip(gold, sure, strict=True)
    ]
    evidence = Evidence(INTENTS, probabilities, neighbours, np.zeros(count))
    return evidence, [INTENTS[right] for right in gold]


def test_what_reaches_the_threshold_is_as_precise_as_certified_on_other_questions() -> None:
    certified = certify(*draw(3000, seed=0), KNOWN)
    evidence, gold = draw(20_000, seed=1)
    pooled = pool(evidence, KNOWN)
    sure = certified.scoring.curve(pooled.scores)
    right = np.array(pooled.best) == np.array(gold)
    for certificate in certified.certificates:
        assert certificate.threshold is not None
        assert right[sure >= certificate.threshold].mean() >= certificate.target


def test_of_easy_questions_the_least_sure_are_not_answered_either() -> None:
    evidence, _ = draw(3000, seed=6)
    pooled = pool(evidence, KNOWN)
    always_right = certify(evidence, pooled.best, KNOWN)
    assert {certificate.errors for certificate in always_right.certificates} == {0}
    assert {certificate.coverage for certificate in always_right.certificates} == {0.97}


def test_a_stricter_target_answers_less() -> None:
    answered = [certificate.answered for certificate in certify(*draw(3000, seed=2), KNOWN).certificates]
    assert answered == sorted(answered, reverse=True)
    assert answered[0] > answered[-1] > 0


def test_the_confidence_is_how_often_it_is_right() -> None:
    evidence, gold = draw(4000, seed=3)
    pooled = pool(evidence, KNOWN)
    sure = certify(evidence, gold, KNOWN).scoring.curve(pooled.scores)
    right = np.array(pooled.best) == np.array(gold)
    assert sure.mean() == pytest.approx(right.mean(), abs=0.02)


def test_with_forty_held_out_questions_nothing_is_certified() -> None:
    certificates = certify(*draw(40, seed=4), KNOWN).certificates
    assert [certificate.threshold for certificate in certificates] == [None] * 3
    assert all("40 held-out examples are too few" in certificate.reason for certificate in certificates)


def test_an_intent_that_the_classifier_has_not_learned_counts_as_wrong() -> None:
    evidence, gold = draw(300, seed=5)
    certificates = certify(evidence, ["new_intent"] * len(gold), KNOWN).certificates
    assert [certificate.threshold for certificate in certificates] == [None] * 3
