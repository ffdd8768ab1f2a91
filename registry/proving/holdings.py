"""The claim of bytes: every file of every letter, and every original, is kept and unchanged.

Each content is read once and its SHA-256 computed anew. An original that is kept as skeleton and
parts needs all of them, one that stands in a pack needs the pack; whether they give the raw mail
byte for byte is proven too when the caller brings the way to put them together, which is a matter
of mail and lives elsewhere.

Limit: 32 bytes of memory for each different content.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from registry import saved
from registry.blobs import BlobStore
from registry.errors import NotFound, OutOfOrder
from registry.letter.message import Original
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow, OriginalRow
from registry.proving.problem import Problem, Wrong
from registry.secret.container import Damaged

Rebuild = Callable[[Original], str]
"""Put an original together and give the SHA-256 of the raw mail."""

_MISSING: Final = Wrong("content {} is missing", "เนื้อไฟล์หายไป")
_SIZE: Final = Wrong("content {} has {} bytes instead of {}", "เนื้อไฟล์ไม่ครบหรือถูกแก้")
_CHANGED: Final = Wrong("content {} was changed", "เนื้อไฟล์ถูกแก้นอกระบบ")
_LOCKED: Final = Wrong(
    "content {} does not open with the keys that are here", "เปิดไฟล์หนังสือลับด้วยกุญแจที่มีอยู่ไม่ได้"
)
_OTHER: Final = Wrong("it is kept whole under another digest", "ต้นฉบับถูกสลับกับเนื้ออื่น")
_PARTS: Final = Wrong(
    "its parts do not give the mail as it was received", "ต้นฉบับประกอบคืนได้ไม่ตรงกับที่รับมา"
)
_UNKEPT: Final = Wrong("its original is not written down", "ไม่มีต้นฉบับของรายการนี้")


class _Shelf:
    """The store, with a memory of what was read already."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs
        self.good: set[bytes] = set()

    def wrong(self, sha256: str, size: int | None = None) -> Wrong | None:
        """Say what is wrong with a content; None when it is whole and has that size."""
        try:
            found = self._blobs.size(sha256)
        except NotFound:
            return _MISSING.of(sha256)
        except Damaged:
            return _CHANGED.of(sha256)
        if size is not None and found != size:
            return _SIZE.of(sha256, found, size)
        if bytes.fromhex(sha256) in self.good:
            return None
        wrong = wrong_content(self._blobs, sha256)
        if wrong is None:
            self.good.add(bytes.fromhex(sha256))
        return wrong


def wrong_content(blobs: BlobStore, sha256: str) -> Wrong | None:
    """Read a content, also an encrypted one, and say what is wrong with it."""
    try:
        return None if blobs.verify(sha256) else _CHANGED.of(sha256)
    except OutOfOrder:
        return _LOCKED.of(sha256)


def prove_holdings(
    session: Session, blobs: BlobStore, rebuild: Rebuild | None = None
) -> tuple[int, list[Problem]]:
    """Give the number of good contents, and what is missing or changed."""
    shelf = _Shelf(blobs)
    problems = [*_enclosures(session, shelf), *_originals(session, shelf, rebuild)]
    return len(shelf.good), problems + list(_unkept(session))


def digests_in_use(session: Session) -> Iterator[str]:
    """Give every digest that a row needs, some more than once (for backups)."""
    for wanted in (select(EnclosureRow.sha256).distinct(), select(OriginalRow.blob)):
        yield from session.scalars(wanted.execution_options(yield_per=1000))
    for recipe in session.scalars(_recipes().execution_options(yield_per=200)):
        yield from (step["sha256"] for step in recipe)


def used(session: Session) -> Callable[[str], bool]:
    """Give a test of whether any row needs a content, as it is now (for the sweep of the store)."""
    needed = {bytes.fromhex(sha256) for sha256 in digests_in_use(session)}
    needed |= {bytes.fromhex(sha256) for sha256 in saved.digests(session)}  # not sent yet
    return lambda sha256: bytes.fromhex(sha256) in needed


def _enclosures(session: Session, shelf: _Shelf) -> Iterator[Problem]:
    wanted = select(EnclosureRow.sha256, EnclosureRow.bytes).distinct()
    ordered = wanted.order_by(EnclosureRow.sha256).execution_options(yield_per=1000)
    for sha256, size in session.execute(ordered):
        if wrong := shelf.wrong(sha256, size):
            mine = (EnclosureRow.sha256 == sha256, EnclosureRow.bytes == size)
            for letter_id in _first_letters(session, *mine):
                yield Problem("blob", f"letter {letter_id}", *wrong, letter=letter_id)


def _first_letters(session: Session, *where: Any) -> list[str]:
    """Give the first letter of each entity that such files hang on: each is told."""
    wanted = select(func.min(LetterRow.id)).join(EnclosureRow).where(*where)
    return list(session.scalars(wanted.group_by(LetterRow.entity_id).order_by(LetterRow.entity_id)))


def _originals(session: Session, shelf: _Shelf, rebuild: Rebuild | None) -> Iterator[Problem]:
    wanted = select(OriginalRow).order_by(OriginalRow.sha256)
    for row in session.scalars(wanted.execution_options(yield_per=200)):
        for wrong in _of_original(row, shelf, rebuild):
            where = f"original {row.sha256}"
            for letter_id in _came_as(session, row.sha256) or [""]:
                yield Problem("original", where, *wrong, letter=letter_id)


def _came_as(session: Session, sha256: str) -> list[str]:
    """Give the first letter of each entity that has this original."""
    wanted = select(func.min(LetterRow.id)).where(LetterRow.original_sha256 == sha256)
    return list(session.scalars(wanted.group_by(LetterRow.entity_id).order_by(LetterRow.entity_id)))


def _of_original(row: OriginalRow, shelf: _Shelf, rebuild: Rebuild | None) -> list[Wrong]:
    whole = row.form == "whole"
    pieces = [(row.blob, row.bytes if whole else None)]
    pieces += [(step["sha256"], step["bytes"]) for step in row.recipe]
    wrong = [what for sha256, size in pieces if (what := shelf.wrong(sha256, size))]
    if whole and row.blob != row.sha256:
        wrong.append(_OTHER)
    if rebuild is not None and not whole and not wrong:
        kept = Original(row.sha256, row.bytes, row.form, row.blob, tuple(row.recipe))
        if rebuild(kept) != row.sha256:
            wrong.append(_PARTS)
    return wrong


def _unkept(session: Session) -> Iterator[Problem]:
    """Find letters and entries whose original is not written down."""
    for thing, table in (("letter", LetterRow), ("entry", EntryRow)):
        wanted = select(table.id).outerjoin(
            OriginalRow, OriginalRow.sha256 == table.original_sha256
        )
        wanted = wanted.where(table.original_sha256.is_not(None), OriginalRow.sha256.is_(None))
        for found in session.scalars(wanted.order_by(table.id)):
            yield Problem("original", f"{thing} {found}", *_UNKEPT, **{thing: found})


def _recipes() -> Select[list[dict[str, str]]]:
    return select(OriginalRow.recipe).where(OriginalRow.form != "whole")
