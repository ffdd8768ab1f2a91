"""The same mail of a clerk once more: a resend, or a server that splits by recipient.

It is known by the clerk key and by what it says. It only adds addressees: to the draft, to the
number slip, or to the letter that is already on its way, which then goes to the new ones under
its number. A returned or withdrawn letter stays what it is. Another letter under a Message-ID
that was used before is not the same letter. What turned out secret goes to nobody else.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import entries, journal
from registry.desk.addressees import Addressee, by_group, in_words, merged
from registry.desk.context import Desk
from registry.desk.outgoing import Outgoing, content_key
from registry.desk.post import post
from registry.desk.receive import NOT_BY_MAIL
from registry.desk.relate import relate
from registry.desk.secret_drafts import secret_behind
from registry.desk.send import addressees_of, reached
from registry.desk.take_up import note_facts
from registry.desk.tell import tell, tell_sent
from registry.letter.sorting import Kind, Outcome
from registry.models.books import EntryRow
from registry.models.letters import LetterRow


def find_earlier(session: Session, out: Outgoing) -> tuple[LetterRow | None, str]:
    """Give the letter that this mail already is, if any, and the clerk key it has or gets."""
    first = _of_key(session, out, out.clerk_key)
    if first is None or first.facts.get("content") == content_key(out.message):
        return first, out.clerk_key
    return _of_key(session, out, out.second_key), out.second_key


def add_addressees(session: Session, desk: Desk, out: Outgoing, letter: LetterRow) -> Outcome:
    """Add whom the copy names to the letter it is a copy of, wherever that has come."""
    before = addressees_of(letter)
    after = merged(before, out.addressees)
    if letter.state == "sent" and len(after) > len(before) and _is_secret(session, letter):
        return _kept_here(session, desk, out, letter)
    added = after[len(before) :]
    entry = _entry(session, letter)
    if letter.state in ("draft", "slip", "sent") and (added or _more_answers(out, letter)):
        _extend(letter, out, after)
        if entry is not None and added:
            _tell_book(session, desk, entry, letter, out)
        if letter.state == "sent" and entry is not None:
            _send_on(session, desk, letter, entry, added)
    session.flush()
    number, year = (entry.number, entry.year) if entry else (None, None)
    kind = Kind.DISPATCH if added else Kind.DUPLICATE
    entry_id = entry.id if entry else None
    return Outcome(kind, out.entity.code, letter.id, entry_id, letter.state, number, year)


def _is_secret(session: Session, letter: LetterRow) -> bool:
    return letter.secrecy is not None or secret_behind(session, letter) is not None


def _kept_here(session: Session, desk: Desk, out: Outgoing, letter: LetterRow) -> Outcome:
    """Send nobody else what turned out secret after it was sent, and tell the clerk."""
    tell(
        session, desk, letter.entity_id, letter.clerk, "draft_returned", letter_id=letter.id,
        once=f"kept:{letter.id}", reason=NOT_BY_MAIL, kept=True,
    )  # fmt: skip
    entry = _entry(session, letter)
    number, year = (entry.number, entry.year) if entry else (None, None)
    entry_id = entry.id if entry else None
    code = out.entity.code
    return Outcome(Kind.DUPLICATE, code, letter.id, entry_id, letter.state, number, year)


def _of_key(session: Session, out: Outgoing, key: str) -> LetterRow | None:
    return session.scalar(
        select(LetterRow).where(LetterRow.entity_id == out.entity.id, LetterRow.clerk_key == key)
    )


def _entry(session: Session, letter: LetterRow) -> EntryRow | None:
    """Give the entry of a sent letter, or the reserved number that a slip or draft holds."""
    if letter.related_entry_id is not None:
        return session.get(EntryRow, letter.related_entry_id)
    return session.scalar(select(EntryRow).where(EntryRow.letter_id == letter.id))


def _more_answers(out: Outgoing, letter: LetterRow) -> bool:
    return bool(set(out.answers) - set(letter.facts.get("answers", [])))


def _extend(letter: LetterRow, out: Outgoing, after: tuple[Addressee, ...]) -> None:
    old = letter.facts
    note_facts(
        letter,
        addressees=[one.as_fact() for one in after],
        circular=bool(old.get("circular")) or (letter.state == "draft" and by_group(after)),
        answers=list(dict.fromkeys((*old.get("answers", []), *out.answers))),
        references=list(dict.fromkeys((*old.get("references", []), *out.references))),
    )
    letter.to_text = in_words(after)


def _tell_book(
    session: Session, desk: Desk, entry: EntryRow, letter: LetterRow, out: Outgoing
) -> None:
    """Bring ถึง of the book up to the addressees; a draft's reserved number has no letter yet."""
    by = out.officer.email
    if entry.to_text != letter.to_text and entry.state != "void":
        entries.amend(session, entry.id, by, "", at=desk.now(), to_text=letter.to_text)


def _send_on(
    session: Session,
    desk: Desk,
    letter: LetterRow,
    entry: EntryRow,
    added: tuple[Addressee, ...],
) -> None:
    by = letter.clerk
    relate(session, letter, entry, reached(addressees_of(letter)), desk.now())
    if not added:
        return
    queued = post(session, desk, letter, entry, added, by)
    facts = {"added": queued}
    journal.record(
        session, letter.entity_id, "addressees-added", by, desk.now(), entry.id, letter.id, facts
    )
    tell_sent(session, desk, letter, entry.id, added=in_words(added))
