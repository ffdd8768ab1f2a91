"""Members of a zipped document (OOXML, OpenDocument), read as a stream of XML within bounds.

Nothing that the archive claims is believed: bytes are counted as they are unpacked, over all
members together, so that a bomb ends at the bound. The parser (defusedxml) refuses entities of the
document's own; no tree is built, so that memory does not grow with the file.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from registry.texts.extract import Gathering, Unreadable

BROKEN: Final = "ไฟล์เอกสารเสียหายหรือไม่สมบูรณ์ จึงอ่านข้อความไม่ได้"
LOCKED: Final = "ไฟล์เอกสารมีรหัสผ่าน จึงอ่านข้อความไม่ได้"
_TOO_LARGE: Final = "ไฟล์แตกแล้วใหญ่ผิดปกติ อ่านเพียงส่วนแรก"
_BLOCK: Final = 1 << 16
_MOST_MEMBERS: Final = 10_000
_ENCRYPTED: Final = 0x1
_BAD: Final = (
    zipfile.BadZipFile, zlib.error, ParseError, DefusedXmlException, RuntimeError,
    EOFError, LookupError, UnicodeError, ValueError,
)  # fmt: skip


class Target(Protocol):
    """What hears the parser: names come without their namespace."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """It ends."""

    def data(self, text: str) -> None:
        """Characters between."""


class Packed:
    """An open zipped document and how much of it has been unpacked."""

    def __init__(self, archive: zipfile.ZipFile, gathering: Gathering) -> None:
        self._archive = archive
        self._gathering = gathering
        self._left = gathering.bounds.unpacked
        self.names = frozenset(archive.namelist()[:_MOST_MEMBERS])
        if any(info.flag_bits & _ENCRYPTED for info in archive.infolist()):
            raise Unreadable(LOCKED)

    def read(self, name: str, target: Target) -> None:
        """Send one member to the target, as much as may be unpacked. Raises Unreadable."""
        if name not in self.names:
            return
        parser = DefusedXMLParser(target=_Plain(target), forbid_dtd=True)
        try:
            with self._archive.open(name) as member:
                while block := member.read(min(_BLOCK, self._left + 1)):
                    self._left -= len(block)
                    if self._left < 0:
                        self._gathering.cut = self._gathering.cut or _TOO_LARGE
                        return
                    parser.feed(block)
                    if self._gathering.is_enough():
                        return
            parser.close()
        except _BAD as error:
            raise Unreadable(BROKEN) from error


@contextmanager
def unpacked(path: Path, gathering: Gathering) -> Iterator[Packed]:
    """Open a zipped document. Raises Unreadable."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield Packed(archive, gathering)
    except _BAD as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(BROKEN) from error


class _Plain:
    """Takes the namespaces off the names."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self.data = target.data

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._target.start(_local(tag), {_local(key): said for key, said in attributes.items()})

    def end(self, tag: str) -> None:
        self._target.end(_local(tag))

    def close(self) -> Any:
        return None


def _local(name: str) -> str:
    return name.rpartition("}")[2]
