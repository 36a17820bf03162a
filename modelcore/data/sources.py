"""A file of unknown make → its bytes within limits and how to decode them."""

import gzip
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

from modelcore.data.encodings import decide_encoding
from modelcore.errors import InputError

UNPACKED_LIMIT = 256 * 2**20  # bytes
RATIO_LIMIT = 200  # labelled text packs 3 to 20 times; a zip bomb about 1,000 times
RATIO_GRACE = 4 * 2**20  # bytes; below it even a bomb does no harm, and tiny files pack oddly
_CHUNK = 2**20
_LIMIT_TEXT = f"{UNPACKED_LIMIT // 2**20} MiB"

_FOREIGN_FORMATS = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word document"),
    (b"%PDF", "a PDF"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
)


@dataclass(frozen=True)
class Source:
    """One file, unpacked, as UTF-8; `suffix` lacks `.gz`, `encoding` is what the file was in."""

    name: str
    suffix: str
    payload: bytes
    encoding: str

    def lines(self) -> io.TextIOWrapper:
        """The text as a stream that leaves line ends as they are."""
        return io.TextIOWrapper(io.BytesIO(self.payload), encoding="utf-8", newline="")


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
            raise InputError(f"{path.name} is {description}, not text: save it as CSV in UTF-8.")
    if not payload.strip():
        raise InputError(f"{path.name} is empty: it needs at least a header and one row.")
    payload, encoding = decide_encoding(path.name, payload, encoding)
    return Source(path.name, suffixes[-1] if suffixes else "", payload, encoding)


def _read_bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise InputError(f"{path} is a folder: name one file.")
        if size > UNPACKED_LIMIT:
            raise InputError(f"{path.name} has {size:,} bytes, over the limit of {_LIMIT_TEXT}: split it.")
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        if packed:
            return _unpack(path, size)
        if path.suffix.lower() == ".gz":
            raise InputError(f"{path.name} ends in .gz but is not gzip: rename it or pack it again.")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}): check the path.") from error


def _unpack(path: Path, packed_size: int) -> bytes:
    unpacked = bytearray()
    try:
        with gzip.open(path) as file:
            while chunk := file.read(_CHUNK):
                unpacked += chunk
                if len(unpacked) > UNPACKED_LIMIT:
                    raise InputError(f"{path.name} unpacks to more than {_LIMIT_TEXT}: split it.")
                if len(unpacked) > RATIO_GRACE and len(unpacked) > RATIO_LIMIT * packed_size:
                    raise InputError(
                        f"{path.name} unpacks to more than {RATIO_LIMIT} times its size, as a zip bomb does: "
                        "send the file unpacked if it is meant."
                    )
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(f"{path.name} is a damaged or truncated gzip file: pack it again.") from error
    return bytes(unpacked)
