"""The sender asks for a letter back (ขอเรียกคืน): what the receiver's registry does about it.

A letter that still waits to be registered has been read by nobody in the office's name: it goes
back at once, keeps its row and takes no number. A registered one keeps its number and bears the
mark ผู้ส่งขอเรียกคืน; the officers hear of it, and one of them agrees or declines. Agreeing tells
the sender and asks the units to lay their copies aside; the line in the book stays (ข้อ 38). A
letter held for the officer of secret letters waits for that officer's answer.

A request counts only when it is proven to come from the entity that sent the letter. What cannot
be proven, and what names no letter here, is shown to the officers and changes nothing.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, entries, journal
from registry.desk.acknowledge import Act, acknowledge
from registry.desk.authority import must_be_cleared
from registry.desk.case import Case
from registry.desk.context import Desk
from registry.desk.keep import keep
from registry.desk.take_up import held_incoming, note_facts
from registry.desk.tell import tell
from registry.errors import Conflict
from registry.letter.entity import Officer, Role
from registry.letter.grades import Secrecy
from registry.letter.message import Receipt
from registry.letter.sorting import Kind, Outcome
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.outgoing import OutboxRow
from registry.thai.text import tidy

MARK = "ผู้ส่งขอเรียกคืน"
GIVEN_BACK = "คืนผู้ส่งตามที่ขอเรียกคืน"
_HERE = ("waiting", "secret", "registered")


def take_recall(session: Session, desk: Desk, case: Case, receipt: Receipt) -> Outcome:
    """Keep the request, and do with the letter that it names what may be done."""
    found = _letter_meant(session, case, receipt)
    entry = _entry_of(session, found)
    kept = keep(session, desk, case, "acknowledgement", related=entry.id if entry else None)
    facts = {"letter": found.id if found else None, "proven": case.by_entity}
    journal.record(
        session, case.entity.id, "recall-asked", "system", desk.now(),
        entry.id if entry else None, kept.id, facts,
    )  # fmt: skip
    reason = tidy(receipt.reason)[:500]
    if found is None:
        _tell_officers(session, desk, case, kept, None, reason)
    elif (before := found.facts.get("recall")) and before["answer"]:
        again: Act = before["answer"]
        acknowledge(session, desk, found, again, entry_id=entry.id if entry else None)
    elif found.state == "waiting":
        note_facts(found, recall=_asked(case, desk.now(), reason))
        _give_back_unread(session, desk, found)
    elif not before:
        note_facts(found, recall=_asked(case, desk.now(), reason))
        if entry is not None:
            note = "; ".join(filter(None, (entry.note, MARK)))
            words = f"{MARK}: {reason}".rstrip(": ")
            entries.amend(session, entry.id, "system", words, at=desk.now(), note=note)
        _tell_officers(session, desk, case, found, entry, reason)
    return Outcome(
        Kind.ACKNOWLEDGEMENT, case.entity.code, kept.id, entry.id if entry else None, kept.state
    )


def answer_recall(
    session: Session, desk: Desk, letter_id: str, by: str, *, agree: bool, reason: str = ""
) -> bool:
    """Give a letter back as its sender asked, or decline; say whether the sender is told by mail.

    Raises NotFound; NotAllowed; Conflict when nobody asked, or it was answered (naming by whom);
    ValueError for a refusal without a reason.
    """
    if not agree and not reason.strip():
        raise ValueError("a recall is not declined without a reason")
    letter, officer = _asked_back(session, letter_id, by)
    entry, answer = _entry_of(session, letter), _answer(agree=agree)
    note_facts(letter, recall=letter.facts["recall"] | {"answer": answer, "by": officer.email})
    if entry is not None:
        words = GIVEN_BACK if agree else f"ไม่คืนตามที่ผู้ส่งขอเรียกคืน: {reason}"
        changes = {"action": ", ".join(filter(None, (entry.action, words)))} if agree else {}
        said = f"{words}: {reason}".rstrip(": ") if agree else words
        entries.amend(session, entry.id, officer.email, said, at=desk.now(), **changes)
    elif agree:
        _leave_the_tray(letter, officer.email)
    session.flush()
    entry_id = entry.id if entry else None
    act = answer.replace("_", "-")
    journal.record(session, letter.entity_id, act, officer.email, desk.now(), entry_id, letter.id)
    if agree and entry is not None:
        _tell_units(session, desk, letter, entry)
    return acknowledge(
        session, desk, letter, answer, entry_id=entry_id, reason=reason,
        once=f"{answer}:{letter.id}",
    )  # fmt: skip


def _answer(*, agree: bool) -> Act:
    return "recall_agreed" if agree else "recall_declined"


def _letter_meant(session: Session, case: Case, receipt: Receipt) -> LetterRow | None:
    """Find the letter that a proven sender means: by its Message-ID, and theirs alone."""
    if not case.by_entity or case.sender.entity is None:
        return None
    wanted = select(LetterRow).where(
        LetterRow.entity_id == case.entity.id,
        LetterRow.direction == "in",
        LetterRow.message_id == receipt.message_id,
        LetterRow.from_entity_id == case.sender.entity.id,
        LetterRow.state.in_(_HERE),
    )
    return session.scalars(wanted.order_by(LetterRow.id)).first()


def _entry_of(session: Session, letter: LetterRow | None) -> EntryRow | None:
    if letter is None:
        return None
    return session.scalar(select(EntryRow).where(EntryRow.letter_id == letter.id))


def _asked(case: Case, at: datetime, reason: str) -> dict[str, str]:
    who = case.sender.address[:254]
    return {"from": who, "at": at.isoformat(), "reason": reason, "answer": "", "by": ""}


def _give_back_unread(session: Session, desk: Desk, letter: LetterRow) -> None:
    note_facts(letter, recall=letter.facts["recall"] | {"answer": "recall_agreed", "by": "system"})
    _leave_the_tray(letter, "system")
    session.flush()
    journal.record(
        session, letter.entity_id, "recall-agreed", "system", desk.now(), letter_id=letter.id
    )
    acknowledge(session, desk, letter, "recall_agreed", once=f"recall_agreed:{letter.id}")


def _leave_the_tray(letter: LetterRow, by: str) -> None:
    letter.state, letter.why_waiting = "withdrawn", ""
    letter.return_reason = f"{GIVEN_BACK}: {letter.facts['recall']['reason']}".rstrip(": ")
    note_facts(letter, done_by=by)


def _asked_back(session: Session, letter_id: str, by: str) -> tuple[LetterRow, Officer]:
    """Hold the books, and see that there is a request which this person may answer."""
    letter, officer = held_incoming(session, letter_id, by)
    must_be_cleared(officer, letter_id, secret=letter.secrecy)
    recall = letter.facts.get("recall")
    if not recall:
        raise Conflict(f"nobody asked for letter {letter_id}", thai="ผู้ส่งไม่ได้ขอเรียกคืนหนังสือฉบับนี้")
    if recall["answer"]:
        raise Conflict(
            f"the recall of letter {letter_id} was answered by {recall['by']}",
            thai=f"ตอบคำขอเรียกคืนฉบับนี้แล้ว โดย {recall['by']}",
        )
    return letter, officer


def _tell_officers(
    session: Session,
    desk: Desk,
    case: Case,
    letter: LetterRow,
    entry: EntryRow | None,
    reason: str,
) -> None:
    """Tell those who may answer; ``letter`` is the request itself where no letter was found."""
    found = "recall" in letter.facts
    for officer in directory.officers(session, case.entity.id):
        if _may_answer(officer, letter.secrecy) and not officer.disabled:
            tell(
                session, desk, case.entity.id, officer.email, "recall_asked",
                entry_id=entry.id if entry else None, letter_id=letter.id if found else None,
                once=f"recall_asked:{letter.id}:{officer.id}", found=found,
                proven=case.by_entity, asker=case.sender.address, reason=reason,
                ref=letter.id if found else "",
            )  # fmt: skip


def _may_answer(officer: Officer, secrecy: str | None) -> bool:
    """Say whether this officer acts on letters of this grade, None for ordinary ones."""
    if secrecy is None:
        return officer.role is Role.OFFICER
    grade = officer.grade
    cleared = grade is not None and Secrecy.parse(secrecy) <= grade
    return officer.role is Role.SECRET_OFFICER and cleared


def _tell_units(session: Session, desk: Desk, letter: LetterRow, entry: EntryRow) -> None:
    """Ask every box that got a copy to lay it aside."""
    wanted = select(OutboxRow.to_address).where(
        OutboxRow.entry_id == entry.id, OutboxRow.kind == "copy"
    )
    for box in sorted(set(session.scalars(wanted))):
        tell(
            session, desk, letter.entity_id, box, "called_back",
            entry_id=entry.id, letter_id=letter.id, once=f"called_back:{entry.id}:{box}"[:120],
            reason=letter.facts["recall"]["reason"],
        )  # fmt: skip
