"""The keys of this installation: 32 random bytes each, in files that only we may read.

``token.key`` signs the tags in our addresses, ``link.key`` the tokens of download pages. They
stand outside the database, so that a copy of the database alone opens nothing. A key is named by
one character in what it signs. When ``token.key`` is changed, the old one stays beside it as
``token-OLD.key`` (any word for OLD), and tags that were given out keep working.
"""

import base64
import hashlib
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from registry.errors import OutOfOrder

_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys in use, and the token keys that are no longer given out but still believed."""

    token: bytes = field(repr=False)
    link: bytes = field(repr=False)
    old_tokens: tuple[bytes, ...] = field(default=(), repr=False)

    @classmethod
    def create(cls, folder: Path) -> "KeyRing":
        """Draw new keys into the folder and give them; keys that are there stay as they are."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in ("token", "link"):
            _draw(folder / f"{name}.key")
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> "KeyRing":
        """Read the keys of the folder; raise OutOfOrder when one is missing or no key."""
        old = tuple(_read(path) for path in sorted(folder.glob("token-*.key")))
        return cls(_read(folder / "token.key"), _read(folder / "link.key"), old)

    def tokens_named(self, name: str) -> list[bytes]:
        """Give the believed token keys of this one-character name, the one in use first."""
        return [key for key in (self.token, *self.old_tokens) if key_name(key) == name]


def key_name(key: bytes) -> str:
    """Give the one character, ``a-z2-7``, that names a key; others may have the same name."""
    return base64.b32encode(hashlib.sha256(key).digest()[:5]).decode("ascii")[0].lower()


def _draw(path: Path) -> None:
    """Write a new key and make it last, unless there is one."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(file, "w", encoding="ascii") as out:
        out.write(secrets.token_hex(_BYTES) + "\n")
        out.flush()
        os.fsync(out.fileno())


def _read(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise OutOfOrder(
            f"cannot read the key {path}: restore it from a backup",
            thai=f"อ่านกุญแจ {path} ไม่ได้ โปรดกู้คืนจากข้อมูลสำรอง",
        ) from error
    if len(key) != _BYTES:
        raise OutOfOrder(f"{path} is not a key of {_BYTES} bytes: restore it from a backup")
    return key
