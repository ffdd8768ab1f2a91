"""The claims of one number, for its evidence file: proven anew for this entry alone.

What the whole proof (:mod:`registry.proof`) says of all entries is said here of one: its fields are
those of the journal, its lines follow each other, its files are the ones it had, and every content
is kept unchanged. Neighbours in the series and in the chain are looked at as far as they touch it.

Limit: that the chain as a whole is unbroken is proven by the whole proof alone; the evidence file
names the end of the chain, so that a later proof can be held against it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

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
from registry.proving.holdings import wrong_content
from registry.proving.problem import Wrong
from registry.proving.witnesses import wrong_witnesses

Rebuild = Callable[[Original], str]
_CHANGED: Final = Wrong("line {} was changed", "บรรทัดที่ {} ถูกแก้นอกระบบ")
_LOOSE: Final = Wrong("line {} does not follow", "บรรทัดที่ {} ไม่ต่อกับบรรทัดก่อนหน้า")
_MISSING: Final = Wrong("number {} is missing", "ไม่มีเลข {}")
_CONTENT: Final = Wrong("content {} is missing or was changed", "เนื้อไฟล์หายไปหรือถูกแก้")
_UNKEPT: Final = Wrong("its original is not written down", "ไม่มีต้นฉบับของรายการนี้")
_PARTS: Final = Wrong("its parts do not give the mail", "ต้นฉบับประกอบคืนได้ไม่ตรงกับที่รับมา")
_PART: Final = Wrong("a part of it is missing", "ต้นฉบับบางส่วนหายไป")


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that was looked at; ``wrong`` says in English and ``thai`` in Thai what is, or "".

    ``says`` is the claim, in Thai.
    """

    says: str
    wrong: str = ""
    thai: str = ""


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
        _claim("ข้อความในทะเบียนตรงกับบันทึกการปฏิบัติทุกครั้งที่แก้ไข", wrong_in(row, changes)),
        _claim("บรรทัดบันทึกของเลขนี้ไม่ถูกแก้ไข และต่อกับบรรทัดก่อนหน้า", _chain(session, lines)),
        _claim(
            "ข้อความที่ขีดฆ่า บันทึก การเดินเรื่อง การส่ง และข้อมูลของหนังสือ ตรงกับค่าที่บันทึกการปฏิบัติจดไว้",
            wrong_witnesses(session, row),
        ),
        _claim("เลขก่อนหน้าและเลขถัดไปของทะเบียนมีอยู่ครบ", _neighbours(session, row)),
        _claim("ไฟล์ของหนังสือเป็นชุดเดียวกับเมื่อลงทะเบียน", wrong_files(session, [row])),
        _claim("เนื้อไฟล์ทุกไฟล์ตรงกับค่า SHA ที่บันทึกไว้", _contents(session, blobs, row)),
        *_original(session, row, rebuild),
    ]


def _claim(says: str, wrong: Iterable[Wrong]) -> Claim:
    found = list(wrong)
    return Claim(says, "; ".join(one.what for one in found), ", ".join(one.thai for one in found))


def lines_of(session: Session, entry_id: str) -> list[JournalRow]:
    """Give the journal's lines of an entry, oldest first."""
    wanted = select(JournalRow).where(JournalRow.entry_id == entry_id)
    return list(session.scalars(wanted.order_by(JournalRow.entity_id, JournalRow.position)))


def _chain(session: Session, lines: Sequence[JournalRow]) -> Iterator[Wrong]:
    for line in lines:
        if line.hash != journal.hash_of(line):
            yield _CHANGED.of(line.position)
        before = session.scalar(
            select(JournalRow.hash).where(
                JournalRow.entity_id == line.entity_id, JournalRow.position == line.position - 1
            )
        )
        if line.previous != (before or ""):
            yield _LOOSE.of(line.position)


def _neighbours(session: Session, row: EntryRow) -> list[Wrong]:
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
    return [_MISSING.of(number) for number in sorted(missing)]


def _contents(session: Session, blobs: BlobStore, row: EntryRow) -> Iterator[Wrong]:
    wanted = select(EnclosureRow.sha256).where(EnclosureRow.letter_id == row.letter_id)
    for sha256 in sorted(set(session.scalars(wanted))):
        if wrong_content(blobs, sha256) is not None:
            yield _CONTENT.of(sha256)


def _original(session: Session, row: EntryRow, rebuild: Rebuild | None) -> Iterator[Claim]:
    if row.original_sha256 is None or rebuild is None:
        return
    kept: Any = session.get(OriginalRow, row.original_sha256)
    wrong: Wrong | None = _UNKEPT
    if kept is not None:
        original = Original(kept.sha256, kept.bytes, kept.form, kept.blob, tuple(kept.recipe))
        try:
            wrong = None if rebuild(original) == kept.sha256 else _PARTS
        except (NotFound, OSError):
            wrong = _PART
    yield _claim("อีเมลต้นฉบับประกอบคืนได้ตรงทุกไบต์", [wrong] if wrong else [])
