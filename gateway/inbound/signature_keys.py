"""Whether one signature over a header holds, and with which key (RFC 6376 §3.6.1, RFC 8463).

For DKIM-Signature as well as for the two signatures of an ARC set. dkimpy writes the
header in its canonical form and hashes it; the key comes through our own questions, is refused
where its owner restricts it to something else, and is used by the cryptography library. RSA keys
have at least 1024 bits, and hashes are SHA-256.
"""

import base64
import binascii
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from dkim.util import InvalidTagValueList, parse_tag_value

from gateway.inbound.inquiry import Inquiry

Tags = dict[bytes, bytes]
_ALGORITHMS: Final = {b"rsa-sha256": b"rsa", b"ed25519-sha256": b"ed25519"}
_ED25519_BYTES: Final = 32
_LEAST_BITS: Final = 1024  # of RSA keys


class Void(Exception):
    """A signature counts for nothing; ``result`` is the word of RFC 8601 §2.7.1, the text why."""

    def __init__(self, result: str, why: str) -> None:
        super().__init__(why)
        self.result = result


def read_tags(value: bytes) -> Tags:
    """Read a tag list (RFC 6376 §3.2); empty when it is none."""
    try:
        tags: Tags = parse_tag_value(value)
    except (InvalidTagValueList, binascii.Error, IndexError):
        return {}
    return tags


def must_hold(signer: Any, tags: Tags, signed: list[bytes], field: Any, inquiry: Inquiry) -> None:
    """See that the signature of this field holds over the signed fields of the header.

    ``signer`` is a dkimpy object that holds the header; the body hash has been compared before.
    Raises Void, TemporaryTrustFailure, AskedTooMuch, and whatever dkimpy says of nonsense.
    """
    kind = _ALGORITHMS.get(tags[b"a"])
    if kind is None:
        raise Void("policy", f"algorithm {tags[b'a'].decode('latin-1')[:20]}")
    key = read_tags(_record(tags, inquiry))
    _check_key(key, tags)
    if key.get(b"k", b"rsa") != kind:
        raise Void("permerror", "the key is of another kind")
    signer.pk, signer.ktag, signer.seqtlsrpt = _Key(key[b"p"]), b"ed25519", False
    rest = {tag: value for tag, value in tags.items() if tag != b"bh"}
    signer.verify_sig_process(rest, signed, field, None)
    if not signer.pk.good:
        raise Void("fail", "the header was changed, or the key is another")


class _Key:
    """A public key in the place where dkimpy has one of PyNaCl, for both kinds of keys.

    What came of it is kept in ``good``, since dkimpy would only understand an error of PyNaCl.
    """

    def __init__(self, text: bytes) -> None:
        self.good = False
        try:
            found = _read(base64.b64decode(b"".join(text.split())))
        except (ValueError, UnsupportedAlgorithm) as error:
            raise Void("permerror", "the key cannot be read") from error
        if isinstance(found, RSAPublicKey):
            if found.key_size < _LEAST_BITS:
                raise Void("permerror", "the key is too short")
        elif not isinstance(found, Ed25519PublicKey):
            raise Void("permerror", "the key is of another kind")
        self._key: RSAPublicKey | Ed25519PublicKey = found

    def verify(self, digest: bytes, signature: bytes) -> None:
        try:
            if isinstance(self._key, RSAPublicKey):
                self._key.verify(signature, digest, PKCS1v15(), Prehashed(SHA256()))
            else:
                self._key.verify(signature, digest)
        except InvalidSignature:
            return
        self.good = True


def _read(raw: bytes) -> PublicKeyTypes:
    if len(raw) == _ED25519_BYTES:
        return Ed25519PublicKey.from_public_bytes(raw)
    return load_der_public_key(raw)


def _record(tags: Tags, inquiry: Inquiry) -> bytes:
    name = f"{tags[b's'].decode('ascii')}._domainkey.{tags[b'd'].decode('ascii')}"
    return next((record for record in inquiry.txt(name) if b"p=" in record), b"")


def _check_key(key: Tags, tags: Tags) -> None:
    if not key.get(b"p"):
        raise Void("permerror", "no key, or a revoked one")
    flags = {flag.strip() for flag in key.get(b"t", b"").split(b":")}
    if b"y" in flags:
        raise Void("policy", "the domain is only testing DKIM")
    identity = tags.get(b"i", b"").rpartition(b"@")
    if b"s" in flags and identity[1] and identity[2].lower() != tags[b"d"].lower():
        raise Void("permerror", "the key is not for subdomains")
    services = {service.strip() for service in key.get(b"s", b"*").split(b":")}
    if not services & {b"*", b"email"}:
        raise Void("permerror", "the key is not for mail")
    if b"sha256" not in key.get(b"h", b"sha256"):
        raise Void("permerror", "the key is not for SHA-256")
