import pytest

from apps.support.engine.spelling import LONGEST, name_of


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
