"""One encrypted file: AES-256-GCM in chunks, so that any size is read and written in flat memory.

The form, all numbers big-endian::

    0      16  magic, SARABAN-SECRET, NUL, version 1
    16     16  id of the file, random
    32      4  bytes of text in a chunk
    36     32  SHA-256 of the whole text, which is also its name in the store
    68         zeros up to 4096
    4096 4096  slot A  } generation (8), name of the master key (2 and so many), the data key
    8192 4096  slot B  } wrapped by it (2 and so many), zeros; SHA-256 of all that (32) at the end
    12288      chunks: each its text encrypted, and 16 bytes of tag

The data key is drawn for this file alone. Chunk ``n``, from 0, has the nonce ``n`` (8 bytes),
three zeros and a byte that is 1 for the last chunk and 0 for all others; its additional data are
the first 68 bytes of the file. So a changed bit, chunks that changed places, came from another file
or are missing at the end, and a file under another name are found when they are read: never is a
byte given out that was not authenticated.

The master key wraps the data key with the id of the file before it. Of the two slots the valid one
of the higher generation counts: turning to another master key (:func:`rewrap`) writes the other
slot, makes it last, and only then wipes the old one, so that it may be cut off at any moment.

Limits: the length of the text can be seen. A chunk that was read is held in memory, 64 KiB.
"""

import hashlib
import io
import os
import secrets
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

from registry import faults
from registry.errors import OutOfOrder

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC: Final = b"SARABAN-SECRET\x00\x01"
CHUNK: Final = 1 << 16
_TAG: Final = 16
_SLOT: Final = 4096
_SLOTS: Final = (4096, 8192)
DATA: Final = 12288
_HEAD: Final = struct.Struct(">16s16sI32s")
_SUM: Final = 32
_KEY: Final = 32


class Damaged(OutOfOrder):
    """An encrypted file is cut off, was changed, or does not belong under its name."""

    thai = "ไฟล์ที่เข้ารหัสไว้เสียหายหรือถูกแก้ โปรดกู้คืนจากข้อมูลสำรอง"


class Keys(Protocol):
    """Whoever holds the master keys (:mod:`registry.secret.keys`)."""

    def current(self) -> str:
        """Name the key that wraps now."""

    def wrap(self, name: str, data: bytes) -> bytes:
        """Wrap a few bytes under the key of this name."""

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """Give them back; raise OutOfOrder when the key is not there or does not fit."""


@dataclass(frozen=True, slots=True)
class _Slot:
    at: int
    generation: int
    key: str
    wrapped: bytes


def seal(source: BinaryIO, out: BinaryIO, sha256: str, keys: Keys) -> int:
    """Write ``source`` to ``out`` encrypted, and give the bytes of its text.

    Raises Damaged when what was read has not this SHA-256: what is wrong is not made to look sound.
    """
    head = _HEAD.pack(MAGIC, secrets.token_bytes(16), CHUNK, bytes.fromhex(sha256))
    data_key, name = secrets.token_bytes(_KEY), keys.current()
    out.write(head.ljust(_SLOTS[0], b"\0"))
    out.write(_slot_bytes(1, name, keys.wrap(name, head[16:32] + data_key)))
    out.write(bytes(_SLOT))
    cipher, hashed, size, number = _cipher(data_key), hashlib.sha256(), 0, 0
    block, after = _exactly(source), b""
    while True:
        after = _exactly(source) if len(block) == CHUNK else b""
        hashed.update(block)
        size += len(block)
        out.write(cipher.encrypt(_nonce(number, last=not after), block, head))
        if not after:
            break
        block, number = after, number + 1
    if hashed.hexdigest() != sha256:
        raise Damaged(f"what was to be encrypted is not {sha256}")
    return size


def size_of(file_size: int) -> int:
    """Give the bytes of text in an encrypted file of this size; raise Damaged if none has it."""
    body = file_size - DATA
    chunks = -(-body // (CHUNK + _TAG))
    if body < _TAG or 0 < body % (CHUNK + _TAG) < _TAG:
        raise Damaged("no encrypted file has this length")
    return body - chunks * _TAG


class Opened(io.RawIOBase):
    """An encrypted file read as its text, from any place. Closing it closes the file.

    Raises Damaged at the first chunk that is not what was written; OutOfOrder without the key.
    """

    def __init__(self, file: BinaryIO, sha256: str, keys: Keys) -> None:
        super().__init__()
        self._file = file
        self._size = size_of(os.fstat(file.fileno()).st_size)
        self._last = max(-(-self._size // CHUNK) - 1, 0)
        self._head = _read_head(file, sha256)
        self._cipher = _cipher(_data_key(file, self._head, keys))
        self._held: tuple[int, bytes] = (-1, b"")
        self._at = 0
        if not self._size:
            self._chunk(0)  # nothing is read of it later

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be read from any place."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place of the text."""
        start = (0, self._at, self._size)[whence]
        if start + offset < 0:
            raise ValueError("before the beginning")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """Read on, at most to the end of a chunk."""
        if self._at >= self._size or not len(buffer):
            return 0
        number, within = divmod(self._at, CHUNK)
        some = self._chunk(number)[within : within + len(buffer)]
        buffer[: len(some)] = some
        self._at += len(some)
        return len(some)

    def close(self) -> None:
        """Close the file, and forget what was read."""
        self._held = (-1, b"")
        self._file.close()
        super().close()

    def _chunk(self, number: int) -> bytes:
        from cryptography.exceptions import InvalidTag

        if self._held[0] != number:
            self._file.seek(DATA + number * (CHUNK + _TAG))
            raw = self._file.read(CHUNK + _TAG)
            nonce = _nonce(number, last=number == self._last)
            try:
                self._held = number, self._cipher.decrypt(nonce, raw, self._head)
            except (InvalidTag, ValueError) as error:
                raise Damaged(f"chunk {number} of an encrypted file was changed") from error
        return self._held[1]


def rewrap(file: BinaryIO, sha256: str, keys: Keys) -> bool:
    """Let the master key in use now wrap the data key, and say whether that had to be done.

    ``file`` is open for reading and writing. May be cut off at any moment and done again.
    """
    head, name = _read_head(file, sha256), keys.current()
    slots = _slots(file)
    newest = slots[0]
    if newest.key == name:
        return bool(_wipe(file, slots[1:]))
    data = keys.unwrap(newest.key, newest.wrapped)
    other = next(at for at in _SLOTS if at != newest.at)
    written = _slot_bytes(newest.generation + 1, name, keys.wrap(name, data))
    _put(file, other, written)
    faults.point("rewrap_written")
    if keys.unwrap(name, _slots(file)[0].wrapped) != data or data[:16] != head[16:32]:
        raise Damaged("a data key did not come back from the key that wrapped it")
    _wipe(file, [newest])
    faults.point("rewrap_done")
    return True


def key_of(file: BinaryIO, sha256: str) -> str:
    """Name the master key that opens this file."""
    _read_head(file, sha256)
    return _slots(file)[0].key


def _read_head(file: BinaryIO, sha256: str) -> bytes:
    file.seek(0)
    head = file.read(_HEAD.size)
    if len(head) != _HEAD.size:
        raise Damaged("an encrypted file is cut off")
    magic, _, chunk, digest = _HEAD.unpack(head)
    if magic != MAGIC or chunk != CHUNK or digest.hex() != sha256:
        raise Damaged(f"this is not the encrypted file of {sha256}")
    return head


def _data_key(file: BinaryIO, head: bytes, keys: Keys) -> bytes:
    newest = _slots(file)[0]
    data = keys.unwrap(newest.key, newest.wrapped)
    if len(data) != 16 + _KEY or data[:16] != head[16:32]:
        raise Damaged("the data key of an encrypted file belongs to another")
    return data[16:]


def _slots(file: BinaryIO) -> list[_Slot]:
    """Give the valid slots, the one that counts first; raise Damaged if there is none."""
    found = []
    for at in _SLOTS:
        file.seek(at)
        raw = file.read(_SLOT)
        if len(raw) == _SLOT and hashlib.sha256(raw[:-_SUM]).digest() == raw[-_SUM:]:
            generation, length = struct.unpack_from(">QH", raw)
            end = 10 + length
            (wrapped,) = struct.unpack_from(">H", raw, end)
            name, key = raw[10:end].decode(), raw[end + 2 : end + 2 + wrapped]
            found.append(_Slot(at, generation, name, key))
    if not found:
        raise Damaged("an encrypted file has lost its key")
    return sorted(found, key=lambda slot: -slot.generation)


def _slot_bytes(generation: int, name: str, wrapped: bytes) -> bytes:
    key = name.encode()
    said = struct.pack(">QH", generation, len(key)) + key
    said += struct.pack(">H", len(wrapped)) + wrapped
    if len(said) > _SLOT - _SUM:
        raise OutOfOrder("the wrapped key is longer than 4,000 bytes")
    said = said.ljust(_SLOT - _SUM, b"\0")
    return said + hashlib.sha256(said).digest()


def _wipe(file: BinaryIO, slots: list[_Slot]) -> list[_Slot]:
    for slot in slots:
        _put(file, slot.at, bytes(_SLOT))
    return slots


def _put(file: BinaryIO, at: int, data: bytes) -> None:
    file.seek(at)
    file.write(data)
    file.flush()
    os.fsync(file.fileno())


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(8, "big") + b"\0\0\0" + (b"\1" if last else b"\0")


def _cipher(key: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _exactly(source: BinaryIO) -> bytes:
    """Read a whole chunk, whatever the source gives at a time; less at its end only."""
    data = bytearray()
    while len(data) < CHUNK and (some := source.read(CHUNK - len(data))):
        data += some
    return bytes(data)
