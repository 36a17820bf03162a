import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelcore.data import normalise


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("  Where's   my CARD?! ", "where s my card"),
        ("Straße", "strasse"),
        ("ＡＢＣ１２３", "abc123"),
        ("e\u0301te\u0301", "été"),
        ("top\u00adup \u200bnow\ufeff", "topup now"),
        ("我的卡,在哪里?", "我的卡在哪里"),
        ("我的 card 呢", "我的 card 呢"),
        ("C++", "c++"),
        ("?!", "?!"),
        ("\u200b ?\ufeff", "?"),
        ("\u200b\u200d", ""),
        ("हिन्दी", "हिन्दी"),
    ],
)
def test_a_text_is_folded_to_its_key(text: str, key: str) -> None:
    assert normalise(text) == key


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_case_does_not_count(text: str) -> None:
    assert normalise(text.upper()) == normalise(text.lower())
