"""Ids whose form or word was hard to see."""

import re

import pytest
from stdnum.cn import ric

from modelcore.privacy import mask
from modelcore.privacy.id_kinds import kinds_of_shape, shape_of


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("my PAN card is ZCJPO6968U", "my PAN card is [IN_PAN]"),
        ("Thai ID: 3208081547366", "Thai ID: [TH_ID]"),
        ("citizen ID 3 7851 50476 31 3", "citizen ID [TH_ID]"),
        ("personnummer 198510139499", "personnummer [SE_PERSON_ID]"),
        ("tax ID 80 573 542 967", "tax ID [DE_TAX_ID]"),
        ("BSN: 374 200 324", "BSN: [NL_BSN]"),
        ("AHV-Nummer 756 6547 9844 92", "AHV-Nummer [CH_AHV]"),
        ("my My Number is 5420-5547-1433", "my My Number is [JP_MY_NUMBER]"),
        ("我的NI number是NB 938283 D。客户编号798696512", "我的NI number是[UK_NINO]。客户编号798696512"),
        ("social insurance number 256310715", "social insurance number [CA_SIN]"),
        ("They asked for the OIB; it is 42633392552", "They asked for the OIB; it is [HR_OIB]"),
        ("personnr 7306161188", "personnr [SE_PERSON_ID]"),
        ("codice fiscale QST IMY 85H21 H766U", "codice fiscale [IT_FISCAL_CODE]"),
        ("SVNR 1237 010180", "SVNR [AT_SVNR]"),
        ("CUIT 20055361682", "CUIT [AR_CUIT]"),
        ("RFC GODE561231GR8", "RFC [MX_RFC]"),
        ("주민등록번호 9710131019901", "주민등록번호 [KR_RRN]"),
        ("CI 1714307103", "CI [EC_CEDULA]"),
        ("cédula 00113918205", "cédula [DO_CEDULA]"),
        ("NIT 213123432-1", "NIT [CO_NIT]"),
        ("ИНН 7707083893", "ИНН [RU_INN]"),
        ("RUT 125319092", "RUT [CL_RUT]"),
        ("teudat zehut 393739040", "teudat zehut [IL_ID]"),
        ("身份证310 115 1993 1214 4737", "身份证[CN_RESIDENT_ID]"),
        ("34810050411 (isikukood)\ncódigo 80-048-6427", "[EE_LT_PERSON_ID] (isikukood)\ncódigo 80-048-6427"),
    ],
)
def test_an_id_is_found_by_its_word(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "My id is {}.",
        "ID number: {}",
        "my national id {} was refused, order 4471",
        "Meine Ausweisnummer lautet {}",
        "mi documento de identidad {}",
        "我的证件号码是{}",
        "Passport: {} expires 2027-05-01",
        "我的护照号是{}",
        "my driver's licence {} was refused",
    ],
)
@pytest.mark.parametrize("number", ["64081454229", "432 566 438", "740.222.818-56", "269924-11", "ZZ954220T"])
def test_whatever_is_called_an_id_is_masked(text: str, number: str) -> None:
    assert mask(text.format(number)).text == text.format("[ID_NUMBER]")


@pytest.mark.parametrize(
    "text",
    [
        "order id number 88213177",
        "the transaction id number is 9918827365",
        "my id card expires 2027-05-01, sent on 12.05.2024",
        "I sent my tax id on 06/12/1973",
        "my id card for order 88213177",
        "I show my passport when I collect order number 88213177",
        "my id is 4471",
        "my passport for flight LH12345",
        "Personalausweis: see article A12B34C5",
    ],
)
def test_what_is_not_called_an_id_or_is_a_date_stays(text: str) -> None:
    assert mask(text).text == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("NISS 80 09 04 378 81", "NISS [BE_NN]"),
        ("PESEL: 840122 34617", "PESEL: [PL_PESEL]"),
        ("身份证 500112.19620710.6993", "身份证 [CN_RESIDENT_ID]"),
        ("DNI 64 263 751 A", "DNI [ES_DNI]"),
        ("rodné číslo 780304 / 2445", "rodné číslo [CZ_SK_RC]"),
        ("TFN 467-473-552, order 467-473-552-1", "TFN [AU_TFN], order 467-473-552-1"),
    ],
)
def test_beside_its_name_an_id_may_be_grouped_as_people_like(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize("text", ["840122 34617", "PESEL sent, lot 840122 34617", "lot 500112.19620710.6993"])
def test_without_its_name_unusual_groups_are_no_id(text: str) -> None:
    assert mask(text).spans == ()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("CPR 240584-5807", "CPR [DK_CPR]"),
        ("kennitala 201053-7229", "kennitala [IS_KENNITALA]"),
        ("РНОКПП 6774431366", "РНОКПП [UA_RNTRC]"),
        ("ΑΦΜ 681033707", "ΑΦΜ [GR_AFM]"),
        ("CNIC 35202-1234567-1", "CNIC [PK_CNIC]"),
        ("MyKad 900101-14-5678", "MyKad [MY_NRIC]"),
        ("NIK 3174012501900001", "NIK [ID_NIK]"),
    ],
)
def test_other_states_ids_are_found_by_their_names(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize("name", ["ID:", "id", "ID number"])
def test_right_check_digits_say_more_than_the_word_id(name: str) -> None:
    assert mask(f"{name} 2106959500088").text == f"{name} [SI_EMSO]"
    assert mask(f"order {name} 2106959500088").spans == ()


def test_without_brackets_an_id_of_hong_kong_may_be_an_order() -> None:
    assert mask("HKID A1234563, order A1234563").text == "HKID [HK_ID], order A1234563"
    assert mask("A123456(3)").text == "[HK_ID]"


def test_a_telephone_number_beside_a_licence_is_none_of_it() -> None:
    assert mask("my driving licence, phone 0171 2345678").text == "my driving licence, phone [PHONE_NUMBER]"


def test_a_state_s_own_id_keeps_its_name() -> None:
    assert mask("my id 740.222.818-56, CPF 529.982.247-25").text == "my id [ID_NUMBER], CPF [BR_CPF]"


@pytest.mark.parametrize(
    "text",
    [
        "CPF 529.982.247-26",
        "mi DNI es 12345678A",
        "PESEL: 44051401358",
        "NRIC S1234567A",
        "HKID A123456(4)",
        "my BSN is 123456789, thanks",
        "codice fiscale RSSMRA85T10A562X",
        "numéro de sécu 1 85 12 75 108 123 45",
        "123456789 is my BSN",
    ],
)
def test_what_a_state_s_own_word_names_is_masked_if_it_is_mistyped(text: str) -> None:
    assert re.fullmatch(r"\D*\[ID_NUMBER\]\D*", mask(text).text)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Personalausweis", "L01X00T471"),
        ("carta d'identità", "CA12345AB"),
        ("carte d'identité", "D2H6862M2"),
        ("my driving licence is", "MORGA657054SM9IJ"),
        ("港澳通行证", "C12345678"),
        ("社保卡号", "123456789"),
    ],
)
def test_letters_and_digits_may_be_mixed_in_what_is_called_an_id(name: str, number: str) -> None:
    assert mask(f"{name} {number}, ok").text == f"{name} [ID_NUMBER], ok"


@pytest.mark.parametrize(
    "text", ["run 5 miles, 123456789 steps", "commande ci-dessous 1234567890", "my BSN for order 123456789"]
)
def test_a_word_that_does_not_stand_beside_it_says_too_little_of_a_mistyped_one(text: str) -> None:
    assert mask(text).text == text


def test_a_part_of_a_uuid_is_no_id() -> None:
    assert mask("error f3327716-8499-2baf-3eb6-46a6dbe3db6a").spans == ()


@pytest.mark.parametrize("text", ["timestamp 1768462399", "ISBN-10: 4179242117"])
def test_ten_digits_that_pass_the_check_of_the_nhs_may_be_others(text: str) -> None:
    assert mask(text).spans == ()


def test_the_shape_of_a_number_tells_which_kinds_it_can_be() -> None:
    shape = shape_of("ñ&x 123-45-6789 号")
    assert shape == "NNA 999-99-9999 ?"
    kinds = {kind.label for _, kind in kinds_of_shape("999-99-9999")}
    assert kinds == {"US_SSN", "US_ITIN", "BANK_ACCOUNT", "ID_NUMBER"}


@pytest.mark.parametrize(("year", "is_masked"), [("1890", True), ("2010", True), ("2150", False)])
def test_nobody_with_a_resident_id_was_born_in_another_century(year: str, is_masked: bool) -> None:
    number = f"110101{year}0101001"
    number += ric.calc_check_digit(number + "?")  # reads all but the last
    assert bool(mask(number).spans) is is_masked
