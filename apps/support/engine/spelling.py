"""Names of placeholders and skills, spelled alike however people write them."""

import re
import unicodedata

LONGEST = 64
_NOT_OF_A_NAME = re.compile(r"[\W_]+")


def name_of(text: str) -> str:
    """`Order Number` → `order_number`, `订单号` → itself; empty where there is no letter and no digit."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return _NOT_OF_A_NAME.sub("_", folded).strip("_")[:LONGEST].rstrip("_")
