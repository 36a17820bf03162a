"""What a shop signs of its customers."""

import json
from typing import Any

from apps.support.services.identities import SignedIdentity, identity_signature
from tests.apps.support.factories import NOW

SECRET = "of the shop and of nobody else here"
HOUR = 3600


def signed(**claims: Any) -> SignedIdentity:
    """Of customer c-77, from NOW on for an hour."""
    since = NOW.timestamp()
    text = json.dumps({"external_id": "c-77", "issued": since, "expires": since + HOUR, **claims})
    return SignedIdentity(text, identity_signature(text, SECRET))
