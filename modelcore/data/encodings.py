"""How a file's bytes become text: UTF-8, or what else it must be, or a sentence why not."""

import codecs
import re

from modelcore.data.code_pages import WESTERN, find_code_page
from modelcore.errors import InputError, UnknownEncodingError
from modelcore.sentence import Sentence

_SAMPLE = 2**20
_CONTROL = re.compile(rb"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_HIGH = re.compile(rb"[\x80-\xff]+")
_ONLY_CP1252 = re.compile(rb"[\x80-\x9f]")
_NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# Quotes, dashes and the few letters that cp1252 has there; other bytes of this range speak of another codec.
_UNLIKELY_CP1252 = re.compile(rb"[\x81-\x84\x86-\x89\x8b\x8d\x8f\x90\x98\x9b\x9d]")
_CHINESE = re.compile("[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef\u2010-\u2027]")
# The characters that running Chinese uses most (after Jun Da's frequency list): Korean bytes read as GB 18030
# give Chinese characters as well, but rarely these.
_FREQUENT_CHINESE = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所"
    "然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日公司问请您什"
)
_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as the next
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decide_encoding(name: str, payload: bytes, encoding: str | None) -> tuple[bytes, str]:
    """Tell which codec turns the bytes into text, and turn them into UTF-8.

    A byte-order mark says what follows. Bytes that are valid UTF-8 are UTF-8, even where they spell mojibake
    (the profile reports that). Otherwise runs of Hanzi make GB18030, and what no other code page reads better
    than that of Western Europe latin-1 (cp1252 if its quotes or dashes occur).

    Args:
        name: the file's name, for the sentence.
        payload: the whole file.
        encoding: what the caller said it is, or None.

    Returns:
        The text as UTF-8 without a byte-order mark, and the name of the codec that the file was in.

    Raises:
        InputError: not decodable as said or marked, UTF-16 without a mark, binary, or a legacy encoding that
            cannot be told.
    """
    if encoding is not None:
        return _as_told(name, payload, encoding), encoding
    marked = next((codec for mark, codec in _WIDE_MARKS if payload.startswith(mark)), None)
    if marked is not None:
        text = _as_marked(name, payload, marked)
        _refuse_binary(name, text)
        return text, marked
    if payload.startswith(codecs.BOM_UTF8):
        payload = payload[len(codecs.BOM_UTF8) :]
    else:
        _refuse_wide(name, payload)
    _refuse_binary(name, payload)
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError as error:
        legacy = _legacy(name, payload, error)
        return payload.decode(legacy).encode("utf-8"), legacy
    return payload, "utf-8"


def _as_told(name: str, payload: bytes, encoding: str) -> bytes:
    try:
        return payload.decode(encoding).removeprefix("\ufeff").encode("utf-8")
    except LookupError as error:
        raise InputError(
            "The encoding {encoding!r} is not known: try utf-8, latin-1 or gb18030.", encoding=encoding
        ) from error
    except ValueError as error:
        line = _line_of(payload, error.start) if isinstance(error, UnicodeDecodeError) else 1
        raise InputError(
            "{name} is not {encoding}: line {line} holds bytes that it does not have. Save the "
            "file as UTF-8, or leave the encoding out.",
            name=name,
            encoding=encoding,
            line=line,
        ) from error


def _as_marked(name: str, payload: bytes, encoding: str) -> bytes:
    try:
        return payload.decode(encoding).encode("utf-8")
    except UnicodeError as error:
        raise InputError(
            "{name} begins as {encoding} does, but does not go on like that: save it as UTF-8.",
            name=name,
            encoding=encoding,
        ) from error


def _refuse_wide(name: str, payload: bytes) -> None:
    sample = payload[:4096]
    # Latin letters in UTF-16 leave a NUL in every second place.
    zeros = max(sample[0::2].count(0), sample[1::2].count(0)) / max(len(sample) // 2, 1)
    if len(sample) >= 4 and zeros > 0.4:
        raise InputError("{name} looks like UTF-16, not UTF-8: save it as UTF-8.", name=name)


def _refuse_binary(name: str, payload: bytes) -> None:
    sample = payload[:_SAMPLE]
    controls = len(_CONTROL.findall(sample))
    if controls > 2 and controls > 0.01 * len(sample):
        if _is_wide_chinese(sample[: len(sample) // 2 * 2]):
            raise InputError("{name} looks like UTF-16, not UTF-8: save it as UTF-8.", name=name)
        raise InputError(
            "{name} is not text but binary data: save it as CSV or JSON lines in UTF-8.", name=name
        )


def _is_wide_chinese(sample: bytes) -> bool:
    for codec in ("utf-16-le", "utf-16-be"):
        text = sample.decode(codec, "replace")
        # Every pair of bytes is some character, and in the wrong order hardly any of these.
        if sum(1 for one in text if one.isascii() or _CHINESE.match(one)) > 0.9 * len(text):
            return True
    return False


def _legacy(name: str, payload: bytes, error: UnicodeDecodeError) -> str:
    line = _line_of(payload, error.start)
    repaired = payload.decode("utf-8", "replace")
    wrong = repaired.count("\ufffd")
    right = sum(1 for character in repaired if character > "\x7f" and character != "\ufffd")
    if right > 2 * wrong:
        raise InputError(
            "{name} is UTF-8 except for {characters:,} broken characters, the first on line {line}: "
            "correct them, or save the file again as UTF-8.",
            name=name,
            characters=wrong,
            line=line,
        )
    runs = _HIGH.findall(payload)
    unlikely = len(_UNLIKELY_CP1252.findall(payload))
    are_single = sum(len(run) == 1 for run in runs) >= 0.6 * len(runs)
    if not are_single and _is_chinese(payload):
        return "gb18030"
    page = find_code_page(payload)
    is_likely = page is None and are_single and unlikely <= 0.2 * sum(map(len, runs))
    if (page == WESTERN or is_likely) and not _NOT_CP1252.search(payload):
        return "cp1252" if _ONLY_CP1252.search(payload) else "latin-1"
    raise UnknownEncodingError(
        "{name} is not UTF-8 (line {line} shows it first) and {guess}: save it as UTF-8.",
        name=name,
        line=line,
        guess=_guess(payload, page),
    )


def _is_chinese(payload: bytes) -> bool:
    try:
        text = payload.decode("gb18030")
    except UnicodeDecodeError:
        return False
    wide = [character for character in text if character > "\x7f"]
    high = sum(len(run) for run in _HIGH.findall(payload))
    chinese = sum(1 for character in wide if _CHINESE.match(character))
    frequent = sum(1 for character in wide if character in _FREQUENT_CHINESE)
    # GB 2312 characters, nearly all that people write, take two high bytes each.
    return high >= 1.8 * len(wide) and chinese >= 0.95 * len(wide) and frequent >= 0.1 * len(wide)


def _guess(payload: bytes, page: str | None) -> Sentence:
    from charset_normalizer import from_bytes

    if page is not None and page != WESTERN:
        return Sentence("looks like {encoding}", encoding=page)
    best = from_bytes(payload[:_SAMPLE]).best()
    if best is None:
        return Sentence("its encoding cannot be told")
    return Sentence("looks like {encoding}", encoding=best.encoding)


def _line_of(payload: bytes, offset: int) -> int:
    return payload.count(b"\n", 0, offset) + 1
