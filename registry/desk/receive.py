"""What becomes of a letter: registered at once, or kept until an officer has seen it.

It is written down first, as waiting; only when there is no reason to wait is it registered, in
the same transaction. A letter that waits takes no number and hears no number.
"""

from sqlalchemy.orm import Session

from registry import directory, journal
from registry.batch import flush
from registry.desk.acknowledge import Act, acknowledge, acknowledge_arrival
from registry.desk.alert import alert, alert_arrival
from registry.desk.case import Case
from registry.desk.context import Desk
from registry.desk.deliver import RouteFacts, choose, deliver
from registry.desk.duplicate import find_look_alike
from registry.desk.keep import keep
from registry.desk.register import AUTOMATIC, register
from registry.desk.screen import screen
from registry.desk.take_up import note_facts
from registry.desk.tell import tell
from registry.desk.wait import SECRET, look_alike, why_waiting
from registry.letter.sorting import Kind, Outcome, Tag
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.secret import letters as secret_letters

NOT_BY_MAIL = "หนังสือที่มีชั้นความลับดำเนินการทางไปรษณีย์อิเล็กทรอนิกส์ไม่ได้ โปรดติดต่อนายทะเบียนข้อมูลข่าวสารลับ"

HIDDEN_BY_SENDER = f"ผู้ส่งซ่อนหนังสือฉบับนี้เพราะพบว่ามีชั้นความลับ: {SECRET}"


def receive(session: Session, desk: Desk, case: Case, kind: Kind) -> Outcome:
    """Keep a letter, and register it unless there is a reason to wait."""
    letter = keep(session, desk, case, "waiting")
    reasons = why_waiting(session, desk, case)
    twin = find_look_alike(session, letter)
    if twin is not None and desk.settings.registry.on_possible_duplicate == "wait":
        reasons.append(twin.note)
    if reasons:
        return _wait(session, desk, case, letter, kind, reasons)
    entry = register(session, desk, letter, AUTOMATIC)
    alert_arrival(session, desk, letter, entry.id)
    return Outcome(
        kind, case.entity.code, letter.id, entry.id, letter.state, entry.number, entry.year
    )


def hold_secret(session: Session, desk: Desk, case: Case) -> Outcome:
    """Hold a marked letter for the officer of secret letters; a clerk of ours hears why."""
    why = SECRET if screen(case.message) else HIDDEN_BY_SENDER
    letter = keep(session, desk, case, "secret", why=why)
    secret_letters.arrived(session, letter.id, desk.now())
    journal.record(
        session, case.entity.id, "held-secret", "system", desk.now(), letter_id=letter.id
    )
    alert(session, desk, "secret", case.entity.id, letter_id=letter.id)
    officer = case.sender.officer
    if case.by_own_clerk and officer is not None and not case.message.automatic:
        tell(
            session, desk, case.entity.id, officer.email, "draft_returned",
            once=f"secret:{letter.id}", reason=NOT_BY_MAIL,
        )  # fmt: skip
    return Outcome(Kind.SECRET, case.entity.code, letter.id, None, letter.state)


def receive_again(session: Session, desk: Desk, case: Case) -> Outcome:
    """Keep the same letter come again: no second number, but the same answer to who asks.

    A copy that names a unit which the first did not is delivered there, under its entry.
    """
    assert case.twin is not None
    first = session.get_one(LetterRow, case.twin.letter_id)
    letter = keep(session, desk, case, "duplicate", related=case.twin.entry_id)
    journal.record(
        session, case.entity.id, "duplicate", "system", desk.now(), case.twin.entry_id, letter.id,
        {"first": first.id},
    )  # fmt: skip
    entry = session.get(EntryRow, case.twin.entry_id) if first.state == "registered" else None
    if entry is None:
        return Outcome(Kind.DUPLICATE, case.entity.code, letter.id, None, letter.state)
    _answer_again(session, desk, letter, first, entry)
    _deliver_further(session, desk, case, entry)
    return Outcome(
        Kind.DUPLICATE,
        case.entity.code,
        letter.id,
        entry.id,
        letter.state,
        entry.number,
        entry.year,
    )


def _answer_again(
    session: Session, desk: Desk, letter: LetterRow, first: LetterRow, entry: EntryRow
) -> None:
    """Say what was said of the first: its number, or that and why it went back."""
    back = first.facts.get("given_back")
    act: Act = back["act"] if back else "registered"
    reason = back["reason"] if back else ""
    acknowledge(session, desk, letter, act, entry_id=entry.id, reason=reason)


def keep_only(session: Session, desk: Desk, case: Case) -> Outcome:
    """Keep what machines wrote and what says nothing: it never becomes anything."""
    related = case.signals[0].entry_id if case.signals else case.answered
    letter = keep(session, desk, case, "automatic", related=related)
    journal.record(session, case.entity.id, "automatic", "system", desk.now(), related, letter.id)
    return Outcome(Kind.AUTOMATIC, case.entity.code, letter.id, related, letter.state)


def _wait(
    session: Session, desk: Desk, case: Case, letter: LetterRow, kind: Kind, reasons: list[str]
) -> Outcome:
    letter.why_waiting = "; ".join(reasons)
    if like := look_alike(session, case):
        note_facts(letter, look_alike=like)
    flush(session)
    journal.record(session, case.entity.id, "waiting", "system", desk.now(), letter_id=letter.id)
    acknowledge_arrival(session, desk, letter)
    alert_arrival(session, desk, letter, None)
    _tell_unknown_clerk(session, desk, case, letter)
    return Outcome(kind, case.entity.code, letter.id, None, letter.state)


def _tell_unknown_clerk(session: Session, desk: Desk, case: Case, letter: LetterRow) -> None:
    """Tell somebody of our own domain who is no known clerk that nothing was sent for them."""
    sender, message = case.sender, case.message
    own = sender.address.rpartition("@")[2] in case.entity.domains
    asked = case.has(Tag.DISPATCH, Tag.NUMBER) or case.has(Tag.REPLY)
    machine = message.automatic or message.bulk or not message.mail_from
    if sender.proven and own and asked and not machine and sender.entity is None:
        tell(
            session, desk, case.entity.id, sender.address, "not_known_clerk",
            letter_id=letter.id, once=f"not_known_clerk:{letter.id}", sender=sender.address,
        )  # fmt: skip


def _deliver_further(session: Session, desk: Desk, case: Case, entry: EntryRow) -> None:
    codes = tuple(addressed.code for addressed in case.addressed if addressed.code)
    units = {unit.code for unit in directory.units(session, case.entity.id)}
    if units & set(codes):
        hits = choose(session, case.entity, RouteFacts(codes=codes))
        deliver(session, desk, entry, hits)
