"""Names of placeholders and skills, and codes of languages, spelled alike however people write them."""

import re
import unicodedata

from apps.support.engine.placeholders import CHINESE

LONGEST = 64
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
LONGEST_LANGUAGE = 16
# As browsers, phones and people name what conversations and answers have as zh-hans.
_SIMPLIFIED = frozenset({"zh", "zh-cn", "zh-sg", "zh-hans-cn", "zh-hans-sg"})
_NOT_OF_A_NAME = re.compile(r"[\W_]+")


def name_of(text: str) -> str:
    """`Order Number` → `order_number`, `订单号` → itself; empty where there is no letter and no digit."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return _NOT_OF_A_NAME.sub("_", folded).strip("_")[:LONGEST].rstrip("_")


def language_of(text: str) -> str:
    """`zh_CN` → `zh-hans`, `EN` → `en`; empty where it is no code of a language."""
    code = unicodedata.normalize("NFKC", text).strip().lower().replace("_", "-")
    if code in _SIMPLIFIED:
        return CHINESE
    return code if len(code) <= LONGEST_LANGUAGE and _LANGUAGE.fullmatch(code) else ""
