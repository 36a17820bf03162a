"""Telephone numbers as people run them together with words and extensions, and what only looks alike."""

import pytest

from modelcore.privacy import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Tel.13812345678", "Tel.[PHONE_NUMBER]"),
        ("Ph.9876543210, thanks", "Ph.[PHONE_NUMBER], thanks"),
        ("tel-13812345678", "tel-[PHONE_NUMBER]"),
        ("我的tel13812345678谢谢", "我的tel[PHONE_NUMBER]谢谢"),
        ("Fax.+49 171 1234567", "Fax.[PHONE_NUMBER]"),
        ("phone(415) 555-2671", "phone[PHONE_NUMBER]"),
        ("Mob.No.9876543210", "Mob.No.[PHONE_NUMBER]"),
        ("Contact No.9876543210", "Contact No.[PHONE_NUMBER]"),
        ("call-9876543210", "call-[PHONE_NUMBER]"),
        ("M.9876543210", "M.[PHONE_NUMBER]"),
        ("Tel.Nr.015123456789", "Tel.Nr.[PHONE_NUMBER]"),
        ("Mobil-0151/23456789", "Mobil-[PHONE_NUMBER]"),
        ("Móvil.612345678", "Móvil.[PHONE_NUMBER]"),
        ("我的vx13812345678", "我的vx[PHONE_NUMBER]"),
        ("tel_13812345678", "tel_[PHONE_NUMBER]"),
        ("call _415-555-0123_", "call _[PHONE_NUMBER]_"),
    ],
)
def test_a_number_may_follow_its_word_without_a_blank(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "number",
    [
        "010-62345678-801",
        "0755-88888888-8001",
        "(021) 62345678-12",
        "+86-10-62345678-801",
        "+86-0755-88888888",
        "+86 0755 8888 8888",
        "010-62345678，转801",
    ],
)
def test_a_chinese_landline_is_found_whole(number: str) -> None:
    assert mask(f"请打{number}，谢谢").text == "请打[PHONE_NUMBER]，谢谢"


@pytest.mark.parametrize(
    "text",
    [
        "mon numéro est le {}",
        "meine neue Nr: {}",
        "Call me back! {}.",
        "请让快递员打{}",
        "The driver should text {} when he is near",
        "mi whatsapp es {}, cc: none",
        "{} is my number. Order 61234567",
        "Order 1234567. Kind regards, Ann, {}",
    ],
)
def test_a_bare_number_is_found_by_what_is_said_of_it(text: str) -> None:
    assert mask(text.format("61239876")).text == text.format("[PHONE_NUMBER]")


@pytest.mark.parametrize(
    "number",
    [
        "+1−740−328−2876",
        "(02)2847-7879分機065",
        "9812345670",
        "89161234567",
        "(11) 9 2540-9812",
        "415·555·2671",
    ],
)
def test_signs_and_mobiles_of_other_countries(number: str) -> None:
    assert mask(f"hello, {number}, thanks").text == "hello, [PHONE_NUMBER], thanks"


@pytest.mark.parametrize(
    "text",
    [
        "UPS 1Z 536 067 64 7369 412 0",
        "DHL 30 0041 1742 8822",
        "colis 9400 1385 0616 0745 6826 36",
        "Art.-Nr. 118-337-39",
        "numéro de client 7574209901",
        "Meine Kundennr. ist 0663817690",
        "Track & trace: 0896-8889-2627",
        "客户编号10000724。电话见下",
        "the app 08.5.6659.39 calls home",
        "Since 2019/20 nobody answers the phone",
        "条形码9789829175175，电话打不通",
        "It cost $ 864 541 719 to call",
        "退款1315023元，请打电话",
        "order-13812345678",
        "order13812345678",
        "Order No.9876543210",
        "call_id-4155550123",
        "hotel13812345678",
        "PH-1234567 and TEL1234567 are articles",
        "订单号010-62345678-801",
        "100-62345678-801",
        "2024-62345678-8001",
        "2026-374197",
        "20261124-7592",
        "my phone bill of 2026-11-02: 3358.99 EUR",
        "from 11/17/26-11/29/26",
        "10 - 12 - 14 - 16",
        "lotto 04 12 23 34 45 49",
        "0-306-99777-4",
        "2-8097-5134-X",
        "size 0549-62-0753",
        "GTIN 0010824401849",
        "open 0900-1730",
        "pH 7.35-7.45",
        "2026/03/04-2026/03/18",
        "10-20-30-40-50",
        "call 000000000",
    ],
)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert mask(text).text == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("06 12 34 56 78 / 07 11 22 33 44", "[PHONE_NUMBER] / [PHONE_NUMBER]"),
        ("0171 2345678 / +49 172 3456789", "[PHONE_NUMBER] / [PHONE_NUMBER]"),
        ("089 / 12 34 56 78", "[PHONE_NUMBER]"),
        ("0664 / 12 34 567", "[PHONE_NUMBER]"),
        ("021-4420484 / 9893606621", "[PHONE_NUMBER] / [PHONE_NUMBER]"),
        ("+45 13028638 / 620 767 643", "[PHONE_NUMBER] / [PHONE_NUMBER]"),
    ],
)
def test_a_slash_parts_two_numbers_or_belongs_to_one(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize("number", ["415-555-2671 #204", "(415) 555-2671 #12", "1 3 8 1 2 3 4 5 6 7 8"])
def test_a_number_is_found_to_its_end(number: str) -> None:
    assert mask(f"call {number}, please").text == "call [PHONE_NUMBER], please"


@pytest.mark.parametrize("number", ["+41 79 501 42 17", "+41 (0)79 501 42 17"])
def test_brackets_around_a_number_are_not_its_own(number: str) -> None:
    assert mask(f"call Jo ({number}) now").text == "call Jo ([PHONE_NUMBER]) now"


@pytest.mark.parametrize(
    "name",
    [
        "Vertragsnummer",
        "klantnummer",
        "AWB",
        "S/N:",
        "numéro de série",
        "договор",
        "운송장번호",
        "製造番号",
        "荷物番号",
        "mã vận đơn",
        "csomagszám",
        "序列号",
    ],
)
@pytest.mark.parametrize("number", ["6858016353", "0662 710 390", "020-48112042"])
def test_what_has_another_name_stays(name: str, number: str) -> None:
    assert mask(f"{name} {number}").spans == ()


@pytest.mark.parametrize(
    "name",
    [
        "Kontaktnummer",
        "Meine Telefonnummer ist",
        "Faxnummern:",
        "contactnummer",
        "連絡先:",
        "☎",
        "📞",
        "nomor HP",
    ],
)
def test_what_is_called_a_telephone_is_masked(name: str) -> None:
    assert mask(f"{name} 5984 8130").text == f"{name} [PHONE_NUMBER]"
