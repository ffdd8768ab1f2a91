"""What a PDF carries beside its pages: files within it, and commands that a reader would obey.

Files lie in the catalog's /EmbeddedFiles, in /AF and in annotations (ISO 32000-1 7.11.4).
JavaScript, programs to be started and forms that send themselves stand in /OpenAction, /AA, /Names
and in annotations (12.6). Nothing is ever run here; what there is is told, and the files are given
out to be read like others.

Limits: the first thousand pages are looked at, twenty files within, twenty megabytes of each.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Final

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from registry.thai.text import tidy

_COMMANDS: Final = {
    "/JavaScript": "JavaScript",
    "/Launch": "เปิดโปรแกรม",
    "/SubmitForm": "ส่งข้อมูลออก",
    "/ImportData": "นำข้อมูลเข้า",
    "/RichMediaExecute": "สื่อในไฟล์",
}
_SAID: Final = {
    name: re.compile(rb"/S\s*" + name.encode("ascii") + rb"(?![A-Za-z])") for name in _COMMANDS
}
_LONGEST: Final = 60  # bytes of such a name, with what may stand before it
_BLOCK: Final = 1 << 20
_PAGES: Final = 1000
_NOTES: Final = 200  # annotations of a page
_NEXT: Final = 20  # actions one after the other
_DEEP: Final = 8  # of a tree of names
_FILES: Final = 20
_BYTES: Final = 20_000_000
_NAME: Final = 120
_PACKED_NOTHING: Final = 20  # bytes that nothing may be packed to


@dataclass(frozen=True, slots=True)
class Inner:
    """One file within: its name, and its bytes (None: too large, or broken)."""

    name: str
    data: bytes | None


def commands_in(document: PdfReader) -> list[str]:
    """Name in Thai what a reader would do by itself or at a click; in a fixed order."""
    found = {str(kind) for action in _actions(document) if (kind := action.get("/S")) in _COMMANDS}
    return [thai for name, thai in _COMMANDS.items() if name in found]


def commands_seen(file: BinaryIO) -> list[str]:
    """Name those that stand in the clear in a file that pypdf cannot take apart; as above."""
    file.seek(0)
    found, tail = set[str](), b""
    while block := file.read(_BLOCK):
        text = tail + block
        found |= {name for name in _COMMANDS if _SAID[name].search(text)}
        tail = text[-_LONGEST:]
    return [thai for name, thai in _COMMANDS.items() if name in found]


def files_in(document: PdfReader) -> Iterator[Inner]:
    """Give the files within, each once; those that are broken without bytes."""
    for said, held in held_in(document):
        name = PurePosixPath(said.replace("\\", "/")).name
        yield Inner(" ".join(tidy(name).split())[:_NAME] or "ไฟล์", bytes_of(held))


def held_in(document: PdfReader, most: int = _FILES) -> Iterator[tuple[str, Any]]:
    """Give the files within, each once: the name as it stands there, and what holds the bytes."""
    seen: set[int] = set()
    for spec in _specs(document):
        held = _dict(spec.get("/EF"))
        raw = next((held.raw_get(key) for key in ("/UF", "/F") if key in held), None)
        known = raw.idnum if isinstance(raw, IndirectObject) else id(raw)
        if raw is None or known in seen:
            continue
        seen.add(known)
        yield _name(spec), raw
        if len(seen) >= most:
            return


def bytes_of(held: Any) -> bytes | None:
    """Give what :func:`held_in` gave; None if it is broken, or more than there may be."""
    try:
        stream = _plain(held)
        data = bytes(stream.get_data())
    except Exception:  # noqa: BLE001 - pypdf raises anything at all on broken streams
        return None
    nothing = not data and len(stream._data) > _PACKED_NOTHING  # noqa: SLF001 - for want of another way
    return None if nothing or len(data) > _BYTES else data


def _actions(document: PdfReader) -> Iterator[DictionaryObject]:
    root = _dict(document.trailer.get("/Root"))
    yield from _chain(_get(root, "/OpenAction"))
    yield from _of_events(root)
    if "/JavaScript" in _dict(_get(root, "/Names")):
        yield DictionaryObject({_key("/S"): _key("/JavaScript")})
    for page in _pages(document):
        yield from _of_events(page)
        for note in _notes(page):
            yield from _chain(_get(note, "/A"))
            yield from _of_events(note)


def _of_events(thing: DictionaryObject) -> Iterator[DictionaryObject]:
    for action in list(_dict(_get(thing, "/AA")).values())[:_NEXT]:
        yield from _chain(action)


def _chain(action: Any) -> Iterator[DictionaryObject]:
    """Give an action and those that follow it."""
    waiting = [action]
    for _ in range(_NEXT):
        if not waiting:
            return
        one = _plain(waiting.pop())
        if isinstance(one, ArrayObject):
            waiting += list(one)[:_NEXT]
        elif isinstance(one, DictionaryObject):
            yield one
            waiting.append(_get(one, "/Next"))


def _specs(document: PdfReader) -> Iterator[DictionaryObject]:
    root = _dict(document.trailer.get("/Root"))
    yield from _named(_get(_dict(_get(root, "/Names")), "/EmbeddedFiles"), _DEEP)
    for spec in _list(_get(root, "/AF")):
        yield _dict(spec)
    for page in _pages(document):
        for note in _notes(page):
            if note.get("/Subtype") == "/FileAttachment":
                yield _dict(_get(note, "/FS"))


def _named(tree: Any, deep: int) -> Iterator[DictionaryObject]:
    """Give the values of a tree of names."""
    node = _dict(tree)
    for spec in _list(_get(node, "/Names"))[1::2]:
        yield _dict(spec)
    if deep:
        for kid in _list(_get(node, "/Kids")):
            yield from _named(kid, deep - 1)


def _pages(document: PdfReader) -> Iterator[DictionaryObject]:
    for number in range(min(len(document.pages), _PAGES)):
        yield document.pages[number]


def _notes(page: DictionaryObject) -> Iterator[DictionaryObject]:
    for note in _list(_get(page, "/Annots")):
        yield _dict(note)


def _name(spec: DictionaryObject) -> str:
    """Give the name; one of old, in bytes, is mostly what Windows calls Thai (7.11.2)."""
    if said := _get(spec, "/UF"):
        return str(said)
    old = _get(spec, "/F") or ""
    raw = getattr(old, "original_bytes", b"")
    if raw.isascii() or raw.startswith((b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf")):
        return str(old)
    for encoding in ("utf-8", "cp874"):
        with suppress(UnicodeDecodeError):
            return str(raw.decode(encoding))
    return str(old)


def _plain(thing: Any) -> Any:
    return thing.get_object() if hasattr(thing, "get_object") else thing


def _get(held: DictionaryObject, key: str) -> Any:
    return _plain(held.get(key))


def _dict(thing: Any) -> DictionaryObject:
    found = _plain(thing)
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _list(thing: Any) -> list[Any]:
    found = _plain(thing)
    return list(found)[:_NOTES] if isinstance(found, ArrayObject) else []


def _key(name: str) -> Any:
    from pypdf.generic import NameObject

    return NameObject(name)
