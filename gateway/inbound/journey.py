"""A letter's way from the spool into the books, told in order.

    read   parse the raw bytes into parts and blobs, then judge who sent it (no transaction open):
           done by :mod:`gateway.inbound.reader`, in a process with limits
    enter  hand the message to the desk inside one transaction; the number is taken there, last

Reading may take long and runs for one batch while another is entered; :meth:`Journey.enter` is
short and touches only the database. A crash anywhere repeats work and loses nothing: the spool
keeps the letter until the transaction has been committed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from gateway.inbound.parse import unread
from gateway.inbound.spool import Spooled
from registry.batch import together
from registry.blobs import BlobStore
from registry.db import Database
from registry.desk.context import Desk
from registry.desk.prepare import prepare
from registry.desk.take_in import take_in
from registry.letter.message import Message
from registry.letter.sorting import Outcome


@dataclass(frozen=True)
class Journey:
    """The way in, with what its steps need."""

    desk: Desk
    database: Database
    blobs: BlobStore

    def read_nothing(self, spooled: Spooled, why: str) -> Message:
        """Keep a letter that cannot be read or entered, with ``why`` and nothing else known."""
        return unread(spooled, self.blobs, why)

    @contextmanager
    def together(self, session: Session, messages: Sequence[Message]) -> Iterator[None]:
        """Enter these messages within the block: they share look-ups, and are written together."""
        with together(session):
            prepare(session, messages)
            yield

    def enter(self, session: Session, message: Message) -> list[Outcome]:
        """Give the message to the desk; what becomes of it is decided there."""
        return take_in(session, self.desk, message)
