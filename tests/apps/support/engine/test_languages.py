import pytest

from apps.support.engine.languages import language_of, language_told, language_written

CHINESE = """
我的订单到哪了
OK谢谢
order 在哪
我的 iPhone 15 Pro Max case 坏了
Nova X2 Pro Max Ultra 坏了
页面显示 your order has been shipped，但是我没收到
""".strip().splitlines()
OF_THE_PAGE = """
How can I pay?
cancel my order
Where is my order? I am 王伟
My name is 王小明
Where is my 极光台灯?
Où est ma commande ?
""".strip().splitlines()
NONE = """
12345
AB-48213
No. 12345
👍
ok
I'm 王伟
mara@shop.example.com
[EMAIL_ADDRESS] [PHONE_NUMBER] [PERSON]
https://shop.example/a/b/c
""".strip().splitlines()


@pytest.mark.parametrize("text", CHINESE)
def test_english_words_leave_a_message_chinese(text: str) -> None:
    assert language_told(text, "en") == "zh-hans"


@pytest.mark.parametrize("text", OF_THE_PAGE)
def test_a_chinese_name_makes_no_message_chinese(text: str) -> None:
    assert language_told(text, "fr") == "fr"


@pytest.mark.parametrize("text", NONE)
def test_numbers_names_and_thumbs_tell_no_language(text: str) -> None:
    assert language_told(text, "en") == ""


def test_a_chinese_name_makes_no_english_answer_chinese() -> None:
    assert language_written("Hi, your order is packed by 王伟 and on its way to you.", "en") == "en"
    assert language_written("您好，您的订单已发货。", "en") == "zh-hans"
    assert language_written("Your parcel is on its way.", "zh-hans") == "en"


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
