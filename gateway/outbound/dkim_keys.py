"""The keys with which our mails are signed, and the DNS records that publish them (RFC 6376 §3.6).

A key is one file, ``keys/dkim/<domain>.<selector>.pem``, 0600: PKCS #8, with a line above it that
says from when on it signs. RSA with 2048 bits, or Ed25519 (RFC 8463); a domain may have keys of
both kinds, and its mails then carry two signatures. Files that were made by other tools are taken
as well; they sign from the day of the file.

Which key signs a mail hangs on when its job was written, not on when it is tried: a retry after a
new key was made is still the same mail to the last byte. So the newest key of a kind signs what was
written after it began, the one before it everything earlier, as long as its file is there.
"""

import base64
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from gateway.inbound.alignment import ascii_domain
from registry.errors import Conflict, NotUnderstood, OutOfOrder

KINDS: Final = ("rsa", "ed25519")
_BITS: Final = 2048
_LEAST_BITS: Final = 1024  # RFC 8301 §3.2
_STRING: Final = 255  # octets of one string of a TXT record (RFC 1035 §3.3.14)
_LABEL: Final = r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_SELECTOR: Final = re.compile(_LABEL)
_DOMAIN: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_SINCE: Final = re.compile(rb"^Signs-From: (\S+)", re.MULTILINE)

PrivateKey = RSAPrivateKey | Ed25519PrivateKey


class UnreadableKey(OutOfOrder):
    """A key that should sign our mails is there and cannot be used."""

    thai = "อ่านกุญแจลงลายมือชื่ออีเมล (DKIM) ไม่ได้ จดหมายจะรออยู่จนกว่าจะแก้"


@dataclass(frozen=True, slots=True)
class DkimKey:
    """One key. ``since`` is aware: the key signs what was written from then on."""

    domain: str  # A-labels, lower case
    selector: str
    since: datetime
    private: PrivateKey = field(repr=False, compare=False)

    @property
    def kind(self) -> str:
        """``rsa`` or ``ed25519``, the ``k=`` of its record."""
        return "rsa" if isinstance(self.private, RSAPrivateKey) else "ed25519"

    @property
    def name(self) -> str:
        """The name at which the record stands (RFC 6376 §3.6.2.1)."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def public(self) -> str:
        """The ``p=`` of its record: SubjectPublicKeyInfo, or the bare 32 bytes of Ed25519."""
        public = self.private.public_key()
        if self.kind == "ed25519":
            raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        else:
            raw = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(raw).decode("ascii")

    @property
    def record(self) -> str:
        """The text of the TXT record."""
        return f"v=DKIM1; k={self.kind}; p={self.public}"

    @property
    def zone_line(self) -> str:
        """The record as a zone file has it, in strings of at most 255 octets."""
        text = self.record
        strings = [text[at : at + _STRING] for at in range(0, len(text), _STRING)]
        quoted = "\n    ".join(f'"{one}"' for one in strings)
        return f"{self.name}. IN TXT (\n    {quoted} )"


def create(folder: Path, domain: str, selector: str, kind: str, since: datetime) -> DkimKey:
    """Draw a key and write its file, durably. Raises NotUnderstood, and Conflict if it is there."""
    domain, selector = domain_of(domain), selector.lower()
    if not _SELECTOR.fullmatch(selector):
        raise NotUnderstood(f"not a selector: {selector!r}", thai=f"selector {selector} ใช้ไม่ได้")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    private: PrivateKey = (
        generate_private_key(65537, _BITS) if kind == "rsa" else Ed25519PrivateKey.generate()
    )
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    since = since.replace(microsecond=0)
    _write(folder / f"{domain}.{selector}.pem", f"Signs-From: {since.isoformat()}\n".encode() + pem)
    return DkimKey(domain, selector, since, private)


def load(folder: Path, domain: str = "") -> list[DkimKey]:
    """Read the keys of a domain, or all; by domain, the oldest first. Raises UnreadableKey."""
    keys = [_read(path, *named) for path, named in _files(folder) if domain in ("", named[0])]
    return sorted(keys, key=lambda key: (key.domain, key.since, key.selector))


def signing(keys: Iterable[DkimKey], at: datetime) -> tuple[DkimKey, ...]:
    """Return those of one domain's keys that sign what was written at this time, one of a kind.

    That is the newest that had begun; for what is older than all keys, the oldest.
    """
    chosen: dict[str, DkimKey] = {}
    for key in sorted(keys, key=lambda key: (key.since, key.selector)):
        if key.since <= at:
            chosen[key.kind] = key
        else:
            chosen.setdefault(key.kind, key)
    return tuple(chosen[kind] for kind in KINDS if kind in chosen)


def domain_of(text: str) -> str:
    """Return a domain as keys name it; raise NotUnderstood for what is none."""
    domain = ascii_domain(text)
    if not _DOMAIN.fullmatch(domain) or len(domain) > 253:
        raise NotUnderstood(f"not a domain: {text!r}", thai=f"{text} ไม่ใช่ชื่อโดเมน")
    return domain


def _files(folder: Path) -> Iterator[tuple[Path, tuple[str, str]]]:
    """Give the key files with domain and selector; a selector has no dot."""
    try:
        paths = sorted(folder.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        raise UnreadableKey(f"cannot look into {folder}: {error}") from error
    for path in paths:
        domain, _, selector = path.stem.rpartition(".")
        if path.suffix == ".pem" and domain:
            yield path, (domain, selector)


def _read(path: Path, domain: str, selector: str) -> DkimKey:
    try:
        private, since = _parsed(path.read_bytes())
        made = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnreadableKey(
            f"cannot use the key {path}: {error}",
            thai=f"ใช้กุญแจ DKIM {path} ไม่ได้ จดหมายของ {domain} จะรออยู่ โปรดกู้คืนกุญแจจากข้อมูลสำรอง",
        ) from error
    return DkimKey(domain, selector, since or made.replace(microsecond=0), private)


@lru_cache(64)
def _parsed(pem: bytes) -> tuple[PrivateKey, datetime | None]:
    """Read a key file; raise ValueError, TypeError (a password), UnsupportedAlgorithm."""
    private = load_pem_private_key(pem, None)
    if not isinstance(private, RSAPrivateKey | Ed25519PrivateKey):
        raise UnsupportedAlgorithm("neither RSA nor Ed25519")
    if isinstance(private, RSAPrivateKey) and private.key_size < _LEAST_BITS:
        raise ValueError(f"an RSA key of {private.key_size} bits")
    said = _SINCE.search(pem)
    since = datetime.fromisoformat(said[1].decode("ascii")) if said else None
    return private, since.astimezone(UTC) if since else None


def _write(path: Path, text: bytes) -> None:
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Conflict(
            f"{path} is there already", thai=f"มีกุญแจ {path} อยู่แล้ว โปรดใช้ --selector อื่น"
        ) from error
    with os.fdopen(opened, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
