"""Letting the files of a letter out that no scanner called clean: by an officer, or by the scanner.

An officer who clears a letter answers for it: the journal keeps who and when, the entry's notes say
why. The scanner, when it is back, may itself say *clean*, or *infected*; then the files stay, and
the officers hear of it. Either way the units whose copy came without files get it again with them.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, journal
from registry.desk.authority import must_be_cleared, must_register
from registry.desk.context import Desk
from registry.desk.deliver import deliver_again
from registry.desk.take_up import note_facts
from registry.desk.tell import tell
from registry.errors import Conflict, NotFound
from registry.letter.entity import LegalEntity, Officer, Role
from registry.models.books import EntryRow
from registry.models.letters import LetterRow, NoteRow
from registry.withheld import WITHHELD

_READERS = frozenset({Role.OFFICER, Role.SECRET_OFFICER})
_CLEAN = "ตรวจไวรัสแล้ว ไม่พบไวรัส รอเจ้าหน้าที่ออกเลข"


def clear(session: Session, desk: Desk, letter_id: str, by: str, reason: str) -> int:
    """Let the withheld files of a letter out; give how many copies go to units again.

    Raises NotFound; NotAllowed for anybody but an officer of the entity (of secret letters, for
    one that is marked); Conflict when nothing is withheld; ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("files are not let out without a reason")
    found = _letter(session, letter_id)
    entity = directory.entity_by_id(session, found.entity_id)
    officer = must_register(session, entity, by)
    letter = _held(session, found)
    _may_clear(letter, officer)
    before, letter.scan = letter.scan, "cleared"
    note_facts(letter, cleared_by=officer.email, clear_reason=reason.strip())
    entry_id = _entry_of(session, letter)
    if entry_id is not None:
        said = f"ให้ใช้ไฟล์แนบได้: {reason.strip()}"
        session.add(NoteRow(entry_id=entry_id, at=desk.now(), by=officer.email, text=said))
    facts = {"scan": before}
    return _let_out(session, desk, letter, entry_id, "files-cleared", officer.email, facts)


def scanned_again(session: Session, desk: Desk, letter_id: str, scan: str, detail: str) -> int:
    """Write down what the scanner says at last; give how many copies go to units again.

    ``scan`` is clean, infected or still not_scanned. A letter on which somebody decided meanwhile
    stays as it is.
    """
    letter = _held(session, _letter(session, letter_id))
    if letter.scan != "not_scanned":
        return 0
    letter.scan, letter.scan_detail = scan, detail
    if scan == "not_scanned":
        return 0
    entry_id = _entry_of(session, letter)
    facts = {"scan": scan}
    if scan == "clean":
        if letter.state == "draft":
            letter.why_waiting = _CLEAN
        return _let_out(session, desk, letter, entry_id, "files-scanned", "system", facts)
    journal.record(
        session, letter.entity_id, "files-scanned", "system", desk.now(), entry_id, letter.id, facts
    )
    _warn(session, desk, directory.entity_by_id(session, letter.entity_id), letter, entry_id)
    return 0


def _letter(session: Session, letter_id: str) -> LetterRow:
    letter = session.get(LetterRow, letter_id)
    if letter is None:
        raise NotFound(f"no letter {letter_id}", thai="ไม่พบหนังสือฉบับนี้")
    return letter


def _held(session: Session, letter: LetterRow) -> LetterRow:
    """Hold the entity's books, then read the letter afresh."""
    letter_id = letter.id
    journal.lock_head(session, letter.entity_id)
    return session.get_one(LetterRow, letter_id, populate_existing=True)


def _may_clear(letter: LetterRow, officer: Officer) -> None:
    must_be_cleared(officer, letter.id, secret=letter.secrecy)
    if letter.scan not in WITHHELD:
        by = letter.facts.get("cleared_by", "")
        raise Conflict(
            f"no file of letter {letter.id} is withheld",
            thai="ไฟล์ของหนังสือฉบับนี้ไม่ได้ถูกกักไว้" + (f" {by} ให้ใช้ได้แล้ว" if by else ""),
        )


def _entry_of(session: Session, letter: LetterRow) -> str | None:
    return session.scalar(select(EntryRow.id).where(EntryRow.letter_id == letter.id))


def _let_out(
    session: Session,
    desk: Desk,
    letter: LetterRow,
    entry_id: str | None,
    act: str,
    by: str,
    facts: dict[str, str],
) -> int:
    journal.record(session, letter.entity_id, act, by, desk.now(), entry_id, letter.id, facts)
    session.flush()
    return deliver_again(session, desk, entry_id) if entry_id and letter.direction == "in" else 0


def _warn(
    session: Session, desk: Desk, entity: LegalEntity, letter: LetterRow, entry_id: str | None
) -> None:
    for officer in directory.officers(session, entity.id):
        if officer.role in _READERS and not officer.disabled:
            tell(
                session, desk, entity.id, officer.email, "files_infected",
                entry_id=entry_id, letter_id=letter.id,
                once=f"files_infected:{letter.id}:{officer.id}"[:120], id=letter.id,
            )  # fmt: skip
