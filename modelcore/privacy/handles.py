"""Names in the messengers that customers in China are reached by: WeChat ids and QQ numbers."""

import re
from collections.abc import Iterator

from modelcore.data import Span
from modelcore.privacy.hints import HIDDEN

_NUMBER = r"(?:[号號][码碼]?| ?(?:id|number|no\.?)(?![a-z]))"
_IS = r" ?(?:是|为|為|叫|is(?![a-z])|[:：=])? {0,2}"
# Not beside what is hidden: else each of many in a row would be found in a round of its own.
_END = rf"(?![\w@{HIDDEN}-]|\.\w)"
# Of a WeChat id 6 to 20 signs, the first a letter. A plain word after the messenger's name is seldom one.
_WECHAT = re.compile(
    r"(?:微信|薇信|(?<![a-z])(?:we ?chat|weixin|wx|vx))"
    rf"(?:{_NUMBER}?{_IS}(?=[a-z_-]*[\d_])|[号號][码碼]?{_IS})"
    rf"(?!android|iphone|windows)([a-z][\w-]{{5,19}}){_END}",
    re.IGNORECASE | re.ASCII,
)
_QQ = re.compile(
    rf"(?:扣扣|企鹅|(?<![a-z])qq){_NUMBER}?{_IS}([1-9]\d{{4,10}}){_END}", re.IGNORECASE | re.ASCII
)


def find_handles(text: str) -> Iterator[Span]:
    """Find WeChat ids and QQ numbers right after the name of the messenger.

    Args:
        text: folded.

    Yields:
        Spans CHAT_ID; of each messenger in order.
    """
    for pattern in (_WECHAT, _QQ):
        for match in pattern.finditer(text):
            yield Span(match.start(1), match.end(1), "CHAT_ID")
