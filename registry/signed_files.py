"""Signed addresses of single files: good for twelve hours, so that a broken download can go on.

The page answers a POST with such an address; GET on it needs no session and may be repeated with
Range. It names link, generation, file and end of its life, under a 128-bit MAC of the link key.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from registry.keys import KeyRing

FILE_LIFE: Final = timedelta(hours=12)
_SHAPE: Final = re.compile(
    r"(([a-z2-7]{16})\.([0-9]{1,9})\.([0-9]{1,15})\.([0-9]{1,12}))\.([a-z2-7]{26})"
)


@dataclass(frozen=True, slots=True)
class SignedFile:
    """What a signed address means: a file of the page that this link was in this generation."""

    link_id: str
    generation: int
    enclosure_id: int


def sign_file(
    keys: KeyRing, link_id: str, enclosure_id: int, until: datetime, *, generation: int = 1
) -> str:
    """Give the signed name of a file, one path segment of ASCII, good until the whole second."""
    facts = f"{link_id}.{generation}.{enclosure_id}.{int(until.timestamp())}"
    return f"{facts}.{_mac(keys, facts)}"


def check_file(keys: KeyRing, signed: str, at: datetime) -> SignedFile | None:
    """Give what a signed name means if we made it and its time is not over, else None."""
    found = _SHAPE.fullmatch(signed) if signed.isascii() else None
    if found is None or not hmac.compare_digest(_mac(keys, found[1]), found[6]):
        return None
    if at.astimezone(UTC).timestamp() > int(found[5]):
        return None
    return SignedFile(found[2], int(found[3]), int(found[4]))


def _mac(keys: KeyRing, facts: str) -> str:
    raw = hmac.new(keys.link, f"file:{facts}".encode("ascii"), hashlib.sha256).digest()
    return base64.b32encode(raw[:16]).decode("ascii").rstrip("=").lower()
