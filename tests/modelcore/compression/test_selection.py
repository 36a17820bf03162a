"""The fastest runtime serves among those that are as good as fp32."""

import pytest

from modelcore.compression.fidelity import Fidelity
from modelcore.compression.selection import Candidate, Limits, choose
from modelcore.serving.speed import Speed


def fidelity(
    *, drop: float = 0.0, difference: float = 0.0, agreement: float = 1.0, texts: int = 3000
) -> Fidelity:
    return Fidelity(texts, difference, 0.0, agreement, drop, (0.0, 0.0), 1.0)


def candidate(name: str, *, ms: float, docs: float, admitted: bool = True) -> Candidate:
    return Candidate(name, 1, 0.9, fidelity(), Speed(ms, docs), admitted)


@pytest.mark.parametrize(
    ("name", "drop", "good"),
    [
        ("openvino-bf16", 0.009, True),
        ("openvino-bf16", 0.011, False),
        ("openvino-int8", 0.003, True),
        ("openvino-int8", 0.004, False),
        ("onnx-int8-dynamic", -0.02, True),
    ],
)
def test_int8_may_cost_less_than_others(name: str, drop: float, good: bool) -> None:
    assert Limits().admit(name, fidelity(drop=drop)) is good


def test_a_caller_may_allow_int8_more() -> None:
    assert Limits(int8_drop=0.01).admit("openvino-int8", fidelity(drop=0.009))
    assert not Limits(int8_drop=0.02).admit("openvino-int8", fidelity(drop=0.011))


def test_one_text_of_a_small_suite_is_no_evidence() -> None:
    assert Limits().admit("openvino-int8", fidelity(drop=1 / 50, texts=50))
    assert not Limits().admit("openvino-int8", fidelity(drop=2 / 50, texts=50))


def test_a_probability_may_not_jump() -> None:
    assert not Limits().admit("openvino-int8", fidelity(difference=0.6))


def test_answers_may_not_change_by_the_dozen() -> None:
    assert not Limits().admit("openvino-int8", fidelity(agreement=0.93))


def test_what_just_keeps_a_limit_is_admitted() -> None:
    just = fidelity(drop=0.01, difference=0.5, agreement=0.95)
    assert Limits().admit("openvino-bf16", just)


@pytest.mark.parametrize(("ms", "is_broad"), [(4, True), (6, False)])
def test_speed_alone_and_together_count_alike(ms: float, is_broad: bool) -> None:
    quick = candidate("quick", ms=1, docs=100)
    broad = candidate("broad", ms=ms, docs=500)
    assert (choose([quick, broad], target_ms=None) is broad) == is_broad


def test_what_is_not_admitted_is_not_chosen() -> None:
    wrong = candidate("wrong", ms=1, docs=9000, admitted=False)
    right = candidate("right", ms=10, docs=10)
    assert choose([wrong, right], target_ms=None) is right


def test_the_broadest_within_the_target_is_chosen() -> None:
    quick = candidate("quick", ms=1, docs=100)
    broad = candidate("broad", ms=4, docs=500)
    assert choose([quick, broad], target_ms=4) is broad
    assert choose([quick, broad], target_ms=2) is quick
    assert choose([quick, broad], target_ms=0.5) is quick
