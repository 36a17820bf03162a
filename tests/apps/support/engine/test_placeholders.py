import pytest

from apps.support.engine.placeholders import put_back


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Order 48213 is here.", "Order {{order_id}} is here."),
        ("您的订单48213已发货", "您的订单{{order_id}}已发货"),
        ("Mara Lind, and Mara", "{{full_name}}, and {{name}}"),
        ("Order 482135, 1.48213 or 48213.5", "Order 482135, 1.48213 or 48213.5"),
    ],
)
def test_values_are_placeholders_again(text: str, expected: str) -> None:
    values = {"name": "Mara", "full_name": "Mara Lind", "order_id": "48213", "tier": ""}

    assert put_back(text, values) == expected


def test_without_values_a_text_stays() -> None:
    assert put_back("Order 48213", {}) == "Order 48213"
