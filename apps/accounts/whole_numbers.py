"""Numbers in what browsers and programs send."""

FIT_A_COLUMN = 18


def whole_number(text: str, *, digits: int = FIT_A_COLUMN) -> int | None:
    """The number that a text is; None for any other text.

    Args:
        digits: the most that it may have, which also keeps int() off texts without end.
            Those of other scripts and superscripts don't count as any.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
