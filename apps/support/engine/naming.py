"""The name under which the model learns an intent, made of what people call it."""

import hashlib

from apps.support.engine.spelling import name_of
from modelcore.data.normal import normalise

LONGEST = 64


def intent_name(title: str) -> str:
    """`Where is my order?` → `where_is_my_order`; a title of other scripts gets a name of its digest."""
    name = name_of(title)[:LONGEST].strip("_")
    if name:
        return name
    return f"intent_{hashlib.sha256(normalise(title).encode()).hexdigest()[:10]}"
