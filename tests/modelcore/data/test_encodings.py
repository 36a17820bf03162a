import codecs

import pytest

from modelcore.data import profile, read_labelled
from modelcore.errors import InputError
from tests.modelcore.data.conftest import Write

GERMAN = "text,label\nDie Straße ist schön,lob\nDas Café öffnet spät,klage\n"
CHINESE = "text,label\n您好,退款\n" + "我的银行卡还没有收到。请问怎么取消订单?,卡片\n"


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_utf_8_is_read_with_and_without_its_mark(write: Write, mark: bytes) -> None:
    data = read_labelled(write("a.csv", mark + GERMAN.encode()))
    assert (data.texts[0], data.encoding) == ("Die Straße ist schön", "utf-8")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(GERMAN, "latin-1"), (GERMAN.replace("Das", "„Das“ –"), "cp1252"), (CHINESE, "gb18030")],
)
def test_a_legacy_encoding_is_told_and_named(write: Write, text: str, encoding: str) -> None:
    data = read_labelled(write("a.csv", text.encode(encoding)))
    assert data.encoding == encoding
    assert data.texts == read_labelled(write("b.csv", text)).texts
    assert any("not UTF-8" in warning for warning in profile(data).warnings)


def test_mojibake_is_kept_but_reported_with_its_repair(write: Write) -> None:
    garbled = "Die Straße ist schön".encode().decode("latin-1")
    data = read_labelled(write("a.csv", f"text,label\nall fine,x\n{garbled},y\n"))
    found = profile(data)
    assert data.texts[1] == garbled
    assert (found.mojibake[0].row, found.mojibake[0].suggestion) == (3, "Die Straße ist schön")
    assert any("garbled" in warning and "row 3" in warning for warning in found.warnings)


def test_true_accents_are_no_mojibake(write: Write) -> None:
    assert profile(read_labelled(write("a.csv", GERMAN.encode("latin-1")))).mojibake_count == 0


def test_lost_characters_are_reported(write: Write) -> None:
    found = profile(read_labelled(write("a.csv", "text,label\nSepp\ufffdl\ufffd,x\nfine,y\n")))
    assert found.replacement_character_count == 1


@pytest.mark.parametrize("order", ["le", "be"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_wide_encoding_is_told_by_its_mark(write: Write, encoding: str, order: str) -> None:
    marked = f"\ufeff{GERMAN}".encode(f"{encoding}-{order}")
    data = read_labelled(write("a.csv", marked))
    assert (data.texts[0], data.encoding) == ("Die Straße ist schön", encoding)


@pytest.mark.parametrize(
    "content",
    [codecs.BOM_UTF16_LE + GERMAN.encode("utf-16-le")[:-1], codecs.BOM_UTF32_BE + b"\x11\0\0\0" * 9],
)
def test_a_mark_that_promises_too_much_gets_a_sentence(write: Write, content: bytes) -> None:
    with pytest.raises(InputError, match=r"begins as utf-(16|32) does, .*save it as UTF-8"):
        read_labelled(write("a.csv", content))


def test_binary_data_behind_a_mark_get_a_sentence(write: Write) -> None:
    with pytest.raises(InputError, match="binary data"):
        read_labelled(write("a.csv", "".join(map(chr, range(1, 99))).encode("utf-16") * 10))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_encodings_without_a_mark_get_a_sentence(write: Write, encoding: str) -> None:
    with pytest.raises(InputError, match=r"UTF-16.*save it as UTF-8"):
        read_labelled(write("a.csv", GERMAN.encode(encoding)))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_chinese_without_a_mark_is_told_from_binary_data(write: Write, encoding: str) -> None:
    with pytest.raises(InputError, match=r"looks like UTF-16"):
        read_labelled(write("a.csv", (CHINESE * 20).encode(encoding)))


def test_wide_encodings_are_read_when_named(write: Write) -> None:
    data = read_labelled(write("a.csv", GERMAN.encode("utf-16")), encoding="utf-16")
    assert data.texts[0] == "Die Straße ist schön"


def test_binary_data_get_a_sentence(write: Write) -> None:
    with pytest.raises(InputError, match="binary data"):
        read_labelled(write("a.csv", bytes(range(1, 256)) * 10))


def test_utf_8_with_a_broken_character_names_the_line(write: Write) -> None:
    content = GERMAN.encode() * 3 + b"caf\xe9,x\n"
    with pytest.raises(InputError, match="UTF-8 except for 1 broken characters, the first on line 10"):
        read_labelled(write("a.csv", content))


@pytest.mark.parametrize("encoding", ["cp1251", "shift_jis", "euc_kr"])
def test_other_encodings_are_not_guessed_at(write: Write, encoding: str) -> None:
    words = {
        "cp1251": "Моя карта ещё не пришла",
        "shift_jis": "カードはまだ届いていません",
        "euc_kr": "카드가 아직",
    }
    content = f"text,label\n{words[encoding]},x\n{words[encoding]},y\n".encode(encoding)
    with pytest.raises(InputError, match="not UTF-8"):
        read_labelled(write("a.csv", content))


def test_a_wrong_or_unknown_encoding_gets_a_sentence(write: Write) -> None:
    path = write("a.csv", GERMAN.encode("latin-1"))
    with pytest.raises(InputError, match="is not utf-8: line 2"):
        read_labelled(path, encoding="utf-8")
    with pytest.raises(InputError, match="'klingon' is not known"):
        read_labelled(path, encoding="klingon")


def test_a_wrongly_named_encoding_is_doubted_where_a_column_is_missing(write: Write) -> None:
    with pytest.raises(InputError, match=r"read as utf-16-le, names: .*or the encoding that the file is in"):
        read_labelled(write("a.csv", "text,label\none,xy\n"), encoding="utf-16-le")
