"""The master keys of secret letters: in a file, or with a program that keeps them elsewhere (KMS).

``keys/secret.key`` wraps the data keys of encrypted files (:mod:`registry.secret.container`); older
ones stay beside it as ``secret-DAY-NAME.key`` and still open what they wrapped, in backups too.
With ``secrecy.kms_command`` no key is in this machine: the program is run as ``COMMAND wrap NAME``
or ``COMMAND unwrap NAME`` with the bytes on its standard input, and gives the result on its
standard output. NAME is ``secrecy.kms_key``; another NAME is another key, and begins a rotation.

A key in a file is drawn by ``init``, or when it is first needed; never in place of one that was
lost while older ones are there. A KMS that does not answer in :data:`_PATIENCE` seconds is an error
that passes.
"""

import hashlib
import os
import secrets
import subprocess
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

from registry import faults
from registry.disk import fsync_folder
from registry.errors import OutOfOrder
from registry.secret.container import Keys
from registry.settings import SecrecySettings

_BYTES: Final = 32
_NONCE: Final = 12
_BOUND: Final = b"saraban secret data key"
_PATIENCE: Final = 30.0
_GONE: Final = "ไม่พบกุญแจของหนังสือลับ (keys/secret.key) โปรดกู้คืนกุญแจ มิฉะนั้นเปิดไฟล์หนังสือลับไม่ได้"


def keys_of(settings: SecrecySettings, folder: Path) -> Keys:
    """Give the keys as the settings say; ``folder`` is where files of keys lie."""
    if settings.kms_command:
        return CommandKeys(settings.kms_command, settings.kms_key, FileKeys(folder))
    return FileKeys(folder)


class FileKeys:
    """Keys in files; read each time, since another process may have turned to a new one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / "secret.key"

    def current(self) -> str:
        """Name the key that wraps now; one is drawn if there never was any."""
        self._finish()
        if not self._path.exists():
            if any(self.folder.glob("secret-*.key")):
                raise OutOfOrder(f"{self._path} is missing", thai=_GONE)
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _draw(self._path)
        return _name(_read(self._path))

    def wrap(self, name: str, data: bytes) -> bytes:
        """Wrap under the key of this name."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self._named(name)).encrypt(nonce, data, _BOUND)

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """Unwrap; raise OutOfOrder when the key is not in the folder, or does not fit."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            cipher = AESGCM(self._named(name))
            return cipher.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _BOUND)
        except InvalidTag as error:
            raise OutOfOrder(f"a data key does not open with the key {name}") from error

    def turn(self, day: date) -> str:
        """Draw a new key, and keep the one in use beside it; give the name of the new one."""
        old = self.current()
        fresh = self._path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        _draw(fresh)
        faults.point("turn_drawn")
        self._path.rename(self.folder / f"secret-{day:%Y%m%d}-{old.rpartition(':')[2]}.key")
        faults.point("turn_put_aside")
        self._finish()
        return self.current()

    def old(self) -> list[Path]:
        """Give the files of keys that wrap nothing new."""
        return sorted(self.folder.glob("secret-*.key"))

    def _finish(self) -> None:
        """Put the new key in its place, where turning was cut off before that."""
        fresh = self._path.with_suffix(".new")
        if fresh.exists() and not self._path.exists():
            with suppress(FileNotFoundError):  # another process was quicker
                fresh.rename(self._path)
            fsync_folder(self.folder)

    def _named(self, name: str) -> bytes:
        self._finish()
        for path in (self._path, *self.old()):
            if path.exists() and _name(key := _read(path)) == name:
                return key
        raise OutOfOrder(f"the key {name} of secret letters is not in {self.folder}", thai=_GONE)


class CommandKeys:
    """Keys that a program holds; what older keys in files wrapped still opens with those."""

    def __init__(self, command: tuple[str, ...], name: str, files: FileKeys) -> None:
        self._command = command
        self._name = name
        self._files = files

    def current(self) -> str:
        """Name the key that wraps now."""
        return f"kms:{self._name}"

    def wrap(self, name: str, data: bytes) -> bytes:
        """Have it wrapped."""
        return self._run("wrap", name, data)

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """Have it unwrapped; raise OutOfOrder when the program fails."""
        if name.startswith("file:"):
            return self._files.unwrap(name, wrapped)
        return self._run("unwrap", name, wrapped)

    def _run(self, act: str, name: str, data: bytes) -> bytes:
        key = name.partition(":")[2]
        try:
            done = subprocess.run(
                [*self._command, act, key], input=data, capture_output=True, timeout=_PATIENCE,
                check=True,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as error:
            raise OutOfOrder(
                f"secrecy.kms_command did not {act} a key: {type(error).__name__}",
                thai="โปรแกรมเก็บกุญแจของหนังสือลับไม่ตอบ โปรดลองใหม่หรือแจ้งผู้ดูแลระบบ",
            ) from error
        return done.stdout


def _name(key: bytes) -> str:
    return f"file:{hashlib.sha256(b'saraban secret key' + key).hexdigest()[:12]}"


def _draw(path: Path) -> None:
    """Write a new key and make it last, unless another process just did."""
    aside = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(secrets.token_hex(_BYTES) + "\n")
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
    fsync_folder(path.parent)


def _read(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise OutOfOrder(f"cannot read the key {path}", thai=_GONE) from error
    if len(key) != _BYTES:
        raise OutOfOrder(f"{path} is not a key of {_BYTES} bytes", thai=_GONE)
    return key
