"""Signing and sealing mails for tests, as other people's servers do (RFC 6376, 8463, 8617)."""

import base64
import functools
import hashlib
from dataclasses import dataclass

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from dkim.canonicalization import CanonicalizationPolicy
from dkim.crypto import parse_pem_private_key

SIGNED = [b"from", b"to", b"subject", b"date", b"message-id"]
_RELAXED = b"relaxed/relaxed"


@dataclass(frozen=True)
class RsaKey:
    """A key pair: PEM for signing, and the record that publishes it."""

    pem: bytes
    record: str


@functools.cache
def rsa_key(bits: int = 2048) -> RsaKey:
    """Make one RSA key of this size for all tests of the process."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return RsaKey(pem, "v=DKIM1; k=rsa; p=" + base64.b64encode(public).decode())


class Ed25519Key:
    """An Ed25519 key as dkimpy wants one for signing, and the record that publishes it."""

    def __init__(self) -> None:
        self._private = ed25519.Ed25519PrivateKey.generate()
        public = self._private.public_key().public_bytes_raw()
        self.record = "v=DKIM1; k=ed25519; p=" + base64.b64encode(public).decode()
        self.signature = b""

    def sign(self, digest: bytes) -> "Ed25519Key":
        """Sign a digest; the signature stands in ``signature``."""
        self.signature = self._private.sign(digest)
        return self


def sign(raw: bytes, domain: str, selector: str = "s1", fields: list[bytes] | None = None) -> bytes:
    """Put a DKIM signature by the RSA key above a mail."""
    signature = dkim.sign(
        raw, selector.encode(), domain.encode(), rsa_key().pem,
        canonicalize=(b"relaxed", b"relaxed"), include_headers=fields or SIGNED,
    )  # fmt: skip
    return bytes(signature) + raw


def sign_ed25519(raw: bytes, domain: str, key: Ed25519Key, selector: str = "ed") -> bytes:
    """Put a DKIM signature by an Ed25519 key above a mail."""
    signer = dkim.DKIM(raw, signature_algorithm=b"ed25519-sha256")
    fields = [
        (b"v", b"1"), (b"a", b"ed25519-sha256"), (b"c", _RELAXED), (b"d", domain.encode()),
        (b"s", selector.encode()), (b"h", b" : ".join(SIGNED)), (b"bh", _body_hash(signer)),
        (b"b", b"0" * 60),
    ]  # fmt: skip
    return b"DKIM-Signature: " + _signature(signer, fields, SIGNED, b"DKIM-Signature", key) + raw


def seal(
    raw: bytes, domain: str, results: str, *, cv: str = "none", signed: list[bytes] | None = None
) -> bytes:
    """Put the next ARC set above a mail: what ``domain`` says it found, sealed by the RSA key."""
    signer = dkim.ARC(raw)
    key = parse_pem_private_key(rsa_key().pem)
    newest, before = signer.sorted_arc_headers()
    instance = str(newest + 1).encode()
    chain = [field for _, field in before]
    name = (b"d", domain.encode()), (b"s", b"arc")
    found = b" i=" + instance + f"; mx.{domain}; {results}\r\n".encode()
    _put(signer, chain, b"ARC-Authentication-Results", found)
    fields = [
        (b"i", instance), (b"a", b"rsa-sha256"), (b"c", _RELAXED), *name,
        (b"h", b" : ".join(signed or SIGNED)), (b"bh", _body_hash(signer)), (b"b", b"0" * 60),
    ]  # fmt: skip
    message = _signature(signer, fields, signed or SIGNED, b"ARC-Message-Signature", key)
    _put(signer, chain, b"ARC-Message-Signature", message)
    fields = [
        (b"i", instance), (b"cv", cv.encode()), (b"a", b"rsa-sha256"), *name, (b"b", b"0" * 60),
    ]  # fmt: skip
    order = [field.lower() for field, _ in reversed(chain)]
    sealed = _signature(signer, fields, order, b"ARC-Seal", key)
    return (
        b"ARC-Seal: " + sealed + b"ARC-Message-Signature: " + message
        + b"ARC-Authentication-Results:" + found + raw
    )  # fmt: skip


def _put(signer: dkim.ARC, chain: list[tuple[bytes, bytes]], name: bytes, value: bytes) -> None:
    chain.insert(0, (name, value))
    canonical = CanonicalizationPolicy.from_c_value(_RELAXED).canonicalize_headers(chain[:1])
    signer.headers = canonical + signer.headers


def _body_hash(signer: dkim.DomainSigner) -> bytes:
    body = CanonicalizationPolicy.from_c_value(_RELAXED).canonicalize_body(signer.body)
    return base64.b64encode(hashlib.sha256(body).digest())


def _signature(
    signer: dkim.DomainSigner,
    fields: list[tuple[bytes, bytes]],
    signed: list[bytes],
    name: bytes,
    key: object,
) -> bytes:
    signer.hasher = hashlib.sha256
    policy = CanonicalizationPolicy.from_c_value(_RELAXED)
    return bytes(signer.gen_header(fields, signed, policy, name, key))
