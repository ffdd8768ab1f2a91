"""The evidence file of one number (หลักฐานของเลขทะเบียน): all that is known of it, on paper.

The line of the book with what was struck out, the letter and its files, its way through the office,
deliveries with their whole history, what we told the sender, who fetched files, the lines of the
journal with the hashes that chain them, and what a proof of this entry says at this moment. It says
as well what it does not prove.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import corrections, deliveries, downloads, entries, journal, letters, movements
from registry.acts import act_in_words
from registry.blobs import BlobStore
from registry.clock import BANGKOK
from registry.dossier import NOT_SHOWN, by_whom
from registry.letter.book import Book, Series
from registry.letter.enclosure import human_size
from registry.letter.entry import Entry
from registry.letter.times import came_outside_hours
from registry.letter.vouched import in_words
from registry.letters import Letter
from registry.models.letters import CorrectionRow, LetterRow, NoteRow
from registry.models.outgoing import OutboxRow
from registry.models.people import EntityRow
from registry.pdf.forms.report import Section
from registry.proving.single import Rebuild, lines_of, prove_entry
from registry.thai.dates import long_date, short_date, thai_time

_KINDS: Final = {
    "letter": "หนังสือ", "copy": "สำเนาถึงหน่วยงานย่อย", "acknowledgement": "แจ้งเลขรับถึงผู้ส่ง",
    "delivered": "แจ้งว่าส่งถึงแล้ว", "notice": "แจ้งเจ้าหน้าที่",
}  # fmt: skip
_JOBS: Final = {
    "queued": "รอส่ง", "held": "พักไว้", "sending": "กำลังส่ง", "sent": "ส่งแล้ว",
    "failed": "ส่งไม่สำเร็จ", "dropped": "ยกเลิกส่ง", "withdrawn": "เรียกคืนแล้ว",
}  # fmt: skip
_STEPS: Final = {
    "present": "เสนอ", "order": "ข้อสั่งการ", "endorse": "เกษียน", "pass_on": "ส่งต่อ",
    "close": "ปิดเรื่อง", "reopen": "เปิดเรื่องใหม่",
}  # fmt: skip
_STATES: Final = {"registered": "ลงทะเบียนแล้ว", "reserved": "จองเลขไว้", "void": "ยกเลิกเลข"}
_FIELDS: Final = {
    "letter_number": "ที่", "dated": "ลงวันที่", "from_text": "จาก", "to_text": "ถึง",
    "subject": "เรื่อง", "urgency": "ชั้นความเร็ว", "secrecy": "ชั้นความลับ",
}  # fmt: skip
_ROLES: Final = {"letter": "ตัวหนังสือ", "enclosure": "สิ่งที่ส่งมาด้วย"}
_LIMITS: Final = (
    "เอกสารนี้พิมพ์จากทะเบียนและบันทึกการปฏิบัติ ณ เวลาที่ระบุ แสดงว่ารายการเลขนี้เป็นอย่างไรและตรวจแล้วพบอะไร "
    "แต่ไม่พิสูจน์ว่าบันทึกทั้งสายไม่ถูกเขียนใหม่ทั้งชุด ข้อนั้นต้องเทียบค่าปลายบันทึกข้างต้นกับค่าที่เก็บไว้นอกระบบ "
    "และไม่พิสูจน์ว่าผู้ลงนามในไฟล์เป็นผู้ใด ข้อนั้นต้องตรวจลายมือชื่อในไฟล์เอง"
)


def title_of(entry: Entry) -> str:
    """Give the name of a number: ทะเบียนหนังสือรับ เลขที่ 2231/2568."""
    series = "" if entry.series == Series.ORDINARY else f" {Series(entry.series).thai}"
    return f"{Book(entry.book).heading}{series} เลขที่ {entry.number}/{entry.year}"


def gather(
    session: Session,
    blobs: BlobStore,
    entry_id: str,
    rebuild: Rebuild | None,
    proved: tuple[datetime, bool] | None = None,
) -> tuple[Entry, list[Section]]:
    """Give the entry and the sections of its evidence file. Raises NotFound.

    Whether the reader is cleared is the caller's to ask. ``rebuild`` puts an original together and
    gives its SHA-256; ``proved`` is when the whole proof was last made and whether it held.
    """
    entry = entries.get(session, entry_id, cleared=True)
    letter = letters.get_letter(session, entry.letter_id) if entry.letter_id else None
    sections = [
        Section("บรรทัดในทะเบียน", rows=_named(_line(session, entry))),
        _struck(session, entry),
        Section("หนังสือ", rows=_named(_letter(entry, letter))),
        _files(entry),
        _way(session, entry),
        _notes(session, entry),
        *_sent(session, entry),
        _jobs(session, entry),
        _fetched(session, entry),
        _journal(session, entry),
        _proof(session, blobs, entry, rebuild),
        Section("การตรวจสอบทั้งทะเบียน", rows=_named(_whole(session, entry, proved)), text=_LIMITS),
    ]
    return entry, [one for one in sections if one.rows]


def _line(session: Session, one: Entry) -> Iterator[tuple[str, str]]:
    owner = session.scalar(select(EntityRow.name).where(EntityRow.code == one.entity)) or one.entity
    yield "หน่วยงาน", owner + (f" ({one.unit})" if one.unit else "")
    yield "ทะเบียน", title_of(one)
    yield "สถานะ", " ".join(filter(None, (_STATES[one.state], one.void_reason)))
    yield "ลงทะเบียนเมื่อ", _when(one.registered_at)
    yield "ที่", one.letter_number
    yield "ลงวันที่", long_date(one.dated) if one.dated else ""
    yield "จาก", one.from_text
    yield "ถึง", one.to_text
    yield "เรื่อง", one.subject
    yield "การปฏิบัติ", one.action
    yield "หมายเหตุ", one.note
    yield "ชั้นความเร็ว", one.urgency
    yield "ชั้นความลับ", one.secrecy or ""
    yield "ให้รายงานภายใน", _when(one.due)
    yield "ปิดเรื่องเมื่อ", _when(one.closed)
    yield "ID", one.id


def _struck(session: Session, one: Entry) -> Section:
    rows = [
        (_when(c.at), c.by, _FIELDS[c.field], _old(c.old), c.reason)
        for c in corrections.of(session, [one.id]).get(one.id, ())
    ]
    columns = (("เมื่อ", 0.2), ("ผู้แก้ไข", 0.2), ("ช่อง", 0.12), ("ข้อความเดิม", 0.28), ("เหตุผล", 0.2))
    return Section("ข้อความที่แก้ไข", columns, rows, verbatim=("ผู้แก้ไข", "ข้อความเดิม", "เหตุผล"))


def _letter(one: Entry, letter: Letter | None) -> Iterator[tuple[str, str]]:
    if letter and letter.direction == "in":
        yield "ผู้ส่ง", " ".join(filter(None, (letter.sender_name, f"<{letter.sender}>")))
        yield "การยืนยันผู้ส่ง", in_words(letter.trust)
    if letter and letter.direction == "out":
        yield "ผู้ร่าง", letter.clerk
    yield "เวลาในหัวจดหมาย", _when(one.date_header)
    yield "รับเข้าระบบเมื่อ", _when(one.accepted_at)
    outside = came_outside_hours(one.accepted_at, one.deemed_received_at)
    deemed = _when(one.deemed_received_at)
    yield "ถือว่าได้รับเมื่อ", f"{deemed} (เข้ามานอกเวลาราชการ)" if outside else deemed
    yield "อ้างถึง", "; ".join(reference.text for reference in one.references)
    yield "Message-ID", one.message_id or ""
    yield "SHA-256 (original)", one.original_sha256 or ""


def _files(one: Entry) -> Section:
    rows = [
        (_ROLES.get(f.role, f.role), f.name, human_size(f.bytes), f.sha256) for f in one.enclosures
    ]
    columns = (("ชนิด", 0.15), ("ชื่อไฟล์", 0.33), ("ขนาด", 0.12), ("SHA-256", 0.4))
    return Section("ไฟล์ของหนังสือ", columns, rows, verbatim=("ชื่อไฟล์",))


def _way(session: Session, one: Entry) -> Section:
    rows = []
    for step in movements.of(session, one.id):
        by = step.by + (f" แทน {step.by_for}" if step.by_for else "")
        undone = f" (เลิกทำโดย {step.undone_by})" if step.undone_at else ""
        to = step.to_name or step.to_unit or step.to_address
        word = _STEPS.get(step.kind, step.kind) + undone
        rows.append((_when(step.at), word, by, to, step.text))
    columns = (("เมื่อ", 0.2), ("การปฏิบัติ", 0.14), ("โดย", 0.2), ("ถึง", 0.18), ("ข้อความ", 0.28))
    return Section("การเดินเรื่อง", columns, rows, verbatim=("โดย", "ถึง", "ข้อความ"))


def _notes(session: Session, one: Entry) -> Section:
    reasons = select(CorrectionRow.note_id).where(
        CorrectionRow.entry_id == one.id, CorrectionRow.note_id.is_not(None)
    )  # they stand beside what was struck out
    wanted = select(NoteRow, LetterRow.secrecy)
    wanted = wanted.outerjoin(LetterRow, LetterRow.id == NoteRow.letter_id)
    wanted = wanted.where(NoteRow.entry_id == one.id, NoteRow.id.not_in(reasons))
    rows = [
        (_when(row.at), by_whom(row.by), row.text if one.secrecy or not secrecy else NOT_SHOWN)
        for row, secrecy in session.execute(wanted.order_by(NoteRow.id))
    ]
    return Section("บันทึกท้ายหนังสือ", (("เมื่อ", 0.2), ("โดย", 0.25), ("ข้อความ", 0.55)), rows,
                   verbatim=("โดย", "ข้อความ"))  # fmt: skip


def _sent(session: Session, one: Entry) -> Iterator[Section]:
    told = deliveries.history(session, [delivery.id for delivery in one.deliveries])
    for delivery in one.deliveries:
        number = f" เลขรับ {delivery.remote_number}" if delivery.remote_number else ""
        rows = [(_when(e.at), e.state.thai, e.detail, e.by) for e in told[delivery.id]]
        to = f"{delivery.to_name or delivery.to} <{delivery.to}>"
        columns = (("เมื่อ", 0.2), ("สถานะ", 0.15), ("หลักฐาน", 0.45), ("โดย", 0.2))
        title = f"ส่งถึง {to}: {delivery.state.thai}{number}"
        yield Section(title, columns, rows, verbatim=("หลักฐาน", "โดย"))


def _jobs(session: Session, one: Entry) -> Section:
    wanted = select(OutboxRow).where(OutboxRow.entry_id == one.id, OutboxRow.kind != "webhook")
    rows = [
        (_KINDS.get(row.kind, row.kind), row.to_address, _JOBS.get(row.state, row.state),
         _when(row.done_at), row.last_reply)
        for row in session.scalars(wanted.order_by(OutboxRow.created_at, OutboxRow.id))
    ]  # fmt: skip
    columns = (("อีเมล", 0.2), ("ถึง", 0.25), ("สถานะ", 0.13), ("เมื่อ", 0.18), ("คำตอบ", 0.24))
    title = "อีเมลที่ระบบส่งเกี่ยวกับเลขนี้"
    return Section(title, columns, rows, verbatim=("ถึง", "คำตอบ"))


def _fetched(session: Session, one: Entry) -> Section:
    found = downloads.downloads(session, one.letter_id) if one.letter_id else []
    rows = [(_when(d.at), d.to_address, d.file_name, d.peer, d.agent) for d in found]
    columns = (("เมื่อ", 0.2), ("หน้าของ", 0.22), ("ไฟล์", 0.22), ("จากเครื่อง", 0.14), ("โปรแกรม", 0.22))
    columns_as_they_are = ("หน้าของ", "ไฟล์", "จากเครื่อง", "โปรแกรม")
    return Section("การดาวน์โหลดทางลิงก์", columns, rows, verbatim=columns_as_they_are)


def _journal(session: Session, one: Entry) -> Section:
    rows = [
        (str(line.position), _when(line.at), line.actor, act_in_words(line.act),
         f"digest {line.digest or '-'} previous {line.previous or '-'} hash {line.hash}")
        for line in lines_of(session, one.id)
    ]  # fmt: skip
    columns = (("#", 0.08), ("เมื่อ", 0.18), ("โดย", 0.18), ("การปฏิบัติ", 0.14), ("SHA-256", 0.42))
    title = "บันทึกการปฏิบัติ (บรรทัดของเลขนี้ พร้อมค่าที่ร้อยต่อกัน)"
    return Section(title, columns, rows, verbatim=("โดย",))


def _proof(session: Session, blobs: BlobStore, one: Entry, rebuild: Rebuild | None) -> Section:
    claims = prove_entry(session, blobs, one.id, rebuild)
    rows = [(claim.says, f"ไม่ถูกต้อง: {claim.thai}" if claim.wrong else "ถูกต้อง") for claim in claims]
    return Section("ผลการตรวจสอบเลขนี้ ณ เวลาที่พิมพ์", (("ข้อตรวจ", 0.6), ("ผล", 0.4)), rows)


def _whole(
    session: Session, one: Entry, proved: tuple[datetime, bool] | None
) -> Iterator[tuple[str, str]]:
    owner = session.scalar(select(EntityRow.id).where(EntityRow.code == one.entity))
    head = journal.end_of(session, owner or 0)
    yield "ปลายบันทึก บรรทัดที่", str(head.position)
    yield "SHA-256 (head)", head.hash
    word = "ครบถ้วนถูกต้อง" if proved and proved[1] else "พบสิ่งไม่ถูกต้อง"
    yield "ตรวจทั้งทะเบียนล่าสุด", f"{_when(proved[0])} {word}" if proved else "ยังไม่มีผลการตรวจ"


def _named(facts: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in facts if value]


def _old(value: object) -> str:
    if value is None:
        return "(ว่าง)"
    return short_date(value) if isinstance(value, date) else str(value)


def _when(at: datetime | None) -> str:
    return f"{short_date(at.astimezone(BANGKOK).date())} {thai_time(at)}" if at else ""
