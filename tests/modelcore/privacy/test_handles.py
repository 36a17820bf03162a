"""Names in messengers, right after the messenger's own."""

import pytest

from modelcore.privacy import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我的微信号是 lilei_2020", "我的微信号是 [CHAT_ID]"),
        ("微信：lilei2020，加我", "微信：[CHAT_ID]，加我"),
        ("微信号码：tomlee", "微信号码：[CHAT_ID]"),
        ("my WeChat ID is tom_lee88.", "my WeChat ID is [CHAT_ID]."),
        ("加我QQ 123456789", "加我QQ [CHAT_ID]"),
        ("QQ号：1234567890", "QQ号：[CHAT_ID]"),
        ("QQ:87654321@qq.com", "QQ:[EMAIL_ADDRESS]"),
        ("加微信13812345678", "加微信[PHONE_NUMBER]"),
    ],
)
def test_a_name_in_a_messenger_is_masked(text: str, masked: str) -> None:
    assert mask(text).text == masked
    assert mask(masked).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "wechat payment failed",
        "微信支付2024年失败",
        "微信 android8 崩溃",
        "微信版本8.0.45",
        "QQ登录失败 错误码 10001",
        "QQ音乐会员",
    ],
)
def test_what_else_is_said_of_a_messenger_stays(text: str) -> None:
    assert mask(text).text == text
