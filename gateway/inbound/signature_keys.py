"""Whether one signature over a header holds, and with which key (RFC 6376 §3.6.1, RFC 8463).

For DKIM-Signature as well as for the two signatures of an ARC set. dkimpy canonicalises and
compares; the key comes through our own questions, is refused where its owner restricts it to
something else, and an Ed25519 one is used by the cryptography library. RSA keys have at least 1024
bits, and hashes are SHA-256.
"""

import base64
import binascii
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from dkim.util import InvalidTagValueList, parse_tag_value

from gateway.inbound.inquiry import Inquiry

Tags = dict[bytes, bytes]
_ALGORITHMS: Final = {b"rsa-sha256": b"rsa", b"ed25519-sha256": b"ed25519"}


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
    rest = {tag: value for tag, value in tags.items() if tag != b"bh"}
    record = _record(tags, inquiry)
    key = read_tags(record)
    _check_key(key, tags)
    if key.get(b"k", b"rsa") != kind:
        raise Void("permerror", "the key is of another kind")
    if kind == b"rsa":
        plain = type(signer).verify_sig  # of ARC the instance has one of our own, which calls us
        holds = plain(signer, rest, signed, field, lambda *_, **__: record)
    else:
        holds = _holds_ed25519(signer, rest, signed, field, key)
    if not holds:
        raise Void("fail", "the header was changed, or the key is another")


class _Ed25519:
    """A key as dkimpy uses one; what came of it is kept: dkimpy catches an error of PyNaCl."""

    def __init__(self, raw: bytes) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(raw)
        self.good = False

    def verify(self, digest: bytes, signature: bytes) -> None:
        try:
            self._key.verify(signature, digest)
        except InvalidSignature:
            return
        self.good = True


def _holds_ed25519(signer: Any, tags: Tags, signed: list[bytes], field: Any, record: Tags) -> bool:
    try:
        key = _Ed25519(base64.b64decode(b"".join(record[b"p"].split())))
    except ValueError as error:
        raise Void("permerror", "the key cannot be read") from error
    signer.pk, signer.keysize, signer.ktag, signer.seqtlsrpt = key, 256, b"ed25519", False
    signer.verify_sig_process(tags, signed, field, None)
    return key.good


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
    if b"sha256" not in key.get(b"h", b"sha256"):
        raise Void("permerror", "the key is not for SHA-256")
