"""The receive number that was told is wrong (แจ้งเลขรับผิด): asked by the sender, put right here.

As in TH e-GIF e-CMS the *sender* says that a number does not fit the letter: the delivery is back
at *arrived*, without a number, until the right one comes. The *receiver* puts it right (แจ้งแก้เลข
รับ): the sender is told the number that stands in the book, whatever was told before, and its
delivery bears that. Neither changes a number in a book.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import deliveries, directory, entries, journal, outbox
from registry.desk.acknowledge import acknowledge, may_acknowledge
from registry.desk.authority import must_be_cleared, must_register
from registry.desk.context import Desk
from registry.desk.take_up import held_incoming
from registry.errors import Conflict, NotFound
from registry.letter.book import Book
from registry.letter.delivery import DeliveryState
from registry.models.books import EntryRow
from registry.models.outgoing import DeliveryRow
from registry.outbox import Kind
from registry.thai.text import tidy


def dispute(session: Session, desk: Desk, delivery_id: int, by: str, reason: str) -> None:
    """Tell an addressee that the receive number they told us is not that of our letter.

    Raises NotFound; NotAllowed; Conflict when they told none; ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a number is not disputed without a reason")
    row = session.get(DeliveryRow, delivery_id)
    if row is None:
        raise NotFound(f"no delivery {delivery_id}", thai="ไม่พบรายการส่งนี้")
    entry = session.get_one(EntryRow, row.entry_id)
    officer = must_register(session, directory.entity_by_id(session, entry.entity_id), by)
    must_be_cleared(officer, entry.id, secret=entry.secrecy)
    journal.lock_head(session, entry.entity_id)
    session.refresh(row)
    if row.state != DeliveryState.REGISTERED or not row.remote_number:
        raise Conflict(
            f"delivery {delivery_id} has no receive number", thai="ผู้รับรายนี้ยังไม่ได้แจ้งเลขรับ"
        )
    told, number = f"แจ้งผู้รับว่าเลขรับ {row.remote_number} ไม่ถูกต้อง: {reason.strip()}", row.remote_number
    deliveries.go_back(
        session, row.id, DeliveryState.ARRIVED, at=desk.now(), detail=told, by=officer.email
    )
    line = journal.record(
        session, entry.entity_id, "number-disputed", officer.email, desk.now(), entry.id,
        entry.letter_id, {"delivery": row.id},
    )  # fmt: skip
    facts = {"act": "wrong_number", "number": number, "reason": reason.strip()}
    outbox.enqueue(
        session, desk, Kind.ACKNOWLEDGEMENT, entry.entity_id, row.to_address,
        entry_id=entry.id, facts=facts, once=f"wrong_number:{row.id}:{line}",
    )  # fmt: skip


def correct(
    session: Session, desk: Desk, letter_id: str, by: str, *, told: str = "", reason: str = ""
) -> bool:
    """Tell the sender the receive number that stands in the book; say whether a mail goes.

    ``told`` is the wrong number as it was told before. Raises NotFound; NotAllowed; Conflict
    when the letter is not registered.
    """
    letter, officer = held_incoming(session, letter_id, by)
    entry = session.scalar(
        select(EntryRow)
        .where(EntryRow.letter_id == letter_id, EntryRow.book == Book.RECEIVED)
        .execution_options(populate_existing=True)
    )
    if entry is None or entry.state != "registered":
        raise Conflict(f"letter {letter_id} is not registered", thai="หนังสือฉบับนี้ไม่ได้ลงรับไว้")
    must_be_cleared(officer, letter_id, secret=entry.secrecy)
    words = f"แจ้งแก้เลขรับ จากที่แจ้งไว้ {told}" if told else "แจ้งเลขรับที่ถูกต้องอีกครั้ง"
    said = f"{words}: {reason}".rstrip(": ")
    entries.amend(session, entry.id, officer.email, tidy(said), at=desk.now())
    line = journal.record(
        session, letter.entity_id, "number-corrected", officer.email, desk.now(), entry.id,
        letter.id,
    )  # fmt: skip
    if not may_acknowledge(letter):
        return False
    return acknowledge(
        session, desk, letter, "registered", entry_id=entry.id, reason=tidy(said),
        once=f"corrected:{entry.id}:{line}",
    )  # fmt: skip
