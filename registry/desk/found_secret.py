"""A letter that turns out to be secret when it is in already: hidden at once, by whoever sees it.

The marking may stand where nobody could look before the letter was registered: on a scan that had
to be read first, or in a paper that an officer opens. Whoever finds it, a person or the system,
hides the letter from all but the officer of secret letters: its line shows as those of secret
letters do, what waits to be mailed stays, the index and the texts of its files forget it. That
takes nothing from the books: a machine may have misread. The officer of secret letters then moves
it to the secret book (:mod:`registry.desk.move_secret`), or frees it
(:mod:`registry.desk.free_secret`). Drafts that answer it or carry its paper are hidden with it.

Where other books of this installation have the same letter (:mod:`registry.secret.twins`) it is
hidden there in the same transaction, their officers of secret letters are told, and the history of
both says why. Freeing it is for each of them to decide. A mere doubt, a line of a scan that may be
a marking, hides what carries that scan and goes no further until an officer confirms it.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, entries, faults, journal
from registry.desk.alert import alert
from registry.desk.authority import must_register
from registry.desk.context import Desk
from registry.desk.hold_secret import held, reserved_line
from registry.desk.receive import NOT_BY_MAIL
from registry.desk.secret_drafts import drafts_about
from registry.desk.take_up import note_facts
from registry.desk.tell import tell
from registry.desk.wait import SECRET
from registry.desk.withdraw_secret import withdraw
from registry.errors import NotFound
from registry.letter.entity import Role
from registry.letter.grades import Secrecy, find_secrecy
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow, NoteRow
from registry.secret import letters as secret_letters
from registry.secret.twins import hold_books, twins
from registry.texts import claims
from registry.thai.text import tidy

ABOUT_SECRET = f"ร่างนี้ตอบหรือแนบหนังสือที่พบว่ามีชั้นความลับ {NOT_BY_MAIL}"
_MOST_LINES = 400  # of a page
_IN_ORDER = LetterRow.entity_id, LetterRow.id  # heads of journals are held in one order


def marking_on(lines: Sequence[str]) -> Secrecy | None:
    """Give the gravest marking that stands alone on a line of a first page, or None."""
    return find_secrecy("", [tidy(line) for line in lines[:_MOST_LINES]])


def found_on_paper(
    session: Session, desk: Desk, sha256: str, grade: Secrecy, *, doubted: bool = False
) -> list[str]:
    """Hide every letter that carries this content and is not secret yet; give their ids.

    For whoever reads papers, in the transaction in which it would write down what it read. A letter
    of which an officer said that it is not secret stays as it is, and so do its drafts. What is
    ``doubted`` does not spread. No other file of those letters counts as a secret paper for drafts.
    """
    carrying = select(LetterRow).join(EnclosureRow, EnclosureRow.letter_id == LetterRow.id)
    wanted = carrying.where(EnclosureRow.sha256 == sha256, EnclosureRow.role != "decoration")
    found = session.scalars(wanted.order_by(*_IN_ORDER)).unique().all()
    freed = {one.entity_id for one in found if one.facts.get("freed_by")}
    mine = [
        one.id
        for one in found
        if not one.facts.get("freed_by") and not (one.entity_id in freed and _is_unsent(one))
    ]
    if mine:
        hold_books(session, mine)
    hidden_now = [
        one for one in mine if _hide(session, desk, one, "system", grade, papers={sha256})
    ]
    if doubted:
        _doubt(session, hidden_now)
    else:
        _confirm(session, mine)
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
    _confirm(session, [letter_id])
    spread(session, letter_id, desk)


def spread(session: Session, letter_id: str, desk: Desk) -> list[str]:
    """Hide a secret letter wherever else it stands in this installation; give the letters hidden.

    Asked as often as one likes. What an officer freed, or took for no secret, stays as it is; what
    is only doubted hides no other.
    """
    letter = session.get_one(LetterRow, letter_id)
    if letter.secrecy is None or _is_doubted(letter):
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


def _hide(
    session: Session, desk: Desk, letter_id: str, by: str, grade: Secrecy,
    because: LetterRow | None = None, *,
    papers: Collection[str] | None = None,
) -> bool:  # fmt: skip
    """Hide one letter and say whether it was open; ``because`` another one is found secret."""
    letter, entry = held(session, session.get_one(LetterRow, letter_id))
    if letter.secrecy is not None or letter.state == "secret":
        return False
    letter.secrecy = grade.thai
    was = {
        "state": letter.state, "why": letter.why_waiting, "slip": letter.related_entry_id,
        "reason": letter.return_reason,
    }  # fmt: skip
    if (line := entry or reserved_line(session, letter)) is not None:
        entries.amend(session, line.id, by, "", at=desk.now(), secrecy=grade.thai)
    if letter.state == "waiting":
        letter.state, letter.why_waiting = "secret", SECRET
    elif _is_unsent(letter):
        _return(session, desk, letter, ABOUT_SECRET if because else NOT_BY_MAIL)
    entry_id, at = entry.id if entry else None, desk.now()
    with_it = mark_with_it(session, letter, entry_id, grade, at) if entry_id else []
    session.flush()
    stopped = withdraw(session, desk, letter, entry_id, by)
    found = {"by": by, "at": at.isoformat(), "with_it": with_it, "was": was}
    found |= {"because": because.id if because else None} | asdict(stopped)
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
    hide_drafts(session, desk, letter, entry_id, grade, papers)
    return True


def hide_drafts(
    session: Session, desk: Desk, letter: LetterRow, entry_id: str | None, grade: Secrecy,
    papers: Collection[str] | None = None,
) -> None:  # fmt: skip
    """Hide what is being written about a letter that became secret, by whichever act.

    ``entry_id`` is the line that drafts answer: of a letter that was moved, the old one; ``papers``
    as :func:`drafts_about` takes them.
    """
    for draft_id in drafts_about(session, letter, entry_id, papers):
        _hide(session, desk, draft_id, "system", grade, letter)


def hide_behind(session: Session, desk: Desk, letter_id: str, because_id: str) -> None:
    """Hide what a clerk has handed in about a secret letter of the same books, held."""
    because = session.get_one(LetterRow, because_id)
    of_line = select(EntryRow.secrecy).where(EntryRow.letter_id == because_id)
    grade = because.secrecy or session.scalar(of_line)
    _hide(session, desk, letter_id, "system", Secrecy(grade), because)


def _is_unsent(letter: LetterRow) -> bool:
    return letter.direction == "out" and letter.state in ("draft", "returned")


def _is_doubted(letter: LetterRow) -> bool:
    return bool((letter.facts.get("found_secret") or {}).get("doubted"))


def _doubt(session: Session, letter_ids: Sequence[str]) -> None:
    for letter in map(partial(session.get_one, LetterRow), letter_ids):
        note_facts(letter, found_secret={**letter.facts["found_secret"], "doubted": True})


def _confirm(session: Session, letter_ids: Sequence[str]) -> None:
    """Take the doubt off what was hidden before somebody saw its marking plainly."""
    for letter in map(partial(session.get_one, LetterRow), letter_ids):
        if _is_doubted(letter):
            note_facts(letter, found_secret={**letter.facts["found_secret"], "doubted": False})


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


def _return(session: Session, desk: Desk, letter: LetterRow, reason: str) -> None:
    """Give a draft back to its clerk, who may have it already: it does not go out by mail."""
    letter.state, letter.return_reason, letter.related_entry_id = "returned", reason, None
    tell(
        session, desk, letter.entity_id, letter.clerk, "draft_returned",
        letter_id=letter.id, once=f"secret:{letter.id}", reason=reason,
    )  # fmt: skip
