"""The digest: twice on every working day the officers hear what waits for them.

One mail to each officer of a hosted entity, at the office times of ``registry.digest_times``
(09.00 and 13.30, the times at which the central mailbox must be looked at), and none when
nothing waited then. A service that was down at that time makes up for the last digest of
the day, no more. Of letters marked secret, and of those that could not be read, it says only
that they came. Who is bound to a unit hears of what concerns it. The most urgent stands first,
then what is due first, then the oldest; what is registered and past its time is told of as well.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, time
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, sightings
from registry.accounts.access import Reach, is_limited, limited, reach_of
from registry.clock import BANGKOK
from registry.desk.chase import reminders
from registry.desk.context import Desk
from registry.desk.due import dealing, late
from registry.desk.register import from_text
from registry.desk.tell import tell
from registry.letter.entity import LegalEntity, Officer, Role
from registry.letter.grades import Urgency
from registry.letters import is_sealed
from registry.models.letters import LetterRow
from registry.models.outgoing import OutboxRow
from registry.thai.dates import short_date, thai_time
from registry.unlooked import looked_at
from registry.withheld import why_withheld, with_files_withheld

MOST: Final = 500  # letters of one kind that a digest tells of
LATE: Final = "หนังสือที่ลงรับแล้วและเลยเวลาดำเนินการ"
UNSEEN: Final = "ยังไม่มีผู้เปิดดู"
_AT_ONCE: Final = Urgency.MOST_URGENT.thai
_READERS: Final = frozenset({Role.OFFICER, Role.SECRET_OFFICER})


def send_due_digests(session: Session, desk: Desk, now: datetime) -> int:
    """Write the digests that are due and were not written; count them."""
    slot = _last_slot(desk, now)
    if slot is None:
        return 0
    hosted = directory.hosted(session)
    return sum(_of_entity(session, desk, entity, slot) for entity in hosted)


def _last_slot(desk: Desk, now: datetime) -> datetime | None:
    """Give the newest of today's digest times that has come; None outside working days."""
    local = now.astimezone(BANGKOK)
    if not desk.workdays.is_workday(local.date()):
        return None
    times = (time.fromisoformat(text) for text in desk.settings.registry.digest_times)
    slots = (datetime.combine(local.date(), at, BANGKOK) for at in times)
    return max((slot for slot in slots if slot <= local), default=None)


def _of_entity(session: Session, desk: Desk, entity: LegalEntity, slot: datetime) -> int:
    """Write the digests of one entity; whoever has theirs is not asked for again."""
    once = {
        f"digest:{slot:%Y-%m-%dT%H:%M}:{officer.id}": officer.email
        for officer in readers(session, entity)
    }
    told = select(OutboxRow.once).where(OutboxRow.once.in_(once))
    due = once.keys() - set(session.scalars(told))
    people = {one.email: one for one in readers(session, entity)} if due else {}
    told_now, known = 0, dict[Reach, dict[str, Any]]()
    for key in sorted(due):
        reach = replace(reach_of(session, entity, people[once[key]]), cleared=False, grade=None)
        if reach not in known:
            with limited(session, reach):
                known[reach] = _waiting(session, desk, entity, slot)
        if known[reach]["total"] or known[reach]["sightings"]:
            tell(session, desk, entity.id, once[key], "digest", once=key, **known[reach])
            told_now += 1
    return told_now


def readers(session: Session, entity: LegalEntity) -> Iterator[Officer]:
    """Give the officers of an entity whom the digest is for."""
    for officer in directory.officers(session, entity.id):
        if officer.role in _READERS and not officer.disabled:
            yield officer


def _waiting(session: Session, desk: Desk, entity: LegalEntity, slot: datetime) -> dict[str, Any]:
    """Tell what waited at the time of the digest, in sections of lines."""
    mine = select(LetterRow).where(LetterRow.entity_id == entity.id, LetterRow.accepted_at <= slot)
    wanted = mine.where(LetterRow.state.in_(("waiting", "secret", "draft")))
    held = _in_turn(desk, session.scalars(wanted))
    withheld = _in_turn(desk, _withheld(session, entity, slot))
    coming = [one.id for one in held if one.direction == "in" and one.urgency == _AT_ONCE]
    unseen = set(coming) - looked_at(session, coming)
    kinds = {
        "หนังสือรับที่รอลงรับ": [one for one in held if one.state == "waiting"],
        "หนังสือที่มีชั้นความลับ รอนายทะเบียน": [one for one in held if one.state == "secret"],
        "ร่างหนังสือส่งที่รอออกเลข": [one for one in held if one.state == "draft"],
        "ไฟล์แนบยังไม่ผ่านการตรวจไวรัส": withheld,
    }
    sections = [
        {"title": title, "items": [_line(session, one, unseen) for one in letters[:MOST]]}
        for title, letters in kinds.items()
        if letters
    ]
    reminding = [
        *_late(session, desk, entity, slot),
        *reminders(session, desk, entity, slot),
    ]
    total = len(held) + len(withheld) + sum(len(one["items"]) for one in reminding)
    seen = 0 if is_limited(session) else sightings.count_open(session, entity.id)  # in mailboxes
    return {"sections": sections + reminding, "total": total, "sightings": seen}


def _in_turn(desk: Desk, letters: Iterable[LetterRow]) -> list[LetterRow]:
    """Put letters into the order of queues: urgency, then what is due, then the oldest."""
    rule = dealing(desk)

    def place(one: LetterRow) -> tuple[Any, ...]:
        received = one.deemed_received_at or one.accepted_at
        return (*rule.place(one.urgency, one.due, received), one.accepted_at, one.id)

    return sorted(letters, key=place)


def _late(session: Session, desk: Desk, entity: LegalEntity, slot: datetime) -> list[Any]:
    """Give the section of what is registered and past its time; none where nothing is."""
    found = late(session, desk, entity.id, slot, cleared=False)
    items = [
        {
            "id": one.entry,
            "line": " – ".join(filter(None, (one.urgency, one.from_text, one.subject)))[:500],
            "why": f"ให้ดำเนินการภายใน {_when(one.by)}",
        }
        for one in found
    ]
    return [{"title": LATE, "items": items}] if items else []


def _withheld(session: Session, entity: LegalEntity, slot: datetime) -> list[LetterRow]:
    """Give the letters with a number whose files wait for somebody, in words for this mail."""
    mine = with_files_withheld().where(
        LetterRow.entity_id == entity.id,
        LetterRow.accepted_at <= slot,
        LetterRow.state.in_(("registered", "note", "sent")),
    )
    return list(session.scalars(mine))


def _line(session: Session, letter: LetterRow, unseen: set[str]) -> dict[str, str]:
    """Say one letter in one line; of a secret one only when it came."""
    when = _when(letter.accepted_at)
    if letter.secrecy is not None:
        return {"id": letter.id, "line": f"เข้ามาเมื่อ {when}", "why": ""}
    if is_sealed(letter.facts):
        return {"id": letter.id, "line": f"เข้ามาเมื่อ {when}", "why": letter.why_waiting[:500]}
    words = [letter.urgency, from_text(session, letter), letter.subject]
    said = " – ".join(word for word in words if word)
    why = [UNSEEN if letter.id in unseen else "", letter.why_waiting or why_withheld(letter.scan)]
    return {
        "id": letter.id,
        "line": f"{said} ({when})"[:500],
        "why": " · ".join(filter(None, why))[:500],
    }


def _when(at: datetime) -> str:
    local = at.astimezone(BANGKOK)
    return f"{short_date(local.date())} {thai_time(local)}"
