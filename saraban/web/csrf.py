"""Tokens that show that a form is one of ours: bound to the cookie of whoever was given it.

The token is a MAC over the cookie, masked anew for each page: a page's compressed length then tells
nothing about it (BREACH). It lives as long as the cookie does; nothing is stored.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import Final

from registry.keys import KeyRing

_BYTES: Final = 16


def token_for(keys: KeyRing, cookie: str) -> str:
    """Give a token for the bearer of this cookie; another each time."""
    mask = secrets.token_bytes(_BYTES)
    return base64.urlsafe_b64encode(mask + _xor(mask, _mac(keys, cookie))).decode("ascii")


def is_token_of(keys: KeyRing, cookie: str, token: str) -> bool:
    """Say whether the token was given to the bearer of this cookie; never to nobody."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii"))
    except (binascii.Error, ValueError):
        return False
    if len(raw) != 2 * _BYTES or not cookie:
        return False
    return hmac.compare_digest(_xor(raw[:_BYTES], raw[_BYTES:]), _mac(keys, cookie))


def _mac(keys: KeyRing, cookie: str) -> bytes:
    text = f"form:{cookie}".encode("utf-8", "replace")
    return hmac.new(keys.link, text, hashlib.sha256).digest()[:_BYTES]


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
