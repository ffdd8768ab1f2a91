"""What a page's request and a program's have in common: sessions within reach, acts, looks, rest.

:class:`saraban.web.visit.Visit` and :class:`saraban.api.caller.Caller` are both an :class:`Asking`;
they differ in who asks and in how they are answered. Everything that is read goes through
:meth:`Asking.read`, everything that is named by id through :meth:`Asking.gate`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from gateway.wake import MAILQ, ring
from registry import readings
from registry.accounts import access
from registry.accounts.access import Reach
from registry.desk.context import Desk
from registry.readings import What
from saraban.runtime import OfficeRuntime


class Asking(ABC):
    """One request of somebody whose reach is known, or of a guest, who has none."""

    runtime: OfficeRuntime

    @abstractmethod
    def sees(self) -> Reach | None:
        """Give what they may see; None for a guest."""

    @abstractmethod
    def signs(self, session: Session) -> None:
        """Have what this session does stand in the journal as theirs."""

    @abstractmethod
    def looks_as(self) -> tuple[int, str]:
        """Give the entity (id) and the name under which their looks at letters are written down."""

    @property
    def desk(self) -> Desk:
        """What acts of the desk need."""
        return self.runtime.desk

    @property
    def resting(self) -> Desk:
        """The desk by which a letter rests before it leaves, so that it can be taken back."""
        seconds = max(self.desk.hold_seconds, self.runtime.web.undo_seconds)
        return replace(self.desk, hold_seconds=seconds)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session for reading what they may see; the rest is not there."""
        with self.runtime.database.read() as session, self.limited(session):
            yield session

    def limited(self, session: Session) -> AbstractContextManager[None]:
        """Let a session find only what they may see."""
        return access.limited(session, self.sees())

    def gate(self, session: Session) -> AbstractContextManager[None]:
        """Let a session find an entry or a letter only where they may open it."""
        reach = self.sees()
        assert reach is not None, "guests open nothing"
        return access.gate(session, reach)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a transaction in which acts are done, and wake who sends mail."""
        with self.runtime.database.write() as session:
            self.signs(session)
            yield session
        ring(self.runtime.data_dir, MAILQ)

    def note_reading(self, what: What, **which: Any) -> None:
        """Write down that they looked at a letter (``letter_id``, ``entry_id``, ``detail``)."""
        entity_id, who = self.looks_as()
        with self.runtime.database.write() as session:
            readings.record(session, entity_id, who, what, self.runtime.clock.now(), **which)
