"""The circuit breaker of a pair: two machines that answer each other are parted, and people told.

Every answer that a machine of ours gives to a mail is counted for the address that it goes to, in a
row that all processes share and that outlives them. An answer that anything at all can ask for
counts whole; one that tells of a letter with a file or a number, or that an officer caused, a
twenty-fifth: an hour of hard work is not a loop. When an hour holds more than
``registry.answers_per_hour`` the pair is open for an hour: nothing is answered to that address
by itself, one line is logged, the officers are told once, and each mail that stays without its
answer is in the journal. Letters are taken in and registered all the same; only the answers rest.
"""

import logging
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Final, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from registry import directory, journal
from registry.batch import remembered, write_down
from registry.db import insert_if_new
from registry.desk.context import Desk
from registry.desk.tell import tell
from registry.letter.entity import Role
from registry.models.evidence import JournalRow
from registry.models.outgoing import ExchangeRow

WITHHELD: Final = "acknowledgement-withheld"
LIGHT: Final = 25  # answers about real letters that weigh as much as one other answer
_WINDOW: Final = timedelta(hours=1)
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Pair:
    """An entity and an address, and how many answers went there of late."""

    id: int
    entity_id: int
    address: str
    since: datetime
    answers: int
    open_until: datetime | None

    def write(self, session: Session) -> None:
        """Write down how the pair stands."""
        values = {name: getattr(self, name) for name in ("since", "answers", "open_until")}
        session.connection().execute(_KEEP, {"pair": self.id, **values})


_T: Final = cast("Table", ExchangeRow.__table__)
_WANTED: Final = (
    select(*(_T.c[field.name] for field in fields(_Pair)))
    .where(_T.c.entity_id == bindparam("of"), _T.c.address == bindparam("to"))
    .with_for_update()
)
_KEEP: Final = (
    update(_T)
    .where(_T.c.id == bindparam("pair"))
    .values({name: bindparam(name) for name in ("since", "answers", "open_until")})
)


def may_answer(
    session: Session,
    desk: Desk,
    entity_id: int,
    address: str,
    *,
    letter_id: str | None = None,
    light: bool = False,
) -> bool:
    """Count one answer of the entity to this address; False when it must not be given.

    ``light`` says that it is about a letter with substance, or a person's act. The books of the
    entity are held until the transaction ends.
    """
    journal.lock_head(session, entity_id)
    now, pair = desk.now(), _pair(session, desk, entity_id, address)
    if pair.open_until is not None and pair.open_until > now:
        _withhold(session, desk, pair, letter_id)
        return False
    if pair.open_until is not None or now - pair.since >= _WINDOW:
        pair.since, pair.answers, pair.open_until = now, 0, None
    pair.answers += 1 if light else LIGHT
    may = pair.answers <= desk.settings.registry.answers_per_hour * LIGHT
    if not may:
        pair.open_until = now + _WINDOW
    write_down(session, ("pair", pair.id), pair.write)
    if not may:
        _tell_officers(session, desk, pair)
        _withhold(session, desk, pair, letter_id)
    return may


def _pair(session: Session, desk: Desk, entity_id: int, address: str) -> _Pair:
    """Give the pair, held; it is made with the first answer."""
    key = address.casefold()[:254]
    known = ("pair", entity_id, key)
    return remembered(session, known, lambda: _find(session, desk, entity_id, key))


def _find(session: Session, desk: Desk, entity_id: int, key: str) -> _Pair:
    ask, of = session.connection().execute, {"of": entity_id, "to": key}
    found = ask(_WANTED, of).one_or_none()
    if found is None:
        new = {"entity_id": entity_id, "address": key, "since": desk.now(), "answers": 0}
        insert_if_new(session, ExchangeRow, **new)
        found = ask(_WANTED, of).one()
    return _Pair(*found)


def _tell_officers(session: Session, desk: Desk, row: _Pair) -> None:
    """Log one line, without the address, and tell every officer but the one who is the loop."""
    domain = row.address.rpartition("@")[2]
    _log.warning(
        "entity %s and an address of %s answer each other without end: no machine answers until %s",
        row.entity_id, domain, row.open_until,
    )  # fmt: skip
    for officer in directory.officers(session, row.entity_id):
        own = officer.email.casefold() == row.address
        if officer.role is Role.OFFICER and not officer.disabled and not own:
            once = f"loop:{row.id}:{row.since:%Y%m%dT%H%M%S}:{officer.email}"[:120]
            tell(
                session, desk, row.entity_id, officer.email, "loop_stopped",
                once=once, address=row.address,
            )  # fmt: skip


def _withhold(session: Session, desk: Desk, row: _Pair, letter_id: str | None) -> None:
    """Write into the journal what stays unanswered, once for a letter."""
    said = select(JournalRow.id).where(
        JournalRow.entity_id == row.entity_id,
        JournalRow.act == WITHHELD,
        JournalRow.letter_id == letter_id,
    )
    if letter_id is None or session.scalar(said.limit(1)) is None:
        journal.record(
            session, row.entity_id, WITHHELD, "system", desk.now(),
            letter_id=letter_id, facts={"pair": row.id},
        )  # fmt: skip
