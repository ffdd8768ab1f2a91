"""A letter that turns out to be secret when it is in already: hidden at once, by whoever sees it.

The marking may stand where nobody could look before the letter was registered: on a scan that had
to be read first, or in a paper that an officer opens. Whoever finds it, a person or the system,
hides the letter from all but the officer of secret letters: its line shows as those of secret
letters do, what waits to be mailed stays, the index and the texts of its files forget it. That
takes nothing from the books: a machine may have misread. The officer of secret letters then moves
it to the secret book (:mod:`registry.desk.move_secret`), or frees it (:func:`free`).

Where other books of this installation have the same letter (:mod:`registry.secret.twins`) it is
hidden there in the same transaction, their officers of secret letters are told, and the history of
both says why. Freeing it is for each of them to decide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, entries, faults, journal, links, outbox
from registry.desk.alert import alert
from registry.desk.authority import must_be_cleared, must_register
from registry.desk.context import Desk
from registry.desk.receive import NOT_BY_MAIL
from registry.desk.take_up import note_facts
from registry.desk.tell import tell
from registry.desk.wait import SECRET
from registry.desk.withdraw_secret import withdraw
from registry.errors import Conflict, NotFound
from registry.letter.book import Series
from registry.letter.delivery import DeliveryState
from registry.letter.entity import Role
from registry.letter.grades import Secrecy, find_secrecy
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow, NoteRow
from registry.models.outgoing import OutboxRow
from registry.secret import letters as secret_letters
from registry.secret.twins import hold_books, twins
from registry.texts import claims
from registry.thai.text import tidy

_MOST_LINES = 400  # of a page
_IN_ORDER = LetterRow.entity_id, LetterRow.id  # heads of journals are held in one order


def marking_on(lines: Sequence[str]) -> Secrecy | None:
    """Give the gravest marking that stands alone on a line of a first page, or None."""
    return find_secrecy("", [tidy(line) for line in lines[:_MOST_LINES]])


def found_on_paper(session: Session, desk: Desk, sha256: str, grade: Secrecy) -> list[str]:
    """Hide every letter that carries this content and is not secret yet; give their ids.

    For whoever reads papers, in the transaction in which it would write down what it read. A letter
    of which an officer said that it is not secret stays as it is.
    """
    carrying = select(LetterRow).join(EnclosureRow, EnclosureRow.letter_id == LetterRow.id)
    wanted = carrying.where(EnclosureRow.sha256 == sha256, EnclosureRow.role != "decoration")
    found = session.scalars(wanted.order_by(*_IN_ORDER)).unique().all()
    mine = [one.id for one in found if not one.facts.get("freed_by")]
    if mine:
        hold_books(session, mine)
    hidden_now = [one for one in mine if _hide(session, desk, one, "system", grade)]
    return hidden_now + [two for one in mine for two in spread(session, one, desk)]


def hide(session: Session, desk: Desk, letter_id: str, by: str, grade: Secrecy) -> None:
    """Hide a letter, with or without a number, as an officer who found its marking.

    One that is secret already stays as it is. Raises NotFound, NotAllowed.
    """
    letter = session.get(LetterRow, letter_id)
    if letter is None:
        raise NotFound(f"no letter {letter_id}", thai="ไม่พบหนังสือฉบับนี้")
    officer = must_register(session, directory.entity_by_id(session, letter.entity_id), by)
    hold_books(session, [letter_id])
    _hide(session, desk, letter_id, officer.email, grade)
    spread(session, letter_id, desk)


def spread(session: Session, letter_id: str, desk: Desk) -> list[str]:
    """Hide a secret letter wherever else it stands in this installation; give the letters hidden.

    Asked as often as one likes. What an officer freed, or took for no secret, stays as it is.
    """
    letter = session.get_one(LetterRow, letter_id)
    if letter.secrecy is None:
        return []
    others = twins(session, [letter_id]) - {letter_id}
    open_ = LetterRow.id.in_(others), LetterRow.secrecy.is_(None)
    if not session.scalars(select(LetterRow.id).where(*open_)).first():
        return []
    hold_books(session, [letter_id])
    grade = Secrecy(letter.secrecy)
    wanted = session.scalars(select(LetterRow).where(*open_).order_by(*_IN_ORDER)).all()
    mine = [one for one in wanted if not one.facts.get("freed_by")]
    done = [one.id for one in mine if _hide(session, desk, one.id, "system", grade, letter)]
    _note_others(session, desk, letter, done)
    return done


def free(session: Session, desk: Desk, letter_id: str, by: str, reason: str) -> None:
    """Say that a letter which was hidden bears no marking: its line opens, its copies go.

    Raises NotFound; NotAllowed for anybody but the officer of secret letters; Conflict for one that
    was not hidden so, or was moved; ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a letter is not freed without a reason")
    letter, entry = hidden(session, letter_id, by)
    if not letter.facts.get("found_secret") or entry is None or entry.series == Series.SECRET:
        raise Conflict(
            f"letter {letter_id} was not found secret afterwards",
            thai="หนังสือฉบับนี้ไม่ได้พบชั้นความลับภายหลัง หรือย้ายไปทะเบียนหนังสือลับแล้ว",
        )
    letter.secrecy, found = None, letter.facts["found_secret"]
    note_facts(letter, found_secret=None, freed_by=by)
    entries.amend(session, entry.id, by, "", at=desk.now(), secrecy=None)
    secret_letters.put_down(session, letter.id, "freed", desk.now())
    journal.record(session, letter.entity_id, "freed-secret", by, desk.now(), entry.id, letter.id)
    said = f"ไม่มีชั้นความลับ: {reason.strip()}"
    session.add(NoteRow(entry_id=entry.id, at=desk.now(), by=by, text=said))
    _open_with_it(session, desk, found, entry.id, by)
    _send_again(session, desk, found)


def hidden(session: Session, letter_id: str, by: str) -> tuple[LetterRow, EntryRow | None]:
    """Hold a letter and its line for the officer of secret letters; raises NotFound, NotAllowed."""
    letter = session.get(LetterRow, letter_id)
    if letter is None:
        raise NotFound(f"no letter {letter_id}", thai="ไม่พบหนังสือฉบับนี้")
    officer = must_register(session, directory.entity_by_id(session, letter.entity_id), by)
    must_be_cleared(officer, letter_id, secret=letter.secrecy or True)
    hold_books(session, [letter_id])
    return _held(session, letter)


def _hide(
    session: Session, desk: Desk, letter_id: str, by: str, grade: Secrecy,
    because: LetterRow | None = None,
) -> bool:  # fmt: skip
    """Hide one letter and say whether it was open; ``because`` another one is found secret."""
    letter, entry = _held(session, session.get_one(LetterRow, letter_id))
    if letter.secrecy is not None or letter.state == "secret":
        return False
    letter.secrecy = grade.thai
    if (line := entry or _reserved(session, letter)) is not None:
        entries.amend(session, line.id, by, "", at=desk.now(), secrecy=grade.thai)
    if letter.state == "waiting":
        letter.state, letter.why_waiting = "secret", SECRET
    elif letter.state == "draft":
        _return(session, desk, letter)
    entry_id, at = entry.id if entry else None, desk.now()
    with_it = mark_with_it(session, letter, entry_id, grade, at) if entry_id else []
    session.flush()
    stopped = withdraw(session, desk, letter, entry_id, by)
    found = {"by": by, "at": at.isoformat(), "with_it": with_it} | asdict(stopped)
    note_facts(letter, found_secret=found)
    secret_letters.put_down(session, letter.id, "found", at)
    facts = {"stopped": len(stopped.jobs)} | ({"because": because.id} if because else {})
    journal.record(session, letter.entity_id, "found-secret", by, at, entry_id, letter.id, facts)
    if because is not None and entry_id is not None:
        name = directory.entity_by_id(session, because.entity_id).name
        said = f"ซ่อนไว้ เพราะพบชั้นความลับในหนังสือฉบับเดียวกันของ{name}"
        session.add(NoteRow(entry_id=entry_id, at=at, by=by, text=said))
    faults.point("secret_hidden")
    told = _cleared(session, letter, grade) if by == "system" else ()
    alert(
        session, desk, "secret", letter.entity_id, entry_id=entry_id, letter_id=letter.id, also=told
    )
    return True


def _cleared(session: Session, letter: LetterRow, grade: Secrecy) -> list[str]:
    """Give the addresses of those who act on letters of this grade in the letter's entity."""
    people = directory.officers(session, letter.entity_id)
    able = [one for one in people if one.grade is not None and grade <= one.grade]
    return [one.email for one in able if one.role is Role.SECRET_OFFICER and not one.disabled]


def _note_others(session: Session, desk: Desk, letter: LetterRow, done: Sequence[str]) -> None:
    """Say in the history of a letter in which other books it was hidden with it."""
    entry = session.scalar(select(EntryRow).where(EntryRow.letter_id == letter.id))
    if not done:
        return
    entities = select(LetterRow.entity_id).where(LetterRow.id.in_(done)).distinct()
    names = sorted(directory.entity_by_id(session, one).name for one in session.scalars(entities))
    at, facts = desk.now(), {"letters": list(done)}
    entry_id = entry.id if entry else None
    journal.record(
        session, letter.entity_id, "hidden-elsewhere", "system", at, entry_id, letter.id, facts
    )
    if entry_id is not None:
        said = f"ซ่อนหนังสือฉบับเดียวกันในทะเบียนของ{', '.join(names)}แล้ว"
        session.add(NoteRow(entry_id=entry_id, at=at, by="system", text=said))


def _held(session: Session, letter: LetterRow) -> tuple[LetterRow, EntryRow | None]:
    """Hold the books of the letter's entity, and read letter and line afresh."""
    journal.lock_head(session, letter.entity_id)
    session.refresh(letter)
    line = select(EntryRow).where(EntryRow.letter_id == letter.id)
    return letter, session.scalar(line.execution_options(populate_existing=True))


def mark_with_it(
    session: Session, letter: LetterRow, entry_id: str, grade: Secrecy, at: datetime
) -> list[str]:
    """Mark what came about the letter and quotes it: the same again, receipts, notes, bounces.

    Gives the ids of those that bore no marking.
    """
    theirs = LetterRow.related_entry_id == entry_id, LetterRow.direction == "in"
    wanted = select(LetterRow).where(
        *theirs, LetterRow.id != letter.id, LetterRow.secrecy.is_(None)
    )
    marked = []
    for other in session.scalars(wanted).all():
        other.secrecy = grade.thai
        secret_letters.put_down(session, other.id, "found", at)
        claims.forget(session, other.id)
        marked.append(other.id)
    return marked


def _reserved(session: Session, letter: LetterRow) -> EntryRow | None:
    """Give the line that says what a draft is about: it holds the number for it."""
    if letter.direction != "out" or letter.related_entry_id is None:
        return None
    line = session.get(EntryRow, letter.related_entry_id, populate_existing=True)
    return line if line is not None and line.state == "reserved" else None


def _return(session: Session, desk: Desk, letter: LetterRow) -> None:
    """Give a draft back to its clerk: it does not go out by mail."""
    letter.state, letter.return_reason, letter.related_entry_id = "returned", NOT_BY_MAIL, None
    tell(
        session, desk, letter.entity_id, letter.clerk, "draft_returned",
        letter_id=letter.id, once=f"secret:{letter.id}", reason=NOT_BY_MAIL,
    )  # fmt: skip


def _open_with_it(
    session: Session, desk: Desk, found: Mapping[str, Any], entry_id: str, by: str
) -> None:
    """Open the pages that were closed, and what was marked with the letter, then or since."""
    for page in found.get("pages", ()):
        links.reopen(session, page, at=desk.now(), by=by)
    theirs = LetterRow.related_entry_id == entry_id, LetterRow.secrecy.is_not(None)
    for other in session.scalars(select(LetterRow).where(*theirs)).all():
        if other.facts.get("inherited") or other.id in found.get("with_it", ()):
            other.secrecy = None
            secret_letters.put_down(session, other.id, "freed", desk.now())


def _send_again(session: Session, desk: Desk, found: Mapping[str, Any]) -> None:
    """Write the jobs anew that were stopped when the letter was hidden; held ones are held."""
    stopped = OutboxRow.id.in_(found["jobs"]), OutboxRow.state.in_(("withdrawn", "failed"))
    for row in session.scalars(select(OutboxRow).where(*stopped)).all():
        job = outbox.enqueue(
            session, desk, outbox.Kind(row.kind), row.entity_id, row.to_address,
            entry_id=row.entry_id, letter_id=row.letter_id, delivery_id=row.delivery_id,
            facts=row.facts | found.get("words", {}).get(row.id, {}), once=f"freed:{row.id}",
            urgency=row.urgency,
        )  # fmt: skip
        if job is not None and row.id in found.get("held", ()):
            session.flush()
            outbox.hold(session, job)
        if row.delivery_id is not None:
            outbox.move(session, row.delivery_id, DeliveryState.QUEUED, at=desk.now())
