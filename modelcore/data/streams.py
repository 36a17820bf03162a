"""Texts that come one a line through a pipe, which may stay open."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import BinaryIO

from modelcore.data.tables import check_text, skip
from modelcore.errors import InputError, UnknownEncodingError


def read_lines(
    stream: BinaryIO, *, encoding: str | None = None, on_blank: Callable[[int], None] = skip
) -> Iterator[str]:
    """Read a text as soon as its line has come.

    Args:
        stream: lines of bytes that end with a line feed, or a carriage return and one.
        encoding: a Python codec name in which a line feed is one byte; None is UTF-8.
        on_blank: called with the 1-based number of each blank line, left out.

    Returns:
        Every other line without its end; without a byte-order mark.

    Raises:
        InputError: a line that is not in this encoding, or damaged; the sentence names it.
    """
    for number, line in enumerate(stream, start=1):
        try:
            text = line.decode(encoding or "utf-8")
        except UnicodeDecodeError as error:
            raise UnknownEncodingError(
                "Line {number} of the input is not {encoding}: convert it to UTF-8.",
                number=number,
                encoding=encoding or "UTF-8",
            ) from error
        # Some codecs, such as `undefined`, read nothing at all.
        except (LookupError, UnicodeError) as error:
            raise InputError(
                "The encoding {encoding!r} is not known: try utf-8, latin-1 or gb18030.", encoding=encoding
            ) from error
        text = text.removeprefix("\ufeff") if number == 1 else text
        if text.strip():
            yield check_text(number, "text", text.rstrip("\r\n"))
        else:
            on_blank(number)


def in_batches(texts: Iterable[str], *, size: int) -> Iterator[list[str]]:
    """The texts in lists of `size`, of which the last may be shorter."""
    remaining = iter(texts)
    while batch := list(islice(remaining, size)):
        yield batch
