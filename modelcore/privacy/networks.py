"""What machines give away: network addresses, and links and keys that open a door by themselves."""

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from modelcore.data import Span
from modelcore.privacy.hints import HIDDEN

_V4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2}(?!\d))?(?!\.?\d|[A-Za-z_])", re.ASCII)
_V6 = re.compile(
    r"(?<![\w:.])(?=[0-9A-Fa-f]{0,4}:)[0-9A-Fa-f:]{2,39}(?:\d{0,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})?(?![\w:])",
    re.ASCII,
)
_RELEASE = re.compile(
    r"(?:\bv|version\w{0,8}|release|build|firmware|updated?|upgraded?|app|ios|android|windows|版本|升级|更新)"
    r"(?: to| is| auf| à|号|到|至)?[ .:]{0,2}\Z",
    re.IGNORECASE,
)

_LINK = re.compile(
    rf"(?<![A-Za-z0-9])[a-z][a-z0-9+.-]{{1,15}}://[^\s<>\"'{HIDDEN}\u3000-\u9fff]{{3,4000}}", re.I
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# Of the names of what a link carries, in words: these end in what opens a door, run together or not, ...
_SECRET_NAME = re.compile(
    r"(?:token|secret|signature|password|passwd|passcode|pwd|apikey|accesskey|sess(?:ion)?id|credentials?"
    r"|(?<![a-z])(?:sig|auth|session|sid|otp|jwt|hash|key|code))(?: id)?\Z"
)
# ... but for these, ...
_NO_SECRET_NAME = re.compile(
    r"(?:(?:sort|order|filter|group) key|(?:country|coupon|promo|discount|voucher|zip|postal|post|area|lang"
    r"|language|currency|product|item|colou?r|status|error) code)\Z"
)
# ... and these in what a person has.
_PERSONAL_NAME = re.compile(
    r"(?:(?<![a-z])(?:phone|mobile|tel|e ?mail|mail|ssn|iban|card|address)(?: ?(?:number|no|nr))?"
    r"|\A(?:.*(?:first|last|full|user|sur|family|given|nick|customer|contact|your|my) ?)?name)\Z"
)
_OPAQUE = re.compile(r"(?=[^/]*\d)(?=[^/]*[A-Za-z])[A-Za-z0-9_\-.~]{24,}\Z")
_PIECES = re.compile(r"[-_.~]")
_PLAIN_WORD = re.compile(r"[A-Z]?[a-z]+\Z|[A-Z]{2,}\Z")
_LONGEST_PIECE = 16  # characters of an article in the title of a page
# Links to a person's telephone or to a closed group; often written without their scheme.
_CHAT = re.compile(
    r"(?<![\w.-])(?:https?://)?(?:wa\.me/\+?\d{7,15}|t\.me/(?:\+|joinchat/)[\w-]{5,64})(?![\w-])", re.I
)
_KEY = re.compile(
    r"(?<![\w-])(?:"
    r"eyJ[\w-]{8,2000}\.[\w-]{8,4000}\.[\w-]{0,1000}"  # a signed JSON token
    r"|(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[A-Za-z0-9_-]{16,200}"
    r"|gh[pousr]_[A-Za-z0-9]{30,100}|github_pat_\w{20,100}|glpat-[\w-]{20,60}"
    r"|xox[abprs]-[A-Za-z0-9-]{10,100}"
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[\w-]{35}"
    r"|(?<=[Bb]earer )[\w.~+/=-]{16,2000}"
    r")(?![\w-])",
    re.ASCII,
)


def find_ip_addresses(text: str) -> Iterator[Span]:
    """Find addresses of machines, versions 4 and 6, with their prefix length where one is given.

    Args:
        text: folded.

    Yields:
        Spans IP_ADDRESS; of each version in order, all apart.
    """
    for pattern in (_V6, _V4):  # one of version 6 may end in one of version 4
        for match in pattern.finditer(text):
            if _is_address(match.group()) and not _RELEASE.search(
                text[max(0, match.start() - 20) : match.start()]
            ):
                yield Span(match.start(), match.end(), "IP_ADDRESS")


def find_secret_links(text: str) -> Iterator[Span]:
    """Find web addresses that carry a key, a password or a person's data; others are nobody's.

    Args:
        text: folded.

    Yields:
        Spans URL; of each way of writing in order.
    """
    for match in _LINK.finditer(text):
        link = match.group().rstrip(".,;:!?)]}，。")
        if _opens_a_door(link):
            yield Span(match.start(), match.start() + len(link), "URL")
    for match in _CHAT.finditer(text):
        yield Span(match.start(), match.end(), "URL")


def find_keys(text: str) -> Iterator[Span]:
    """Find access keys by the marks that their issuers give them.

    Args:
        text: folded.

    Yields:
        Spans SECRET, in order and apart.
    """
    for match in _KEY.finditer(text):
        yield Span(match.start(), match.end(), "SECRET")


def _is_address(found: str) -> bool:
    try:
        address = ipaddress.ip_interface(found)
    except ValueError:
        return False
    if address.version == 4:  # 0.9.0.4 and 2.5.1.0 are versions
        octets = address.ip.packed
        return octets[0] > 0 and max(octets) > 9
    # "::" and the like stand in code and tables; a machine's address names more.
    return sum(character.isalnum() for character in found) > 2 or found == "::1"


def _opens_a_door(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:  # a bracket of an address without its partner: no link
        return False
    if "@" in parts.netloc and ":" in parts.netloc.rpartition("@")[0]:
        return True
    pairs = parse_qsl(parts.query, max_num_fields=None) + parse_qsl(parts.fragment)
    for name, value in pairs:
        said = " ".join(_WORD.findall(name)).lower()
        is_secret = _SECRET_NAME.search(said) and not _NO_SECRET_NAME.search(said) and len(value) >= 6
        if is_secret or _PERSONAL_NAME.search(said) or _is_opaque(value):
            return True
    return any(_is_opaque(piece) and "." not in piece for piece in parts.path.split("/"))


def _is_opaque(value: str) -> bool:
    """Whether somebody drew it, and no title was made of words: track-your-order-in-3-steps."""
    if not _OPAQUE.match(value):
        return False
    pieces = [piece for piece in _PIECES.split(value) if not piece.isdecimal()]
    plain = [piece for piece in pieces if _PLAIN_WORD.match(piece)]
    others = [piece for piece in pieces if piece not in plain]
    return len(plain) < max(3, len(others)) or any(len(piece) > _LONGEST_PIECE for piece in others)
