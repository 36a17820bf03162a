"""A shop whose knowledge is a few lines, and what the engine decides there."""

from typing import Any

from apps.support.engine.deciding import decide
from apps.support.engine.decision import Action, Reason, Verdict
from apps.support.engine.placeholders import Kind, Placeholder, Source, WhenMissing
from apps.support.engine.situation import Knowledge, Situation, Wording
from tests.apps.support.bots import SURE

ORDER = Placeholder(
    "order_id",
    Kind.IDENTIFIER,
    Source.CONVERSATION,
    WhenMissing.ASK,
    pattern=r"order\s*(\d{4,12})",
    question="Which order?",
)
PRODUCT = Placeholder("product", Kind.TEXT, Source.CONVERSATION, WhenMissing.ASK, question="Which product?")
POINTS = Placeholder("points", Kind.NUMBER, Source.CUSTOMER)
KNOWLEDGE = Knowledge(
    answers={
        ("track_order", "en"): "Order {{order_id}} is on its way.",
        ("track_order", "zh-hans"): "订单{{order_id}}在路上。",
        ("return_item", "zh-hans"): "{{product}}可以退。",
        ("payment_methods", "en"): "By card.",
        ("payment_methods", "zh-hans"): "可以刷卡。",
        ("cancel_order", "en"): "You have {{points}} points.",
    },
    placeholders={"order_id": ORDER, "product": PRODUCT, "points": POINTS},
)
WORDING = Wording("Hello!", "You are welcome.", "Goodbye.", "An assistant.", "Take your time.")
CHINESE_WORDING = Wording("您好！", "不客气。", "再见。", "我是助手。", "慢慢来。")


def wording(language: str) -> Wording:
    return CHINESE_WORDING if language == "zh-hans" else WORDING


def decided(text: str, **fields: Any) -> Verdict:
    judge = fields.pop("judge", SURE)
    return decide(Situation(text=text, body=text, **fields), KNOWLEDGE, wording, judge)


def outcome(text: str, **fields: Any) -> tuple[Action, Reason]:
    verdict = decided(text, **fields)
    return verdict.action, verdict.reason
