"""Compressed RTF as Outlook puts it into a winmail.dat ([MS-OXRTFCP]).

At most ``most`` bytes come out, whatever the header promises: a pair of bytes makes no more than
seventeen, and what would pass the bound is left. The checksum is not looked at: half a text is
worth more than none.
"""

import struct
from typing import Final

_DICTIONARY: Final = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_SIZE: Final = 4096
_COMPRESSED, _PLAIN = b"LZFu", b"MELA"


def decompress(data: bytes, most: int) -> bytes:
    """Return at most ``most`` bytes of RTF; b"" for what is none. Never raises."""
    if len(data) < 16:
        return b""
    _, raw, form, _ = struct.unpack("<II4sI", data[:16])
    if form == _PLAIN:
        return data[16 : 16 + min(raw, most)]
    return _unpacked(data[16:], most) if form == _COMPRESSED else b""


def _unpacked(data: bytes, most: int) -> bytes:
    window = bytearray(_DICTIONARY.ljust(_SIZE, b"\x00"))
    write, at, out = len(_DICTIONARY), 0, bytearray()
    while at < len(data) and len(out) < most:
        control, at = data[at], at + 1
        for bit in range(8):
            step = 2 if control >> bit & 1 else 1
            token = data[at : at + step]
            if len(token) < step:
                return bytes(out)
            at += step
            run = _run(window, token, write) if step == 2 else token
            if not run:
                return bytes(out)
            for byte in run:
                window[write] = byte
                write = (write + 1) % _SIZE
            out += run
    return bytes(out[:most])


def _run(window: bytearray, token: bytes, write: int) -> bytes:
    """Give what a reference of two bytes stands for; b"" at the end mark."""
    pair = token[0] << 8 | token[1]
    start, length = pair >> 4, (pair & 15) + 2
    if start == write:
        return b""
    room = (write - start) % _SIZE  # a run may repeat what it writes itself
    return bytes(window[(start + n % room) % _SIZE] for n in range(length))
