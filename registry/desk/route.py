"""To which of our entries a message belongs, how we know, and how surely.

Signals in order: the token in the address we were answered at (or in Subject, where a
mailbox knows no tags); In-Reply-To and References; อ้างถึง, number and date; a number in
the Subject of an answer. A token or a reference in a proven mail from an entity that the
entry was addressed to is certain and links at once. Anything else is a suggestion with a
score, and a person confirms it: who merely quotes a number is not appended to a case.

A tag is believed only if we made it (:mod:`registry.tokens`), and only for entries of
the entity that was written to.
"""

import re
from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from registry import outbox
from registry.batch import certainly_new
from registry.desk.case import Case
from registry.desk.cite import resolve
from registry.desk.context import Desk
from registry.desk.subject import is_answer
from registry.letter.number import find
from registry.letter.sorting import Sender, Signal, Tag
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryRow, SentMessageRow
from registry.secret.moves import moved_to
from registry.thai.dates import long_date
from registry.thai.numerals import to_thai
from registry.thai.text import tidy
from registry.tokens import read_tag

_TAG = re.compile(r"(?<![a-z0-9])r-[a-z2-7]{33}(?![a-z0-9])", re.IGNORECASE)
_MOST = 50  # Message-IDs of a thread, and numbers of a Subject, that are looked at


def answered_entry(session: Session, desk: Desk, case: Case) -> EntryRow | None:
    """Find the entry that an answer of our own clerk belongs to: by tag, else by thread.

    The newest Message-ID of the thread that is one of ours decides.
    """
    tagged = _tagged(session, desk, case)
    return tagged or next((row for row, _ in _threaded(session, case)), None)


def signals(session: Session, desk: Desk, case: Case) -> tuple[Signal, ...]:
    """Give every reason to believe that the message belongs to an entry, the best of each entry."""
    found: dict[str, Signal] = {}
    for signal in (
        *_by_token(session, desk, case),
        *_by_thread(session, case),
        *_by_citation(session, case),
        *_by_subject(session, case),
    ):
        found.setdefault(signal.entry_id, signal)
    return tuple(found.values())


def delivery_to(session: Session, entry_id: str, sender: Sender) -> DeliveryRow | None:
    """Find the delivery by which this sender was addressed: by entity, else by exact address."""
    mine = [DeliveryRow.to_address == sender.address]
    if sender.entity is not None:
        mine.append(DeliveryRow.to_entity_id == sender.entity.id)
    wanted = select(DeliveryRow).where(DeliveryRow.entry_id == entry_id, or_(*mine))
    return session.scalars(wanted.order_by(DeliveryRow.id)).first()


def mark_reported(session: Session, letter: LetterRow, entry_id: str) -> None:
    """Note at the delivery to this letter's sender that their answer came."""
    mine = [DeliveryRow.to_address == letter.sender]
    if letter.from_entity_id is not None:
        mine.append(DeliveryRow.to_entity_id == letter.from_entity_id)
    wanted = select(DeliveryRow.id).where(DeliveryRow.entry_id == entry_id, or_(*mine))
    for delivery_id in session.scalars(wanted):
        outbox.reported(session, delivery_id, at=letter.accepted_at, by="system")


def _tagged(session: Session, desk: Desk, case: Case) -> EntryRow | None:
    tags = [to.code for to in case.addressed if to.tag is Tag.REPLY]
    for tag in tags + _TAG.findall(case.message.subject):
        token = read_tag(desk.keys, tag)
        row = session.get(EntryRow, token.id) if token and token.kind == "r" else None
        if row is not None and row.entity_id == case.entity.id:
            moved = moved_to(session, row.id) if row.state == "void" else None
            return session.get(EntryRow, moved) if moved else row
    return None


def _threaded(session: Session, case: Case) -> Iterator[tuple[EntryRow, str]]:
    """Give the entries that our Message-IDs in the thread stand for, the newest first."""
    ids = list(case.message.references[:_MOST])
    if not ids or certainly_new(session, "sent", *ids):
        return
    wanted = select(SentMessageRow).where(
        SentMessageRow.entity_id == case.entity.id, SentMessageRow.message_id.in_(ids)
    )
    for sent in sorted(session.scalars(wanted), key=lambda sent: ids.index(sent.message_id)):
        row = session.get(EntryRow, sent.entry_id)
        if row is not None:
            yield row, sent.kind


def _by_token(session: Session, desk: Desk, case: Case) -> Iterator[Signal]:
    row = _tagged(session, desk, case)
    if row is None:
        return
    way = "ตอบมาที่ที่อยู่เฉพาะของหนังสือฉบับนี้"
    if _is_addressee(session, row, case.sender):
        yield Signal(row.id, "token", 100, True, f"{way} โดยหน่วยงานที่เราส่งถึง")
    else:
        yield Signal(row.id, "token", 70, False, f"{way} แต่ผู้ส่งไม่ใช่ผู้ที่เราส่งถึง")


def _by_thread(session: Session, case: Case) -> Iterator[Signal]:
    for row, kind in _threaded(session, case):
        if kind == "letter" and _is_addressee(session, row, case.sender):
            yield Signal(row.id, "references", 95, True, "ตอบอีเมลของเรา โดยหน่วยงานที่เราส่งถึง")
        else:
            yield Signal(row.id, "references", 60, False, "อยู่ในสายอีเมลเดียวกับหนังสือฉบับนี้")


def _by_citation(session: Session, case: Case) -> Iterator[Signal]:
    for citation in case.reading.references:
        cited = resolve(session, case.entity.id, citation)
        if cited.entry_id is None or citation.enclosed or citation.number is None:
            continue
        why = f"อ้างถึงที่ {citation.number.thai()}"
        if cited.certain and citation.dated is not None:
            why += f" ลงวันที่ {long_date(citation.dated)} ตรงกันทั้งเลขที่และวันที่"
            yield Signal(cited.entry_id, "cited", 85, False, why)
        else:
            yield Signal(cited.entry_id, "cited", 60, False, why + " โดยไม่มีวันที่ให้เทียบ")


def _by_subject(session: Session, case: Case) -> Iterator[Signal]:
    subject = case.message.subject
    if not is_answer(subject):
        return
    for number, _, _ in find(tidy(subject))[:_MOST]:
        for row in _numbered(session, case.entity.id, number.key):
            why = f"ชื่อเรื่องของอีเมลมีเลขที่ {to_thai(row.letter_number)}"
            yield Signal(row.id, "subject", 40, False, why)


def _is_addressee(session: Session, row: EntryRow, sender: Sender) -> bool:
    return sender.proven and delivery_to(session, row.id, sender) is not None


def _numbered(session: Session, entity_id: int, key: str) -> list[EntryRow]:
    """Give the entries of this entity that bear the number, the newest first."""
    wanted = select(EntryRow).where(
        EntryRow.entity_id == entity_id,
        EntryRow.letter_number_key == key,
        EntryRow.state == "registered",
        EntryRow.secrecy.is_(None),
    )
    return list(session.scalars(wanted.order_by(EntryRow.registered_at.desc()).limit(_MOST)))
