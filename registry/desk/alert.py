"""Telling at once whoever asked: urgent, secret and unseen arrivals, overdue letters, trouble.

``[[notify]]`` names them, by mail or by webhook; the desk carries that list as *watchers*. The jobs
are written in the transaction of the act, so nothing is told that did not happen, and nothing that
happened is forgotten. Each target hears once of a letter and event, however often it happens.

Jobs hold ids and the name of the event only. What may be said of a letter is decided when the mail
or the call is composed; of a secret letter, and of one that could not be read, never a word of it.
"""

import hashlib
from collections.abc import Iterable
from typing import Final

from sqlalchemy.orm import Session

from registry import directory, outbox
from registry.desk.context import Desk
from registry.letter.grades import Urgency
from registry.letter.watcher import Event, Watcher
from registry.models.letters import LetterRow

_URGENT: Final = frozenset({Urgency.VERY_URGENT.thai, Urgency.MOST_URGENT.thai})


def alert(  # noqa: PLR0913 - whom, what, and what it is about
    session: Session,
    desk: Desk,
    event: Event,
    entity_id: int,
    *,
    entry_id: str | None = None,
    letter_id: str | None = None,
    about: str = "",
    mails: bool = True,
    also: Iterable[str] = (),
) -> int:
    """Write one job for each watcher of this event, and count them.

    ``about`` names what it is about where that is no letter; it keys "once" in its place.
    ``mails`` is False for what is told by a mail with more to say. ``also`` are addresses of people
    who are told by mail though no setting names them.
    """
    watchers = [one for one in desk.watchers if event in one.events and (mails or one.webhook)]
    watchers += [Watcher("", address, (event,)) for address in also]
    if not watchers:
        return 0
    code = directory.entity_by_id(session, entity_id).code
    made = 0
    for one in watchers:
        if one.entity in ("", code):
            kind = outbox.Kind.WEBHOOK if one.webhook else outbox.Kind.NOTICE
            facts = {"event": event, "entry": entry_id, "letter": letter_id}
            job = outbox.enqueue(
                session, desk, kind, entity_id, one.address,
                entry_id=None if one.webhook else entry_id, letter_id=letter_id,
                facts=facts if one.webhook else {"text": "alert", **facts},
                once=f"alert:{event}:{letter_id or about}:{_key(one.address)}"[:120],
                urgency=Urgency.MOST_URGENT.rank,
            )  # fmt: skip
            made += job is not None
    return made


def alert_arrival(session: Session, desk: Desk, letter: LetterRow, entry_id: str | None) -> int:
    """Tell of a letter that came in and is ด่วนมาก or ด่วนที่สุด, registered or waiting."""
    if letter.urgency not in _URGENT:
        return 0
    return alert(session, desk, "urgent", letter.entity_id, entry_id=entry_id, letter_id=letter.id)


def _key(address: str) -> str:
    return hashlib.sha256(address.casefold().encode()).hexdigest()[:16]
