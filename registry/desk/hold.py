"""Keeping a numbered letter back: held, released, or taken back before it left.

A letter rests for ``send.hold`` seconds before it leaves, and an officer may hold it longer. While
no addressee's server has heard of it, taking it back makes it a draft again: its number stays
reserved for it alone, with number and date as they were. Once one delivery has left, only a
recall is possible (:mod:`registry.desk.recall`).
"""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, entries, journal, outbox, relations
from registry.desk.authority import must_be_cleared, must_register
from registry.desk.context import Desk
from registry.desk.take_up import held, note_facts
from registry.desk.tell import tell
from registry.errors import Conflict, NotFound
from registry.letter.entity import Officer
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryRow
from registry.outbox import Job, Kind

NOT_YET_GONE = frozenset({"queued", "held", "failed", "withdrawn", "dropped"})


def hold(session: Session, desk: Desk, entry_id: str, by: str) -> int:
    """Keep all that has not left yet until it is released, and count it. Raises as `undo`."""
    return _each(session, desk, entry_id, by, "queued", outbox.hold)


def release(session: Session, desk: Desk, entry_id: str, by: str) -> int:
    """Let go what was held, and count it. Raises as `undo`."""
    return _each(session, desk, entry_id, by, "held", outbox.release)


def undo(session: Session, desk: Desk, entry_id: str, by: str) -> None:
    """Take a letter back before it left: a draft again, that holds its number.

    Raises NotFound; NotAllowed for anybody but an officer or the clerk whose letter it is;
    Conflict when a delivery has left or the letter is not on its way.
    """
    letter, officer = letter_of(session, entry_id, by)
    jobs = letter_jobs(session, entry_id)
    if not is_here(jobs):
        raise Conflict(
            f"letter {letter.id} has left already",
            thai="หนังสือออกไปถึงผู้รับบางรายแล้ว โปรดใช้การเรียกคืนแทน",
        )
    stopped = receivers(session, [job for job in jobs if job.state != "withdrawn"])
    for job in (*jobs, *_untold(session, entry_id)):
        outbox.withdraw(session, job.id, by=officer.email, reason="undo", at=desk.now())
    _unlink(session, desk, entry_id, officer.email)
    entries.take_back(session, entry_id, officer.email, at=desk.now(), reserved_for=letter.clerk)
    letter.state, letter.related_entry_id = "draft", entry_id
    letter.why_waiting = f"ดึงกลับก่อนส่ง โดย {officer.name or officer.email}"
    note_facts(letter, done_by="")
    session.flush()
    tell(
        session, desk, letter.entity_id, letter.clerk, "withdrawn",
        entry_id=entry_id, letter_id=letter.id, stopped=stopped, gone=[],
        by=officer.name or officer.email,
    )  # fmt: skip


def letter_of(session: Session, entry_id: str, by: str) -> tuple[LetterRow, Officer]:
    """Hold the letter that went out under an entry, and see that this person may stop it.

    Raises NotFound, NotAllowed; Conflict when it is not on its way.
    """
    entry = session.get(EntryRow, entry_id)
    if entry is None or entry.letter_id is None:
        raise NotFound(f"no letter went out as entry {entry_id}")
    letter = held(session, entry.letter_id)
    entity = directory.entity_by_id(session, letter.entity_id)
    officer = must_register(session, entity, by, own=letter.clerk)
    must_be_cleared(officer, letter.id, secret=entry.secrecy)
    if letter.state != "sent":
        raise Conflict(
            f"letter {letter.id} is {letter.state}",
            thai="หนังสือฉบับนี้ไม่ได้อยู่ระหว่างส่ง โปรดดูสถานะล่าสุด",
        )
    return letter, officer


def letter_jobs(session: Session, entry_id: str) -> list[Job]:
    """Give the jobs that bring the letter to its addressees, whatever became of them."""
    jobs = outbox.listing(session, states=(), entry_id=entry_id)
    return [job for job in jobs if job.kind is Kind.LETTER]


def is_here(jobs: list[Job]) -> bool:
    """Say whether no addressee's server has heard of the letter that these jobs bring."""
    return all(job.state in NOT_YET_GONE for job in jobs)


def receivers(session: Session, jobs: list[Job]) -> list[str]:
    """Give the names of those to whom the jobs go, in the order of the letter."""
    ids = {job.delivery_id for job in jobs}
    wanted = select(DeliveryRow).where(DeliveryRow.id.in_(ids)).order_by(DeliveryRow.position)
    return [row.to_name or row.to_address for row in session.scalars(wanted)]


def _each(
    session: Session,
    desk: Desk,
    entry_id: str,
    by: str,
    state: str,
    act: Callable[[Session, str], None],
) -> int:
    letter, officer = letter_of(session, entry_id, by)
    jobs = [job for job in letter_jobs(session, entry_id) if job.state == state]
    for job in jobs:
        act(session, job.id)
    name, facts = f"letter-{act.__name__}", {"jobs": len(jobs)}
    journal.record(
        session, letter.entity_id, name, officer.email, desk.now(), entry_id, letter.id, facts
    )
    return len(jobs)


def _untold(session: Session, entry_id: str) -> list[Job]:
    """Give the notices still waiting that would say the letter was sent."""
    jobs = outbox.listing(session, states=("queued",), entry_id=entry_id)
    return [job for job in jobs if job.facts.get("text") == "letter_sent"]


def _unlink(session: Session, desk: Desk, entry_id: str, by: str) -> None:
    """Undo the links that the sending made; sending again makes them again."""
    for link in relations.of(session, entry_id):
        if not link.relation.endswith("_by"):
            relations.unlink(session, entry_id, link.entry, link.relation, by=by, at=desk.now())
