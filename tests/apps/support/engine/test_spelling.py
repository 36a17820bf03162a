import pytest

from apps.support.engine.spelling import LONGEST, language_of, name_of


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


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("EN", "en"),
        ("zh", "zh-hans"),
        ("zh_CN", "zh-hans"),
        ("zh-Hans", "zh-hans"),
        (" zh-Hant ", "zh-hant"),
        ("pt-br", "pt-br"),
        ("Chinese", ""),
        ("中文", ""),
        ("en-abcdefgh-abcdefgh", ""),
        ("", ""),
    ],
)
def test_a_language_has_one_code(written: str, code: str) -> None:
    assert language_of(written) == code
