"""DKIM signatures on our own mails (RFC 6376; Ed25519 by RFC 8463), whatever their size.

The signature stands above the mail, and says what the body hashes to; so room for it is left at
the head of the file, the body is hashed while it is written, block by block, and the room is
filled at the end. A mail is written once and read once, in flat memory. How long a signature will
be is known before, since it hangs on the key and the names of the fields alone; the size that is
announced to the next hop counts it.

Header and body are in relaxed form, which outlives what servers do to white space; what we write
is 7-bit clean, so that no server has a reason to encode it anew. There is no ``l=``. ``t=`` is the
time of the job, and RSA with PKCS #1 v1.5 and Ed25519 sign without chance: a retry is the same mail
to the last byte.

Signed are From, what a reader sees, what threads a letter, and every X-Saraban field. What
must be there once, and what our own kind reads instead of guessing, is named once more than it is
there (§5.4.2), so that nobody on the way can put a second one above it.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from gateway.body_hash import BodyHash
from gateway.inbound.alignment import ascii_domain
from gateway.outbound import dkim_keys
from gateway.outbound.dkim_keys import DkimKey
from gateway.outbound.write import Mail, header_of, write

_SIGNED: Final = (
    *("from", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references"),
    *("reply-to", "mime-version", "content-type", "content-transfer-encoding", "auto-submitted"),
)
_ONCE_MORE: Final = frozenset(
    {"from", "subject", "date", "message-id", "x-saraban-letter-number", "x-saraban-dated"}
    | {"x-saraban-urgency", "x-saraban-due", "x-saraban-subject", "x-saraban-text"}
)
_FIELD: Final = re.compile(rb"([!-9;-~]+):((?:[^\r]|\r\n[ \t])*)\r\n")
_SPACES: Final = re.compile(rb"[ \t]+")
_LINE: Final = 72
_ED25519_BYTES: Final = 64

Fields = list[tuple[str, bytes]]
"""Names in lower case and canonical lines, as they stand in the header."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A key, and the time that its signature states."""

    key: DkimKey
    at: datetime

    def room(self, header: bytes) -> int:
        """Return how many octets the signature on this header block takes."""
        private = self.key.private
        rsa = isinstance(private, RSAPrivateKey)
        length = (private.key_size + 7) // 8 if rsa else _ED25519_BYTES  # type: ignore[union-attr]
        return len(self._field(_fields(header), bytes(32), bytes(length)))

    def sign(self, header: bytes, body: bytes) -> bytes:
        """Return the DKIM-Signature field for a header block and the hash of a body."""
        fields = _fields(header)
        unsigned = self._field(fields, body, b"")
        [(_, last)] = _fields(unsigned)
        lines = [*_chosen(fields), last.removesuffix(b"\r\n")]
        return self._field(fields, body, self._signature(b"".join(lines)))

    def _signature(self, text: bytes) -> bytes:
        private = self.key.private
        if isinstance(private, RSAPrivateKey):
            return private.sign(text, PKCS1v15(), SHA256())
        return private.sign(hashlib.sha256(text).digest())  # RFC 8463 §3

    def _field(self, fields: Fields, body: bytes, signature: bytes) -> bytes:
        key = self.key
        names = _folded(":".join(_names(fields)), ":")
        value = base64.b64encode(signature).decode("ascii")
        lines = [
            f"DKIM-Signature: v=1; a={key.kind}-sha256; c=relaxed/relaxed;",
            f"d={key.domain};",
            f"s={key.selector}; t={int(self.at.timestamp())};",
            f"h={names};",
            f"bh={base64.b64encode(body).decode('ascii')};",
            "b=" + "\r\n ".join(value[at : at + _LINE] for at in range(0, len(value), _LINE)),
        ]
        return ("\r\n ".join(lines) + "\r\n").encode("ascii")


def signers_of(folder: Path, author: str, at: datetime) -> tuple[Signer, ...]:
    """Return who signs a mail with this address in From, written at ``at``; nobody without a key.

    Raises UnreadableKey when a key of the domain is there and cannot be used.
    """
    domain = ascii_domain(author.rpartition("@")[2])
    keys = dkim_keys.signing(dkim_keys.load(folder, domain), at)
    return tuple(Signer(key, at) for key in keys)


def room(mail: Mail, signers: tuple[Signer, ...]) -> int:
    """Return how many octets the signatures add to a mail."""
    header = header_of(mail) if signers else b""
    return sum(signer.room(header) for signer in signers)


def write_signed(mail: Mail, signers: tuple[Signer, ...], file: IO[bytes]) -> int:
    """Write a mail with its signatures to an empty file; return the number of bytes.

    Raises Damaged as :func:`write` does; the file is worthless then.
    """
    if not signers:
        return write(mail, file.write)
    header, space, body = header_of(mail), room(mail, signers), BodyHash(relaxed=True)
    left = len(header)

    def sink(block: bytes) -> None:
        nonlocal left
        file.write(block)
        if left:
            left -= len(block)  # the header comes in pieces of its own
        else:
            body.feed(block)

    file.write(bytes(space))
    written = space + write(mail, sink)
    file.seek(0)
    digest = body.digest()
    signatures = b"".join(signer.sign(header, digest) for signer in signers)
    assert len(signatures) == space, "a signature is not as long as it was to be"
    file.write(signatures)
    return written


def _fields(header: bytes) -> Fields:
    """Cut a header block into fields, each in relaxed form (RFC 6376 §3.4.2)."""
    return [
        (name.decode("ascii").lower(), _relaxed(name, value))
        for name, value in _FIELD.findall(header)
    ]


def _relaxed(name: bytes, value: bytes) -> bytes:
    text = _SPACES.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")
    return name.lower() + b":" + text + b"\r\n"


def _names(fields: Fields) -> Iterator[str]:
    """Give the names for ``h=``: each as often as it is there, some once more."""
    present = [name for name, _ in fields]
    ours = sorted({name for name in present if name.startswith("x-saraban-")} | _ONCE_MORE)
    for name in dict.fromkeys([*_SIGNED, *ours]):
        yield from [name] * (present.count(name) + (name in _ONCE_MORE))


def _chosen(fields: Fields) -> Iterator[bytes]:
    """Give the lines that the names stand for, the last of several first (§5.4.2)."""
    rest = list(reversed(fields))
    for name in _names(fields):
        found = next((place for place, one in enumerate(rest) if one[0] == name), None)
        if found is not None:
            yield rest.pop(found)[1]


def _folded(text: str, after: str) -> str:
    lines = [""]
    for part in text.split(after):
        if len(lines[-1]) + len(part) > _LINE - 4:
            lines.append("")
        lines[-1] += part + after
    return "\r\n ".join(lines).removesuffix(after)
