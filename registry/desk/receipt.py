"""An addressee says how far our letter has come: by machine, or in a person's few words.

States are those of TH e-GIF e-CMS. A machine's receipt names our letter by its Message-ID and
counts only when it is proven to come from the addressee. A person's short answer without a file
that says ได้รับ, ลงรับ or เลขรับ N counts when it comes from the address we wrote to, or from its
domain. Neither takes a number, and neither is ever answered.

A receipt that came before moves nothing again, whoever sends it on: its signature is as good as
on the first day. Of two that contradict each other the one that was *made* later holds, whichever
arrives first. Both stand in the history.

Words that ask for something (แต่, ขอให้, เปิดไม่ได้, …) make an answer a letter again: somebody must
read it.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import deliveries, journal, outbox
from registry.desk.case import Case
from registry.desk.context import Desk
from registry.desk.keep import keep
from registry.desk.recall import take_answer
from registry.desk.recalled import take_recall
from registry.desk.route import delivery_to
from registry.desk.tell import tell
from registry.letter.delivery import DeliveryState
from registry.letter.message import Receipt
from registry.letter.sorting import Kind, Outcome, Tag
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import LetterRow, NoteRow
from registry.models.outgoing import DeliveryRow, SentMessageRow
from registry.thai.numerals import to_arabic
from registry.thai.text import tidy

MOST = 200  # characters of a person's acknowledgement
_STATES = {
    "arrived": DeliveryState.ARRIVED,
    "registered": DeliveryState.REGISTERED,
    "returned": DeliveryState.RETURNED,
    "wrong": DeliveryState.WRONG,
}
_RECEIVED = re.compile(
    r"ได้รับ|ลงรับ|รับเรื่อง|รับหนังสือ|รับแล้ว|เลขรับ|เลขที่รับ|เลขทะเบียนรับ|รับที่|รับเลขที่"
    r"|\b(?:received|registered)\b|\breceipt no\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?:เลขทะเบียนรับ|เลขที่รับ|เลขรับ|ลงรับ|รับที่|รับเลขที่|ลงทะเบียนรับ|\breceived|\breceipt|\bregistered)"
    r"(?:เรียบร้อย)?(?:แล้ว)?(?:ครับ|ค่ะ|คะ)?\s*(?:under\s+)?(?:เลขที่|เลขรับที่|เลขรับ|เลข|ที่|numbers?|no\.?)?"
    r"\s*[:：]?\s*(?P<number>[0-9]{1,7})(?![0-9]|[.,:][0-9])(?!\s*(?:ฉบับ|เรื่อง|วัน|รายการ|ชุด|แผ่น|หน้า|น\.|คน))(?:\s*/\s*(?P<year>2[45][0-9]{2})(?![0-9]))?",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"ไม่|แต่|ขอ(?!บ|แสดงความ)|กรุณา|โปรด|รบกวน|ช่วย|สอบถาม|ยกเลิก|ผิด|ยัง|ส่งคืน|คืนหนังสือ|เมื่อได้รับ|หากได้รับ|[?？]"
    r"|\b(?:not|but|please|cannot|can't|wrong|return|when|if)\b",
    re.IGNORECASE,
)
_CONTRARY: Final = {
    DeliveryState.REGISTERED: (DeliveryState.RETURNED, DeliveryState.WRONG),
    DeliveryState.RETURNED: (DeliveryState.REGISTERED,),
    DeliveryState.WRONG: (DeliveryState.REGISTERED,),
}
_SIGNATURE = re.compile(r"^--\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Said:
    """What a receipt says; ``number`` is the receive number there, ``2231/2568`` or ``2231``."""

    state: DeliveryState
    number: str = ""
    reason: str = ""
    made: datetime | None = None  # when the addressee's machine says that it was done


def read_words(text: str) -> Said | None:
    """Read a person's few words as an acknowledgement; None when they are anything else."""
    own = to_arabic(_SIGNATURE.split(tidy(text))[0]).strip()
    if not own or len(own) > MOST or not _RECEIVED.search(own) or _MORE.search(own):
        return None
    found = _NUMBER.search(own)
    if found is None:
        return Said(DeliveryState.ARRIVED)
    number = "/".join(part for part in (found["number"], found["year"]) if part)
    return Said(DeliveryState.REGISTERED, number)


def delivery_meant(session: Session, case: Case) -> int | None:
    """Find the delivery that a person's short answer acknowledges; None when it is no such."""
    answers = [one for one in case.signals if one.how in ("token", "references")]
    if not answers or case.files or case.message.receipt is not None:
        return None
    if not read_words(case.message.own_text):
        return None
    for signal in answers:
        delivery = _written_to(session, signal.entry_id, case)
        if delivery is not None:
            return delivery.id
    return None


def take_receipt(session: Session, desk: Desk, case: Case) -> Outcome:
    """Keep the acknowledgement and set the state of the delivery that it is about."""
    machine = case.message.receipt
    if machine is not None and machine.act == "recall":
        return take_recall(session, desk, case, machine)
    if machine is not None and machine.act in ("recall_agreed", "recall_declined"):
        return take_answer(session, desk, case, machine, _entry_of(session, case, machine))
    delivery, said = _by_machine(session, case, machine) if machine else _by_person(session, case)
    entry_id = delivery.entry_id if delivery else _entry_of(session, case, machine)
    letter = keep(session, desk, case, "acknowledgement", related=entry_id)
    facts = {
        "delivery": delivery.id if delivery else None,
        "state": str(said.state) if said else "",
        "from": "machine" if machine else "person",
        "made": said.made.isoformat() if said and said.made else "",
    }
    late = delivery is not None and said is not None and _is_late(session, delivery, said)
    journal.record(
        session, case.entity.id, "acknowledged", "system", desk.now(), entry_id, letter.id, facts
    )
    if delivery is not None and said is not None and (late or _is_replay(session, case)):
        detail = f"{case.sender.address} {said.state.thai} {said.number} (ฉบับเก่าหรือซ้ำ ไม่เปลี่ยนสถานะ)"
        deliveries.note(session, delivery.id, at=desk.now(), detail=detail[:500], by="system")
    elif delivery is not None and said is not None:
        _move(session, desk, case, delivery, said)
    elif machine and entry_id and case.by_entity and not _is_replay(session, case):
        _note(session, desk, case, entry_id, letter, machine)
    return Outcome(Kind.ACKNOWLEDGEMENT, case.entity.code, letter.id, entry_id, letter.state)


def _by_machine(
    session: Session, case: Case, receipt: Receipt
) -> tuple[DeliveryRow | None, Said | None]:
    state = _STATES.get(receipt.act)
    entry_id = _entry_of(session, case, receipt)
    if state is None or entry_id is None or not case.sender.proven:
        return None, None
    number = "/".join(part for part in (to_arabic(receipt.number), str(receipt.year or "")) if part)
    delivery = delivery_to(session, entry_id, case.sender)
    told = tidy(number)[:60] if receipt.number else ""
    return delivery, Said(
        state, told, receipt.reason, _moment(receipt.at, case.message.accepted_at)
    )


def _moment(text: str, accepted_at: datetime) -> datetime | None:
    """Read when a receipt was made; None for no time, and for one still to come."""
    try:
        made = datetime.fromisoformat(text)
    except ValueError:
        return None
    known = made.tzinfo is not None
    return made if known and made <= accepted_at + timedelta(hours=1) else None


def _is_replay(session: Session, case: Case) -> bool:
    """Say whether this very receipt was taken in before, proven then as well."""
    first = session.get(LetterRow, case.twin.letter_id) if case.twin else None
    return first is not None and first.authenticated and first.state == "acknowledgement"


def _is_late(session: Session, delivery: DeliveryRow, said: Said) -> bool:
    """Say whether the addressee has since said the contrary."""
    if said.made is None or delivery.state not in _CONTRARY.get(said.state, ()):
        return False
    wanted = select(JournalRow.facts).where(
        JournalRow.entry_id == delivery.entry_id, JournalRow.act == "acknowledged"
    )
    mine = (facts for facts in session.scalars(wanted) if facts.get("delivery") == delivery.id)
    times = (facts.get("made") for facts in mine if facts.get("state") == delivery.state)
    return any(datetime.fromisoformat(time) > said.made for time in times if time)


def _by_person(session: Session, case: Case) -> tuple[DeliveryRow | None, Said | None]:
    delivery = session.get(DeliveryRow, case.receipt_of) if case.receipt_of else None
    return delivery, read_words(case.message.own_text)


def _entry_of(session: Session, case: Case, receipt: Receipt | None) -> str | None:
    """Find our letter that a machine's receipt names, else the one whose token it was sent to."""
    if receipt is None:
        return None
    wanted = select(SentMessageRow.entry_id).where(
        SentMessageRow.entity_id == case.entity.id,
        SentMessageRow.message_id == receipt.message_id,
        SentMessageRow.kind != "notice",  # a request to give a letter back is not the letter
    )
    tokens = (signal.entry_id for signal in case.signals if signal.how == "token")
    tagged = next(tokens, None) if case.has(Tag.REPLY) else None
    return session.scalar(wanted) or tagged


def _written_to(session: Session, entry_id: str, case: Case) -> DeliveryRow | None:
    """Find the delivery to this sender, or to the only addressee of the sender's domain."""
    if not case.sender.address:
        return None
    exact = delivery_to(session, entry_id, case.sender)
    if exact is not None:
        return exact
    domain = case.sender.address.rpartition("@")[2]
    wanted = select(DeliveryRow).where(DeliveryRow.entry_id == entry_id)
    rows = [row for row in session.scalars(wanted) if row.to_address.rpartition("@")[2] == domain]
    return rows[0] if len(rows) == 1 else None


def _move(session: Session, desk: Desk, case: Case, delivery: DeliveryRow, said: Said) -> None:
    doubt = "" if case.sender.proven else " (พิสูจน์ผู้ส่งไม่ได้)"
    detail = f"{case.sender.address}{doubt} {tidy(said.reason)}".strip()[:500]
    outbox.move(
        session, delivery.id, said.state,
        at=desk.now(), detail=detail, by=case.sender.address[:254], remote_number=said.number,
    )  # fmt: skip
    if said.state in (DeliveryState.RETURNED, DeliveryState.WRONG):
        _tell_clerk(session, desk, case, delivery, said)


def _tell_clerk(
    session: Session, desk: Desk, case: Case, delivery: DeliveryRow, said: Said
) -> None:
    entry = session.get_one(EntryRow, delivery.entry_id)
    clerk = session.scalar(select(LetterRow.clerk).where(LetterRow.id == entry.letter_id))
    if clerk:
        tell(
            session, desk, case.entity.id, clerk, "letter_returned",
            entry_id=entry.id, letter_id=entry.letter_id,
            once=f"returned:{delivery.id}:{said.state}",
            to=delivery.to_address, to_name=delivery.to_name, reason=tidy(said.reason)[:500],
            wrong=said.state is DeliveryState.WRONG,
        )  # fmt: skip


def _note(
    session: Session, desk: Desk, case: Case, entry_id: str, letter: LetterRow, receipt: Receipt
) -> None:
    """Write on our own entry that the sender says its number is wrong (แจ้งเลขรับผิด)."""
    if receipt.act != "wrong_number":
        return
    text = f"ผู้ส่งแจ้งว่าเลขรับไม่ถูกต้อง {tidy(receipt.number)} {tidy(receipt.reason)}".strip()
    session.add(
        NoteRow(
            entry_id=entry_id,
            letter_id=letter.id,
            at=desk.now(),
            by=case.sender.address[:254],
            text=text[:1000],
        )
    )
    session.flush()
