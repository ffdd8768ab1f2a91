"""Writes small winmail.dat files for tests, as Outlook does ([MS-OXTNEF])."""

import struct


def attribute(level: int, tag: int, data: bytes) -> bytes:
    """One attribute with its checksum."""
    return struct.pack("<BII", level, tag, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def _padded(data: bytes) -> bytes:
    return data + b"\x00" * (-len(data) % 4)


def text8(tag: int, value: bytes) -> bytes:
    """A property of 8-bit text."""
    data = value + b"\x00"
    return struct.pack("<HHII", 0x1E, tag, 1, len(data)) + _padded(data)


def text16(tag: int, value: str) -> bytes:
    """A property of Unicode text."""
    data = value.encode("utf-16-le") + b"\x00\x00"
    return struct.pack("<HHII", 0x1F, tag, 1, len(data)) + _padded(data)


def binary(tag: int, data: bytes, kind: int = 0x102) -> bytes:
    """A property of bytes; kind 0x0d is an object, whose interface id comes first."""
    return struct.pack("<HHII", kind, tag, 1, len(data)) + _padded(data)


def number(tag: int, value: int) -> bytes:
    """A property that is a number."""
    return struct.pack("<HHI", 0x3, tag, value)


def named(name: str, value: int) -> bytes:
    """A named property of Outlook's own, with a number."""
    text = name.encode("utf-16-le") + b"\x00\x00"
    head = struct.pack("<HH", 0x3, 0x8001) + b"G" * 16 + struct.pack("<II", 1, len(text))
    return head + _padded(text) + struct.pack("<I", value)


def properties(*those: bytes) -> bytes:
    """A list of properties."""
    return struct.pack("<I", len(those)) + b"".join(those)


def attachment(title: bytes, data: bytes | None, *those: bytes) -> bytes:
    """One attached file: its old name, its bytes, its properties."""
    out = attribute(2, 0x00069002, b"\x01\x00" + b"\x00" * 12)
    out += attribute(2, 0x00018010, title + b"\x00")
    if data is not None:
        out += attribute(2, 0x0006800F, data)
    return out + (attribute(2, 0x00069005, properties(*those)) if those else b"")


def message(
    *attachments: bytes,
    subject: bytes = b"",
    body: bytes = b"",
    those: tuple[bytes, ...] = (),
    page: int = 874,
) -> bytes:
    """A whole winmail.dat; strings are of this code page."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    out += attribute(1, 0x00089006, struct.pack("<I", 0x10000))
    out += attribute(1, 0x00069007, struct.pack("<II", page, 0))
    out += attribute(1, 0x00018004, subject + b"\x00") if subject else b""
    out += attribute(1, 0x0002800C, body + b"\x00") if body else b""
    out += attribute(1, 0x00069003, properties(*those)) if those else b""
    return out + b"".join(attachments)
