"""The claims of one number, for its evidence file: proven anew for this entry alone.

What the whole proof (:mod:`registry.proof`) says of all entries is said here of one: its fields are
those of the journal, its lines follow each other, its files are the ones it had, and every content
is kept unchanged. Neighbours in the series and in the chain are looked at as far as they touch it.

Limit: that the chain as a whole is unbroken is proven by the whole proof alone; the evidence file
names the end of the chain, so that a later proof can be held against it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import journal
from registry.blobs import BlobStore
from registry.errors import NotFound
from registry.letter.message import Original
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import EnclosureRow, OriginalRow
from registry.proving.files import wrong_files
from registry.proving.histories import wrong_in

Rebuild = Callable[[Original], str]


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that was looked at, in Thai; ``wrong`` says in English what is, "" if sound."""

    says: str
    wrong: str = ""


def prove_entry(
    session: Session, blobs: BlobStore, entry_id: str, rebuild: Rebuild | None = None
) -> list[Claim]:
    """Prove one entry anew. Raises NotFound. Reads every file of its letter."""
    row = session.get(EntryRow, entry_id)
    if row is None:
        raise NotFound(f"no entry {entry_id}")
    lines = lines_of(session, entry_id)
    changes = [line for line in lines if line.digest]
    return [
        Claim("ข้อความในทะเบียนตรงกับบันทึกการปฏิบัติทุกครั้งที่แก้ไข", "; ".join(wrong_in(row, changes))),
        Claim("บรรทัดบันทึกของเลขนี้ไม่ถูกแก้ไข และต่อกับบรรทัดก่อนหน้า", "; ".join(_chain(session, lines))),
        Claim("เลขก่อนหน้าและเลขถัดไปของทะเบียนมีอยู่ครบ", _neighbours(session, row)),
        Claim("ไฟล์ของหนังสือเป็นชุดเดียวกับเมื่อลงทะเบียน", "; ".join(wrong_files(session, [row]))),
        Claim("เนื้อไฟล์ทุกไฟล์ตรงกับค่า SHA ที่บันทึกไว้", "; ".join(_contents(session, blobs, row))),
        *_original(session, row, rebuild),
    ]


def lines_of(session: Session, entry_id: str) -> list[JournalRow]:
    """Give the journal's lines of an entry, oldest first."""
    wanted = select(JournalRow).where(JournalRow.entry_id == entry_id)
    return list(session.scalars(wanted.order_by(JournalRow.entity_id, JournalRow.position)))


def _chain(session: Session, lines: Sequence[JournalRow]) -> Iterator[str]:
    for line in lines:
        if line.hash != journal.hash_of(line):
            yield f"line {line.position} was changed"
        before = session.scalar(
            select(JournalRow.hash).where(
                JournalRow.entity_id == line.entity_id, JournalRow.position == line.position - 1
            )
        )
        if line.previous != (before or ""):
            yield f"line {line.position} does not follow"


def _neighbours(session: Session, row: EntryRow) -> str:
    mine = (
        EntryRow.entity_id == row.entity_id, EntryRow.unit_code == row.unit_code,
        EntryRow.book == row.book, EntryRow.series == row.series, EntryRow.year == row.year,
    )  # fmt: skip
    first, last = session.execute(
        select(func.min(EntryRow.number), func.max(EntryRow.number)).where(*mine)
    ).one()
    near = {row.number - 1, row.number + 1} & set(range(first, last + 1))
    wanted = select(EntryRow.number).where(*mine, EntryRow.number.in_(near))
    missing = near - set(session.scalars(wanted))
    return "; ".join(f"number {number} is missing" for number in sorted(missing))


def _contents(session: Session, blobs: BlobStore, row: EntryRow) -> Iterator[str]:
    wanted = select(EnclosureRow.sha256).where(EnclosureRow.letter_id == row.letter_id)
    for sha256 in sorted(set(session.scalars(wanted))):
        if not blobs.verify(sha256):
            yield f"content {sha256} is missing or was changed"


def _original(session: Session, row: EntryRow, rebuild: Rebuild | None) -> Iterator[Claim]:
    if row.original_sha256 is None or rebuild is None:
        return
    kept: Any = session.get(OriginalRow, row.original_sha256)
    wrong = "its original is not written down"
    if kept is not None:
        original = Original(kept.sha256, kept.bytes, kept.form, kept.blob, tuple(kept.recipe))
        try:
            wrong = "" if rebuild(original) == kept.sha256 else "its parts do not give the mail"
        except (NotFound, OSError):
            wrong = "a part of it is missing"
    yield Claim("ไปรษณีย์ต้นฉบับประกอบคืนได้ตรงทุกไบต์", wrong)
