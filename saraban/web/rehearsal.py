"""Trying an act and keeping nothing of it, to show what it would do.

The act runs in a transaction as the real one does, with its locks, and is rolled back. So what is
shown is what the act itself made of the letter, its number included; another letter that goes first
may still take that number.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from sqlalchemy.orm import Session

from gateway.outbound.draft import Tools
from gateway.outbound.preview import Preview, previews
from registry import entries
from registry.desk.hold import letter_jobs
from registry.errors import SarabanError
from registry.letter.entry import Entry
from saraban.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What sending would do: the entry with its number, and what each receiver gets.

    ``why`` says in Thai why it cannot be sent; then there is no entry.
    """

    entry: Entry | None
    previews: tuple[Preview, ...] = ()
    why: str = ""

    @property
    def receivers(self) -> int:
        """How many would get it."""
        return sum(len(one.receivers) for one in self.previews)


class _Over(Exception):
    """Nothing of this is kept."""

    def __init__(self, found: Rehearsal) -> None:
        super().__init__("nothing of this is kept")
        self.found = found


def rehearse(visit: Visit, act: Callable[[Session], str]) -> Rehearsal:
    """Try an act that sends a letter and gives the id of its entry."""
    try:
        with visit.write() as session:
            _play(visit, session, act)
    except _Over as over:
        return over.found
    except SarabanError as error:
        return Rehearsal(None, why=error.thai)


def _play(visit: Visit, session: Session, act: Callable[[Session], str]) -> NoReturn:
    runtime = visit.runtime
    tools = Tools(runtime.office, runtime.gateway, runtime.keys, runtime.blobs)
    entry_id = act(session)
    shown = previews(session, tools, letter_jobs(session, entry_id))
    raise _Over(Rehearsal(entries.get(session, entry_id), tuple(shown)))
