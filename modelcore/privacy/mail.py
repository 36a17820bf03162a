"""E-mail addresses, also in other scripts and with their signs written out in brackets."""

import re
from collections.abc import Iterator

from modelcore.data import Span

# Scripts that put a blank or a sign between words; Chinese and Japanese words would run into the address.
_LETTER = r"A-Za-z0-9\u00c0-\u024f\u0370-\u1fff"
_HAN = r"\u3041-\u30ff\u3400-\u9fff"
_LOCAL = re.compile(rf"(?:[{_LETTER}._%+'~&#!$*^-]+|\"[^\"\n]{{1,62}}\")\Z")
_HAN_LOCAL = re.compile(rf"[{_HAN}{_LETTER}._-]+\Z")
_LOCAL_LENGTH = 64
_LABEL = rf"[{_LETTER}](?:[{_LETTER}-]{{0,61}}[{_LETTER}])?"
_COMMON_ENDS = "com|net|org|info|edu|gov|io|co|uk|eu|de|at|ch|fr|es|it|nl|be|pl|cn|hk|tw|jp|ru|br|mx|me"
_COMMON_END = re.compile(rf"\.(?:{_COMMON_ENDS})\Z", re.IGNORECASE)
# Chinese keyboards write 。 for a dot; elsewhere it ends a sentence.
_STOP = rf"(?:\.|。(?=(?:[A-Za-z0-9-]{{1,63}}[.。]){{0,3}}(?:{_COMMON_ENDS})(?![{_LETTER}])))"
_HANGUL = r"\uac00-\ud7a3"
_HAN_ENDS = "中国|中國|公司|网络|網絡|香港|台湾|台灣|集团|在线|商城"
_DOMAIN = re.compile(
    rf"(?:{_LABEL}{_STOP}){{1,8}}(?:xn--[a-z0-9-]{{1,59}}|[A-Za-z\u00c0-\u024f\u0370-\u1fff]{{2,63}})"
    rf"|(?:[{_LETTER}{_HAN}{_HANGUL}-]{{1,30}}{_STOP}){{1,4}}(?:{_HAN_ENDS}|한국|xn--[a-z0-9-]{{1,59}}|(?:{_COMMON_ENDS})(?![{_LETTER}]))"
    r"|\[\d{1,3}(?:\.\d{1,3}){3}\]",
    re.IGNORECASE,
)
_DOT = "(?:dot|punkt|point|punto)"
_SAID = re.compile(
    rf"(?<![{_LETTER}._+-])"
    rf"((?:[{_LETTER}]{{1,64}} (?:{_DOT}|underscore|dash) ){{0,3}}[{_LETTER}._+-]{{1,64}})"
    rf" (at|ät|arroba|arobase) {_LABEL}"
    rf"(?: {_DOT} {_LABEL}){{0,4}} ({_DOT}) (?:{_COMMON_ENDS})(?![{_LETTER}])",
    re.IGNORECASE,
)
# "I bought it at amazon dot com" is prose; an address has more than letters, a host of mail or a word before.
_SIGN_IN_LOCAL = re.compile(r"[\d._+ -]")
_MAIL_HOST = re.compile(
    r" at (?:[a-z]*mail|yahoo|outlook|icloud|aol|gmx|web|qq|163|126|foxmail|proton) ", re.I
)
_MAIL_BEFORE = re.compile(
    r"(?:mail|address|adresse|login|correo|courriel)\w{0,2}(?: is| ist| es| est| lautet)? ?\Z"
    r"|(?:mail\w*|write|send|sent|forward|reply|contact|schreib\w*|schick\w*)(?: \w+){0,2} (?:to|an) ?\Z"
    r"|contact ?\Z|reach (?:me|us|him|her|them) (?:on|at|via|by|under) ?\Z"
    r"|[:(<] ?\Z",
    re.IGNORECASE,
)
_SPELT_DOT = r"(?: ?[\[({<] ?dot ?[\])}>] ?)"
_SPELT = re.compile(
    rf"(?<![{_LETTER}._+-])(?:[{_LETTER}._+-]{{1,64}}{_SPELT_DOT}){{0,3}}[{_LETTER}._+-]{{1,64}}"
    rf" ?[\[({{<] ?at ?[\])}}>] ?{_LABEL}(?:(?:\.|{_SPELT_DOT}){_LABEL}){{1,6}}",
    re.IGNORECASE,
)


def find_mail(text: str) -> Iterator[Span]:
    """Find e-mail addresses.

    Args:
        text: folded.

    Yields:
        Spans EMAIL_ADDRESS, in order and apart, without quotes and stops around them.
    """
    end = 0
    at = text.find("@")
    while at >= 0:
        head = text[max(end, at - _LOCAL_LENGTH) : at]
        gap, next_gap = head.endswith(" "), text[at + 1 : at + 2] == " "  # name @ host.com
        local = _local(head.removesuffix(" "))
        domain = _DOMAIN.match(text, at + 1 + next_gap)
        # "Follow @shop.example" is a name in a network.
        is_name = gap and not next_gap and domain and not _COMMON_END.search(domain[0])
        is_next = (gap or next_gap) and domain and text[domain.end() : domain.end() + 1] == "@"
        if local and domain and not is_next and not is_name:
            end = domain.end()
            yield Span(at - gap - len(local), end, "EMAIL_ADDRESS")
        at = text.find("@", max(end, at + 1))


def _local(head: str) -> str:
    found = _LOCAL.search(head) or _HAN_LOCAL.search(head)
    return found.group().lstrip(".'-~%&#!*^") if found else ""


def find_spelt_mail(text: str) -> Iterator[Span]:
    """Find addresses such as `name [at] host [dot] com` and `name at host dot com`.

    Args:
        text: folded.

    Yields:
        Spans EMAIL_ADDRESS; of each way of writing in order.
    """
    for match in _SPELT.finditer(text):
        yield Span(match.start(), match.end(), "EMAIL_ADDRESS")
    for match in _SAID.finditer(text):
        if _is_said_address(text, match):
            yield Span(match.start(), match.end(), "EMAIL_ADDRESS")


def _is_said_address(text: str, match: re.Match[str]) -> bool:
    local, at, dot = match.groups()
    # Nobody is "at" a shop in capitals, nor in a language whose dots are no dots.
    if at != "at" or dot.lower() in ("punkt", "punto") or _SIGN_IN_LOCAL.search(local):
        return True
    if _MAIL_HOST.search(match[0]):
        return True
    before = text[max(0, match.start() - _LOCAL_LENGTH) : match.start()]
    if not before.strip():  # nothing else is said
        return not text[match.end() : match.end() + _LOCAL_LENGTH].strip(" .!\n")
    return bool(_MAIL_BEFORE.search(before))
