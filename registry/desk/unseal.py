"""Opening a letter that is or may be secret: the first look at it is an act with a name.

What could not be read cannot be known not to be secret. So of such a letter nothing that it says is
shown, in lists, mails or by command, until somebody opens it: the officer of secret letters, or
an officer who takes it upon themselves. The journal keeps who. Whoever finds it marked hands it to
the officer of secret letters by ``mark``, and it is held as any marked letter; else it waits,
open to the officers, to be registered by hand. One that came with a marking is opened in the same
way, by the officer of secret letters alone.
"""

from sqlalchemy.orm import Session

from registry import journal
from registry.desk.authority import must_be_cleared
from registry.desk.context import Desk
from registry.desk.found_secret import hide_drafts, spread
from registry.desk.take_up import held_incoming, note_facts
from registry.desk.wait import SECRET
from registry.errors import Conflict, NotAllowed
from registry.letter.entity import Role
from registry.letter.grades import Secrecy
from registry.letters import is_sealed, is_unopened
from registry.models.letters import LetterRow
from registry.secret import letters as secret_letters
from registry.secret.twins import hold_books
from registry.texts import claims


def unseal(session: Session, desk: Desk, letter_id: str, by: str) -> None:
    """Open a letter that is or may be secret; one that is open already stays as it is.

    Raises NotFound; NotAllowed for anybody but the entity's officers, and for a marked letter
    anybody but the officer of secret letters.
    """
    letter, officer = _letter(session, letter_id, by)
    if not (is_sealed(letter.facts) or is_unopened(letter.state, letter.secrecy, letter.facts)):
        return
    note_facts(letter, opened_by=officer)
    session.flush()
    journal.record(session, letter.entity_id, "opened", officer, desk.now(), letter_id=letter.id)


def mark(session: Session, desk: Desk, letter_id: str, by: str, secrecy: Secrecy) -> None:
    """Hold a waiting letter as secret, for the officer of secret letters; raises as `unseal`.

    Raises Conflict when it does not wait any more.
    """
    hold_books(session, [letter_id])
    letter, officer = _letter(session, letter_id, by)
    if letter.state != "waiting":
        raise Conflict(f"letter {letter_id} is {letter.state}", thai="หนังสือฉบับนี้ไม่ได้รอลงรับ")
    letter.state, letter.secrecy, letter.why_waiting = "secret", secrecy.thai, SECRET
    session.flush()
    claims.forget(session, letter.id)
    secret_letters.put_down(session, letter.id, "officer", desk.now())
    journal.record(
        session, letter.entity_id, "held-secret", officer, desk.now(), letter_id=letter.id
    )
    hide_drafts(session, desk, letter, None, secrecy)
    spread(session, letter.id, desk)


def must_be_open(letter: LetterRow, role: Role) -> None:
    """See that an officer who decides on a letter has opened it first; else raise NotAllowed."""
    if is_sealed(letter.facts) and role is not Role.SECRET_OFFICER:
        raise NotAllowed(
            f"letter {letter.id} was not opened",
            thai="หนังสือฉบับนี้ระบบอ่านไม่ได้ โปรดเปิดดูก่อนด้วย saraban letter open",
        )


def _letter(session: Session, letter_id: str, by: str) -> tuple[LetterRow, str]:
    letter, officer = held_incoming(session, letter_id, by)
    must_be_cleared(officer, letter_id, secret=letter.secrecy)
    return letter, officer.email
