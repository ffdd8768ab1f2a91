"""A long text kept in few bytes: one byte for a Thai letter, then compressed.

UTF-8 spends three bytes on each Thai letter, and a page of a database holds one letter's document
where it could hold six. What the one-byte code of Windows for Thai cannot say is kept as UTF-8.
Packed text is for columns that are read whole; no database can look into it.
"""

import zlib
from typing import Final

from sqlalchemy import Dialect, LargeBinary, TypeDecorator

_THAI: Final = "cp874"
_MARK_THAI: Final = b"t"
_MARK_ANY: Final = b"u"
_LEVEL: Final = 1  # the higher ones win one part in a hundred


class Packed(TypeDecorator[str]):
    """The type of a column of packed text."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Pack on the way in."""
        return None if value is None else pack(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Unpack on the way out."""
        return None if value is None else unpack(value)


def pack(text: str) -> bytes:
    """Pack a text that has no lone surrogates."""
    try:
        return _MARK_THAI + zlib.compress(text.encode(_THAI), _LEVEL)
    except UnicodeEncodeError:
        return _MARK_ANY + zlib.compress(text.encode(), _LEVEL)


def unpack(data: bytes) -> str:
    """Give the text again."""
    raw = zlib.decompress(memoryview(data)[1:])
    return raw.decode(_THAI if data[:1] == _MARK_THAI else "utf-8")
