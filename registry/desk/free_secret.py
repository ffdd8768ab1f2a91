"""Saying that a letter which was hidden bears no marking: it is again what it was.

Done by the officer of secret letters, for a letter that was found marked afterwards and was not
moved to the secret book (:mod:`registry.desk.found_secret`). Its line opens, pages and copies go
on, a letter that waited waits again, and a draft is a draft again, with the number that was
reserved for it unless another took it. What was hidden with it in the same books opens too, unless
it is about another secret letter besides; other books of this installation decide for themselves.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import entries, journal, links, outbox
from registry.desk.context import Desk
from registry.desk.draft import holder_of
from registry.desk.hold_secret import hidden, reserved_line
from registry.desk.secret_drafts import secret_behind
from registry.desk.take_up import note_facts
from registry.errors import Conflict
from registry.letter.book import Series
from registry.letter.delivery import DeliveryState
from registry.models.books import EntryRow
from registry.models.letters import LetterRow, NoteRow
from registry.models.outgoing import OutboxRow
from registry.secret import letters as secret_letters


def free(session: Session, desk: Desk, letter_id: str, by: str, reason: str) -> None:
    """Free a letter; ``reason`` stands with its line, or with the letter where there is none.

    Raises NotFound; NotAllowed for anybody but the officer of secret letters; Conflict for one that
    was not hidden so, or was moved; ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a letter is not freed without a reason")
    letter, entry = hidden(session, letter_id, by)
    moved = entry is not None and entry.series == Series.SECRET
    if not letter.facts.get("found_secret") or moved:
        raise Conflict(
            f"letter {letter_id} was not found secret afterwards",
            thai="หนังสือฉบับนี้ไม่ได้พบชั้นความลับภายหลัง หรือย้ายไปทะเบียนหนังสือลับแล้ว",
        )
    note_facts(letter, freed_by=by, freed_why=reason.strip())
    _free(session, desk, letter, entry, by, reason.strip())
    free_drafts(session, desk, letter, by, reason.strip())


def free_drafts(session: Session, desk: Desk, letter: LetterRow, by: str, reason: str) -> None:
    """Free what was hidden because of a letter that is secret no more.

    What is about another secret letter besides stays hidden, from now on because of that one.
    Nobody said of a draft itself that it is not secret, so it may be hidden again.
    """
    session.flush()
    found = _because_of(session, letter)
    while kept := [
        (draft, why)
        for draft in found.values()
        if (why := secret_behind(session, draft, {letter.id, *found})) is not None
    ]:
        for draft, why in kept:
            note_facts(draft, found_secret={**draft.facts["found_secret"], "because": why})
            del found[draft.id]
    for draft in found.values():
        _free(session, desk, draft, None, by, reason)


def _free(
    session: Session, desk: Desk, letter: LetterRow, entry: EntryRow | None, by: str, reason: str
) -> None:
    letter.secrecy, found = None, letter.facts["found_secret"]
    note_facts(letter, found_secret=None)
    line = entry or _as_it_was(session, letter, found.get("was", {}))
    if line is not None:
        entries.amend(session, line.id, by, "", at=desk.now(), secrecy=None)
    secret_letters.put_down(session, letter.id, "freed", desk.now())
    entry_id = entry.id if entry else None
    journal.record(session, letter.entity_id, "freed-secret", by, desk.now(), entry_id, letter.id)
    if entry_id is not None:
        said = f"ไม่มีชั้นความลับ: {reason}"
        session.add(NoteRow(entry_id=entry_id, at=desk.now(), by=by, text=said))
        _open_with_it(session, desk, found, entry_id)
    for page in found.get("pages", ()):
        links.reopen(session, page, at=desk.now(), by=by)
    _send_again(session, desk, found)


def _as_it_was(session: Session, letter: LetterRow, was: Mapping[str, Any]) -> EntryRow | None:
    """Let a letter without a number wait again; give the line reserved for it, if it has it yet."""
    if letter.direction == "in" and letter.state == "secret":
        letter.state, letter.why_waiting = "waiting", was.get("why", "")
    if letter.direction != "out" or letter.state != "returned":
        return None
    letter.state, letter.return_reason = was.get("state", "draft"), was.get("reason", "")
    if letter.state != "draft":
        return None
    slip = was.get("slip")
    if slip is not None and holder_of(session, slip) is None:
        letter.related_entry_id = slip
    session.flush()
    line = reserved_line(session, letter)
    if line is None:
        letter.related_entry_id = None
    return line


def _because_of(session: Session, letter: LetterRow) -> dict[str, LetterRow]:
    """Give the drafts of the same entity hidden because of a letter, and of those drafts, by id."""
    mine = LetterRow.entity_id == letter.entity_id, LetterRow.direction == "out"
    back = LetterRow.state == "returned", LetterRow.secrecy.is_not(None)
    hidden_ones = session.scalars(select(LetterRow).where(*mine, *back)).all()
    found: dict[str, LetterRow] = {}
    fresh = {letter.id}
    while fresh:
        more = {one.id: one for one in hidden_ones if _because(one) in fresh}
        fresh = more.keys() - found.keys()
        found |= more
    return found


def _because(letter: LetterRow) -> str | None:
    found = letter.facts.get("found_secret") or {}
    return found.get("because") if "was" in found else None


def _open_with_it(session: Session, desk: Desk, found: Mapping[str, Any], entry_id: str) -> None:
    """Open what was marked with the letter, then or since."""
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
