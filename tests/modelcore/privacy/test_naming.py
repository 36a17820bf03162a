"""What clauses call a number, and which of several words in them is meant."""

import pytest

from modelcore.privacy import mask


@pytest.mark.parametrize(
    "text",
    [
        "The mobile number for my order is {}.",
        "Please change the telephone on the account to {}",
        "contact number for everything in this order: {}",
        "Did the code go to {}?",
        "The tracking page shows {} as my phone number",
        "My phone is in the account, it is {}",
        "For the parcel my cell is {}",
        "Le téléphone de ma commande est le {}",
        "Die Handynummer im Kundenkonto lautet {}",
    ],
)
@pytest.mark.parametrize("number", ["4155552670", "020 7946 0958", "13812345678", "01712345679"])
def test_a_phone_keeps_its_name_where_an_order_is_spoken_of(text: str, number: str) -> None:
    assert mask(text.format(number)).text == text.format("[PHONE_NUMBER]")


@pytest.mark.parametrize(
    "text",
    [
        "寄快递给李红{}",
        "会员{}的优惠券不见了",
        "取件验证码没发到{}",
        "赵女士{}订单有问题",
        "绑定{}",
        "手机尾号1234，{}",
    ],
)
def test_a_chinese_mobile_gives_way_to_a_name_of_a_number_alone(text: str) -> None:
    assert mask(text.format("13912345678")).text == text.format("[PHONE_NUMBER]")


@pytest.mark.parametrize(
    "text",
    [
        "The order number on my phone bill is {}.",
        "The account for my mobile is {}",
        "My phone order is {}",
        "I called about order {} and nobody knew",
        "Your text said the tracking number would be {}",
        "手机的订单号是{}",
        "Die Bestellnummer auf dem Handy lautet {}",
    ],
)
@pytest.mark.parametrize("number", ["4155552671", "90950866318", "01712345678"])
def test_another_number_keeps_its_name_where_a_phone_is_spoken_of(text: str, number: str) -> None:
    assert mask(text.format(number)).spans == ()


@pytest.mark.parametrize(
    ("name", "number", "label"),
    [
        ("CPF", "909.508.663-18", "BR_CPF"),
        ("PESEL", "44051401359", "PL_PESEL"),
        ("AHV number", "756.3163.9476.10", "CH_AHV"),
        ("NHS number", "943 476 5919", "UK_NHS"),
        ("BSN", "374200324", "NL_BSN"),
    ],
)
def test_an_id_keeps_its_name_too(name: str, number: str, label: str) -> None:
    for text in (
        "Please put the {} on my order: {}",
        "The {} of my account is {}",
        "Change the {} in the invoice to {}",
    ):
        assert mask(text.format(name, number)).text == text.format(name, f"[{label}]")


@pytest.mark.parametrize("number", ["909.508.663-18", "756.3163.9476.10", "90950866318"])
def test_what_an_id_is_for_is_not_its_name(number: str) -> None:
    assert number not in mask(f"For the invoice: {number}").text
