"""A file of unknown make → its bytes within limits and how to decode them."""

import functools
import gzip
import io
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from modelcore.data.encodings import decide_encoding
from modelcore.errors import InputError
from modelcore.sentence import Sentence

UNPACKED_LIMIT = 256 * 2**20  # bytes
RATIO_LIMIT = 200  # labelled text packs 3 to 20 times; a zip bomb about 1,000 times
RATIO_GRACE = 4 * 2**20  # bytes; below it even a bomb does no harm, and tiny files pack oddly
ROW_LIMIT = 2_000_000  # a row costs time and memory whatever its length, and short ones pack well
_CHUNK = 2**20
_MARKS = re.compile(rb"(?m)^(?:\xef\xbb\xbf)+")  # each file has one at its start, and some were put together
_LIMIT_TEXT = f"{UNPACKED_LIMIT // 2**20} MiB"

P = ParamSpec("P")
Read = TypeVar("Read")

_FOREIGN_FORMATS = (
    (b"PK\x03\x04", Sentence("a ZIP archive or an Excel workbook")),
    (b"\xd0\xcf\x11\xe0", Sentence("an old Excel or Word document")),
    (b"%PDF", Sentence("a PDF")),
    (b"PAR1", Sentence("a Parquet file")),
    (b"SQLite format 3", Sentence("an SQLite database")),
    (b"\x89PNG", Sentence("a picture")),
    (b"\xff\xd8\xff", Sentence("a picture")),
    (b"BZh", Sentence("a bzip2 archive")),
    (b"\xfd7zXZ", Sentence("an xz archive")),
    (b"\x28\xb5\x2f\xfd", Sentence("a zstd archive")),
    (b"7z\xbc\xaf", Sentence("a 7-Zip archive")),
)


@dataclass(frozen=True)
class Source:
    """One file, unpacked, as UTF-8; `suffix` lacks `.gz`, `encoding` is what the file was in.

    `is_as_said`: the caller named the encoding; else it was told by the bytes.
    """

    name: str
    suffix: str
    payload: bytes
    encoding: str
    is_as_said: bool = False

    def lines(self) -> io.TextIOWrapper:
        """The text as a stream that leaves line ends as they are.

        Raises:
            InputError: over 2,000,000 lines.
        """
        refuse_too_many(self.name, max(self.payload.count(b"\n"), self.payload.count(b"\r")))
        return io.TextIOWrapper(io.BytesIO(self.payload), encoding="utf-8", newline="")


def name_the_file(
    read: Callable[Concatenate[str | Path, P], Read],
) -> Callable[Concatenate[str | Path, P], Read]:
    """Let every InputError of a reader say in which file the mistake is: a caller reads several."""

    @functools.wraps(read)
    def named(path: str | Path, /, *args: P.args, **kwargs: P.kwargs) -> Read:
        try:
            return read(path, *args, **kwargs)
        except InputError as error:
            if error.sentence.values.keys() & {"name", "path"}:
                raise
            raise InputError("{name}: {mistake}", name=Path(path).name, mistake=error.sentence) from error

    return named


def refuse_too_many(name: str, rows: int) -> None:
    """Raise InputError where a file has more rows than anything here is made for."""
    if rows > ROW_LIMIT:
        raise InputError(
            "{name} has {rows:,} lines or rows, over the limit of {limit:,}: take a sample of them.",
            name=name,
            rows=rows,
            limit=ROW_LIMIT,
        )


def read_source(path: str | Path, *, encoding: str | None = None) -> Source:
    """Read a file, unpack gz in bounded memory and tell its encoding.

    Args:
        path: a file of at most 256 MiB unpacked; gz is told by its content, not only by its name.
        encoding: a Python codec name, or None to tell it (UTF-8, else latin-1/cp1252, else GB18030).

    Returns:
        The text as UTF-8 without a byte-order mark, the codec that it was in, and the format's suffix.

    Raises:
        InputError: missing, empty, too large, a zip bomb, truncated, not text, or in an unknown encoding.
    """
    path = Path(path)
    payload = _read_bytes(path)
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    for magic, description in _FOREIGN_FORMATS:
        if payload.startswith(magic):
            raise InputError(
                "{name} is {description}, not text: save it as CSV in UTF-8.",
                name=path.name,
                description=description,
            )
    if not payload.strip():
        raise InputError("{name} is empty: it needs at least a header and one row.", name=path.name)
    payload, found = decide_encoding(path.name, payload, encoding)
    payload = _MARKS.sub(b"", payload)
    return Source(path.name, suffixes[-1] if suffixes else "", payload, found, encoding is not None)


def _read_bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise InputError("{path} is a folder: name one file.", path=path)
        if size > UNPACKED_LIMIT:
            raise InputError(
                "{name} has {size:,} bytes, over the limit of {limit}: split it.",
                name=path.name,
                size=size,
                limit=_LIMIT_TEXT,
            )
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        if packed:
            return _unpack(path, size)
        if path.suffix.lower() == ".gz":
            raise InputError(
                "{name} ends in .gz but is not gzip: rename it or pack it again.", name=path.name
            )
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            "{path} cannot be read ({cause}): check the path.", path=path, cause=error.strerror or error
        ) from error


def _unpack(path: Path, packed_size: int) -> bytes:
    unpacked = bytearray()
    try:
        with gzip.open(path) as file:
            while chunk := file.read(_CHUNK):
                unpacked += chunk
                if len(unpacked) > UNPACKED_LIMIT:
                    raise InputError(
                        "{name} unpacks to more than {limit}: split it.",
                        name=path.name,
                        limit=_LIMIT_TEXT,
                    )
                if len(unpacked) > RATIO_GRACE and len(unpacked) > RATIO_LIMIT * packed_size:
                    raise InputError(
                        "{name} unpacks to more than {ratio} times its size, as a zip bomb does: send "
                        "the file unpacked if it is meant.",
                        name=path.name,
                        ratio=RATIO_LIMIT,
                    )
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(
            "{name} is a damaged or truncated gzip file: pack it again.", name=path.name
        ) from error
    return bytes(unpacked)
