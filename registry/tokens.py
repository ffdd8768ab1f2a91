"""Tokens: the tags that ride in our addresses, and the keys to download pages.

A tag is ``r-`` (reply to an entry) or ``b-`` (bounce of a job in the outbox), one character that
names the key, the id of 16 characters, and an 80-bit MAC of 16 more: 35 characters, so that a local
part of 28 leaves room within the 64 octets of RFC 5321 §4.5.3.1.1. All is base32 and reads in any
case, since servers on the way may change it.

A page's token is 128 bits of HMAC over link id and generation; the database holds only its hash.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final, Literal

from registry.ids import is_id
from registry.keys import KeyRing, key_name

Kind = Literal["r", "b"]
_TAG: Final = re.compile(r"([rb])-([a-z2-7])([a-z2-7]{16})([a-z2-7]{16})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """What a tag of ours says: ``r`` with the id of an entry, or ``b`` with that of a job."""

    kind: Kind
    id: str


def reply_tag(keys: KeyRing, target: str, kind: Kind = "r") -> str:
    """Give the tag for an id of 16 characters; ValueError for anything else."""
    if not is_id(target):
        raise ValueError("a tag names an id of 16 characters")
    name = key_name(keys.token)
    return f"{kind}-{name}{target}{_mac(keys.token, kind, target)}"


def read_tag(keys: KeyRing, tag: str) -> Token | None:
    """Give what the tag says if we made it, in any case of letters; else None."""
    found = _TAG.fullmatch(tag) if tag.isascii() else None
    if found is None:
        return None
    kind, name, target, mac = (part.lower() for part in found.groups())
    for key in keys.tokens_named(name):
        if hmac.compare_digest(_mac(key, kind, target), mac):
            return Token("r" if kind == "r" else "b", target)
    return None


def link_token(keys: KeyRing, link_id: str, generation: int) -> str:
    """Give the token of a page, 26 characters; the same for the same link and generation."""
    return _base32(_hmac(keys.link, f"link:{link_id}:{generation}")[:16])


def _mac(key: bytes, kind: str, target: str) -> str:
    return _base32(_hmac(key, f"tag:{kind}:{target}")[:10])


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode("ascii"), hashlib.sha256).digest()


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()
