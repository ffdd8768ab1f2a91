"""A letter's way from the spool into the books, told in order.

    read   parse the raw bytes into parts and blobs, then judge who sent it (no transaction open)
    enter  hand the message to the desk inside one transaction; the number is taken there, last

:meth:`Journey.read` may take long and may run for several letters before a transaction begins;
:meth:`Journey.enter` is short and touches only the database. A crash anywhere repeats work and
loses nothing: the spool keeps the letter until the transaction has been committed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from gateway.inbound.authenticate import Resolver, Rules, authenticate
from gateway.inbound.parse import parse, unread
from gateway.inbound.spool import Spooled
from registry import directory, faults
from registry.batch import together
from registry.blobs import BlobStore
from registry.db import Database
from registry.desk.context import Desk
from registry.desk.prepare import prepare
from registry.desk.take_in import take_in
from registry.letter.message import Message, Trust
from registry.letter.sorting import Outcome


@dataclass(frozen=True)
class Journey:
    """The way in, with what its steps need."""

    desk: Desk
    database: Database
    blobs: BlobStore
    resolver: Resolver
    rules: Rules = field(default_factory=Rules)

    def read(self, spooled: Spooled) -> Message:
        """Cut the mail into parts, keep their bytes, and judge the sender.

        Never raises for bad mail; raises TemporaryTrustFailure while DNS does not answer, and
        OSError when the disk is full.
        """
        message = parse(spooled, self.blobs, self.desk.settings)
        faults.point("after_blobs")
        with self.database.read() as session:
            own = directory.hosted(session)
        trust = authenticate(spooled, message, self.resolver, own, self.rules)
        faults.point("after_parse")
        return replace(message, trust=trust)

    def read_unproven(self, spooled: Spooled, trust: Trust) -> Message:
        """Read a letter whose sender cannot be judged, so that at least an officer sees it."""
        return replace(parse(spooled, self.blobs, self.desk.settings), trust=trust)

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
