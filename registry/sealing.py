"""Small secrets that the database keeps but cannot read: encrypted with a key beside it.

AES-256-GCM; the key is derived from ``keys/link.key`` with a name of its own, so that what seals
never signs. Who has a copy of the database alone has nothing; who loses the key sets up anew what
was sealed. ``purpose`` is bound in: a text sealed for one thing does not open as another.
"""

import base64
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Final

from registry.errors import OutOfOrder
from registry.keys import KeyRing

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE: Final = 12


def seal(keys: KeyRing, purpose: str, text: str) -> str:
    """Give the text encrypted, in base64; another each time."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = _cipher(keys).encrypt(nonce, text.encode(), purpose.encode())
    return base64.b64encode(nonce + sealed).decode("ascii")


def unseal(keys: KeyRing, purpose: str, sealed: str) -> str:
    """Give the text again; raise OutOfOrder when it was sealed with another key or is damaged."""
    from cryptography.exceptions import InvalidTag

    try:
        raw = base64.b64decode(sealed, validate=True)
        text = _cipher(keys).decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode())
    except (InvalidTag, ValueError) as error:
        raise OutOfOrder(
            f"a sealed {purpose} does not open with the keys of this folder"
        ) from error
    return text.decode()


def digest_secret(keys: KeyRing, purpose: str, text: str) -> str:
    """Give the digest, 64 characters, by which a short secret is known again but not found out."""
    return hmac.new(keys.link, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


def _cipher(keys: KeyRing) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(hmac.new(keys.link, b"sealing", hashlib.sha256).digest())
