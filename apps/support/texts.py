def is_storable(text: str) -> bool:
    """PostgreSQL takes neither NUL nor halves of surrogate pairs, both of which JSON can spell."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
