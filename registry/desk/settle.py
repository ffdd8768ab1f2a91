"""Handing in a letter: written down once, then sent at once or left for an officer.

``registry.send`` decides for answers and dispatch tags: by_officer makes drafts of them. What a
clerk hands to the submission port is numbered at once: they signed in there, and that door
exists for nothing but sending. Whatever the way, a letter waits when an officer must look
first: marked secret, for nobody, or bearing a number that is neither reserved nor the next. What is
about a secret letter is hidden like a draft about it, and goes back to its clerk.

The clerk always hears, once: ยังไม่ได้ส่ง – รอออกเลข, or ส่งแล้ว เลขที่ …. The same mail once more
only adds addressees: see :mod:`registry.desk.again`.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy.orm import Session

from registry import journal
from registry.desk import draft, found_secret
from registry.desk.again import add_addressees, find_earlier
from registry.desk.compare import Paper, contradicts, judge
from registry.desk.context import Desk
from registry.desk.outgoing import Outgoing, Way
from registry.desk.owner import Owner, owner_of
from registry.desk.secret_drafts import secret_behind
from registry.desk.send import send
from registry.desk.take_up import note_facts
from registry.desk.tell import tell_sent, tell_waiting
from registry.letter.sorting import Kind, Outcome
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.withheld import holds_back

NOBODY: Final = "ไม่ได้ระบุผู้รับ"
SECRET: Final = "มีชั้นความลับ ส่งทางช่องทางนี้ไม่ได้"  # noqa: S105 - a reason
USED_ID: Final = "Message-ID ซ้ำกับหนังสือฉบับก่อนที่เนื้อหาต่างกัน"


def hand_in(session: Session, desk: Desk, out: Outgoing) -> Outcome:
    """Take a letter from a clerk, and give what became of it."""
    journal.lock_head(session, out.entity.id)
    earlier, key = find_earlier(session, out)
    if earlier is not None:
        return add_addressees(session, desk, out, earlier)
    letter = draft.write(session, desk, out, key=key)
    if letter.secrecy is None and (behind := secret_behind(session, letter)) is not None:
        return _hidden(session, desk, out, letter, behind)
    reasons = list(_reasons(session, desk, out, letter))
    if reasons or _left_to_officer(desk, out):
        return _wait(session, desk, out, letter, reasons)
    entry = send(session, desk, letter.id, out.officer.email, entry_id=letter.related_entry_id)
    tell_sent(session, desk, letter, entry.id)
    code = out.entity.code
    return Outcome(Kind.DISPATCH, code, letter.id, entry.id, "sent", entry.number, entry.year)


def _left_to_officer(desk: Desk, out: Outgoing) -> bool:
    if out.way in (Way.SUBMISSION, Way.SLIP, Way.DESK):
        return False
    return desk.settings.registry.send != "automatic"


def _wait(
    session: Session, desk: Desk, out: Outgoing, letter: LetterRow, reasons: list[str]
) -> Outcome:
    letter.why_waiting = "; ".join(dict.fromkeys(reasons))
    session.flush()
    by = out.officer.email
    journal.record(session, out.entity.id, "drafted", by, desk.now(), letter_id=letter.id)
    tell_waiting(session, desk, letter)
    return Outcome(Kind.DISPATCH, out.entity.code, letter.id, None, letter.state)


def _hidden(session: Session, desk: Desk, out: Outgoing, letter: LetterRow, behind: str) -> Outcome:
    """Keep what is about a secret letter out of sight; its clerk hears that it does not go out."""
    session.flush()
    by = out.officer.email
    journal.record(session, out.entity.id, "drafted", by, desk.now(), letter_id=letter.id)
    found_secret.hide_behind(session, desk, letter.id, behind)
    return Outcome(Kind.DISPATCH, out.entity.code, letter.id, None, letter.state)


def _reasons(session: Session, desk: Desk, out: Outgoing, letter: LetterRow) -> Iterator[str]:
    """Give in Thai why an officer must see the letter first, whatever the settings say."""
    yield from out.why
    if letter.clerk_key == out.second_key:
        yield USED_ID
    if letter.secrecy is not None:
        yield SECRET
    if why := holds_back(session, letter):
        yield why
    if not out.addressees:
        yield NOBODY
    owner = owner_of(session, out.entity, letter.unit_code)
    if out.slip is not None:
        number = session.get_one(EntryRow, out.slip).letter_number
        if why := contradicts(Paper.of(out.message), owner, number):
            yield why
    elif why := _compared(session, desk, owner, out, letter):
        yield why


def _compared(session: Session, desk: Desk, owner: Owner, out: Outgoing, letter: LetterRow) -> str:
    """Take over the number that the paper bears where it may be used; else say why not."""
    paper = Paper.of(out.message)
    verdict = judge(session, owner, paper, desk.now(), circular=out.circular)
    if verdict.why or verdict.number is None:
        return verdict.why
    if verdict.entry_id is not None and draft.holder_of(session, verdict.entry_id):
        return f"เลขที่ {verdict.number.thai()} จองไว้สำหรับหนังสือฉบับอื่น"
    letter.letter_number = str(verdict.number)
    letter.related_entry_id = verdict.entry_id
    note_facts(letter, circular=verdict.circular)
    return ""
