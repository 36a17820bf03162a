import pytest

from apps.support.engine.spelling import LONGEST, fill, name_of, nameless_in, names_in, spell_alike
from apps.support.engine.templates import placeholders_in


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Order Number", "order_number"),
        ("订单号", "订单号"),
        ("Número de pedido", "número_de_pedido"),
        ("ＯＲＤＥＲ－１", "order_1"),
        ("?!", ""),
        ("x" * 80, "x" * LONGEST),
    ],
)
def test_a_name_is_of_letters_and_digits_of_any_script(written: str, name: str) -> None:
    assert name_of(written) == name


def test_placeholders_of_any_script_are_kept_and_filled() -> None:
    body = spell_alike("您的订单 {{ 订单号 }} 已发货, {{First Name}}")

    assert body == "您的订单 {{订单号}} 已发货, {{first_name}}"
    assert names_in(body) == placeholders_in(body) == ("订单号", "first_name")
    assert fill(body, {"订单号": "7"}) == "您的订单 7 已发货, {{first_name}}"


def test_a_placeholder_without_a_letter_is_named_and_stays() -> None:
    assert nameless_in("{{a}} {{?!}}") == ("?!",)
    assert spell_alike("Yours, {{ ?! }}") == "Yours, {{?!}}"
