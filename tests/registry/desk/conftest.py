"""An office with people, and mails as the gateway hands them over."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, entries, outbox
from registry.clock import FrozenClock
from registry.db import Database
from registry.deliveries import history
from registry.desk.context import Desk
from registry.desk.take_in import take_in
from registry.entries import BookKey, EntryFields
from registry.keys import KeyRing
from registry.letter.entity import LegalEntity, Role
from registry.letter.entry import Entry
from registry.letter.message import Listener, Means, Message, Original, Part, Trust
from registry.letter.sorting import Outcome
from registry.letter.workdays import Workdays
from registry.models.base import Base
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryRow, OutboxRow
from registry.settings import Instance, OfficeSettings, RegistrySettings
from tests.furniture import Furniture

PHRAE = "saraban@phrae.example"
TOWN = "saraban@town.example"
DLA = "saraban@dla.example"
CLERK = "somchai@phrae.example"
OFFICER = "registrar@phrae.example"
SECRET_OFFICER = "sealed@phrae.example"
LOCAL_BOX = "local@phrae.example"
FINANCE_BOX = "finance@phrae.example"

DKIM = Trust(Means.DKIM, domain="dla.example", detail="dkim=pass")
NOBODY = Trust()


def sha(text: str | bytes) -> str:
    """The SHA-256 of something, in hex."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def pdf(name: str = "หนังสือ.pdf", content: str = "ลงนาม", size: int = 90_000, **more: Any) -> Part:
    """A PDF file of a mail."""
    part = Part(
        position=0,
        name=name,
        original_name=name,
        media_type="application/pdf",
        claimed_type="application/pdf",
        bytes=size,
        sha256=sha(content),
    )
    return replace(part, **more)


class Mails:
    """Makes mails; each is another one unless told otherwise."""

    def __init__(self, at: Callable[[], datetime]) -> None:
        self._number = count(1)
        self._at = at

    def __call__(self, *, parts: Sequence[Part] = (), **fields: Any) -> Message:
        """A proven mail from the department to Phrae, with the fields changed as given."""
        number = next(self._number)
        raw = fields.pop("raw", f"raw {number}")
        text = fields.setdefault("text", "เรียน ผู้ว่าราชการจังหวัดแพร่\n\nขอส่งเอกสารตามแนบ")
        sender = fields.setdefault("sender", DLA)
        fields.setdefault("own_text", text)
        fields.setdefault("senders", (sender,) if sender else ())
        fields.setdefault("mail_from", sender or "someone@dla.example")
        fields.setdefault("subject", f"ขอความร่วมมือ ครั้งที่ {number}")
        fields.setdefault("message_id", f"<{number}@dla.example>")
        defaults: dict[str, Any] = {
            "spool_name": f"spool-{number}",
            "listener": Listener.MX,
            "accepted_at": self._at(),
            "recipients": (PHRAE,),
            "raw_sha256": sha(raw),
            "raw_bytes": len(raw),
            "original": Original(sha(raw), len(raw), "whole", sha(raw)),
            "trust": DKIM,
        }
        placed = tuple(replace(part, position=index) for index, part in enumerate(parts))
        return Message(**defaults | fields, parts=placed)


@dataclass
class House:
    """The office under test: hand it mails, look into its books."""

    database: Database
    clock: FrozenClock
    desk: Desk
    phrae: LegalEntity
    town: LegalEntity
    dla: LegalEntity

    def take(self, message: Message) -> list[Outcome]:
        """Take one mail in, in a transaction of its own."""
        with self.database.write() as session:
            return take_in(session, self.desk, message)

    def one(self, message: Message) -> Outcome:
        """Take in a mail that reaches one entity."""
        (outcome,) = self.take(message)
        return outcome

    def entry(self, entry_id: str | None) -> Entry:
        """Read an entry."""
        assert entry_id is not None
        with self.database.read() as session:
            return entries.get(session, entry_id, cleared=True)

    def received(self, code: str = "phrae") -> list[Entry]:
        """Read the received book."""
        with self.database.read() as session:
            return entries.listing(session, code, "received", cleared=True)

    def letter(self, letter_id: str | None) -> LetterRow:
        """Read the row of a letter."""
        with self.database.read() as session:
            return session.get_one(LetterRow, letter_id)

    def rows(self, model: type[Base], **equal: Any) -> list[Any]:
        """Read rows whose columns equal these values."""
        with self.database.read() as session:
            return list(session.scalars(select(model).filter_by(**equal)))

    def jobs(self, kind: outbox.Kind, **equal: Any) -> list[Any]:
        """Read the jobs of one kind."""
        return self.rows(OutboxRow, kind=str(kind), **equal)

    def told(self, text: str) -> list[str]:
        """Give the addresses that got a notice of this name."""
        return [
            job.to_address for job in self.jobs(outbox.Kind.NOTICE) if job.facts["text"] == text
        ]

    def acknowledged(self, act: str = "registered") -> list[str]:
        """Give the addresses that got an acknowledgement of this kind."""
        jobs = self.jobs(outbox.Kind.ACKNOWLEDGEMENT)
        return [job.to_address for job in jobs if job.facts["act"] == act]

    def boxes(self, entry_id: str | None) -> list[str]:
        """Give the boxes that an entry's copies go to."""
        return [job.to_address for job in self.jobs(outbox.Kind.COPY, entry_id=entry_id)]

    def left(self, job_id: str) -> None:
        """Let a job have been taken by its next host just now."""
        with self.database.write() as session:
            self._left(session, job_id)

    def _left(self, session: Session, job_id: str | None) -> None:
        row = session.get_one(OutboxRow, job_id)
        row.state, row.tries, row.done_at = "sent", 1, self.clock.now()

    def history(self, entry_id: str) -> list[str]:
        """Give the lines of history of an entry's only delivery."""
        (delivery,) = self.entry(entry_id).deliveries
        with self.database.read() as session:
            return [one.detail for one in history(session, [delivery.id])[delivery.id]]

    def settle(self, **registry: Any) -> None:
        """Change settings of the registry."""
        settings = replace(self.desk.settings, registry=RegistrySettings(**registry))
        self.desk = replace(self.desk, settings=settings)

    def sent(
        self,
        to: Sequence[str] = (DLA,),
        *,
        number: str = "พร 0023.3/41",
        dated: date = date(2025, 9, 30),
        unit: str = "local",
    ) -> Entry:
        """Send a letter of the province, as the desk of outgoing letters writes it."""
        with self.database.write() as session:
            row = LetterRow(
                id=f"{sha(number)[:16]}",
                entity_id=self.phrae.id,
                direction="out",
                state="sent",
                clerk=CLERK,
                unit_code=unit,
                accepted_at=self.clock.now(),
                subject="รายงานผลการดำเนินการ",
            )
            session.add(row)
            session.flush()
            message_id = f"<l.{row.id}@gw.example>"
            key = BookKey(self.phrae.id, "", "sent", "ordinary", 2568)
            content = EntryFields(
                letter_number=number,
                letter_number_key=number.replace(" ", ""),
                dated=dated,
                from_text=self.phrae.name,
                subject=row.subject,
                message_id=message_id,
            )
            entry = entries.write(session, key, row.id, content, CLERK, self.clock)
            for position, address in enumerate(to):
                known = directory.entity_by_address(session, address)
                delivery = DeliveryRow(
                    entry_id=entry.id,
                    position=position,
                    to_address=address,
                    to_name=known.name if known else address,
                    to_entity_id=known.id if known else None,
                    state="sent",
                    at=self.clock.now(),
                )
                session.add(delivery)
                session.flush()
                job = outbox.enqueue(
                    session,
                    self.desk,
                    outbox.Kind.LETTER,
                    self.phrae.id,
                    address,
                    entry_id=entry.id,
                    letter_id=row.id,
                    delivery_id=delivery.id,
                )
                self._left(session, job)
            return entries.get(session, entry.id)


@pytest.fixture
def mail(clock: FrozenClock) -> Mails:
    """Make a mail."""
    return Mails(clock.now)


@pytest.fixture(scope="session")
def workdays() -> Workdays:
    """The calendar of offices, without special days."""
    return Workdays()


@pytest.fixture
def house(
    database: Database, clock: FrozenClock, keys: KeyRing, workdays: Workdays, furniture: Furniture
) -> House:
    """Phrae with its units and people, a town hosted beside it, a department elsewhere."""
    settings = OfficeSettings(instance=Instance(hostname="gw.example"))
    desk = Desk(settings, clock, workdays, keys)
    made = furniture.lay(database, "house", lambda session: _furnish(session, clock))
    return House(database, clock, desk, *made)


def _furnish(session: Session, clock: FrozenClock) -> tuple[LegalEntity, LegalEntity, LegalEntity]:
    added: dict[str, LegalEntity] = {}
    for code, name, domain, letter_code, hosted in (
        ("phrae", "จังหวัดแพร่", "phrae.example", "พร 0023", True),
        ("town", "เทศบาลเมืองแพร่", "town.example", "พร 52001", True),
        ("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.example", "มท 0810.7", False),
    ):
        added[code] = directory.add_entity(
            session,
            code=code,
            name=name,
            address=f"saraban@{domain}",
            letter_code=letter_code,
            hosted=hosted,
            at=clock.now(),
        )
    phrae = added["phrae"]
    directory.add_unit(
        session,
        phrae.id,
        code="local",
        name="สำนักงานส่งเสริมการปกครองท้องถิ่น",
        boxes=[LOCAL_BOX],
        letter_code="พร 0023.3",
    )
    directory.add_unit(
        session, phrae.id, code="finance", name="กลุ่มงานการเงิน", boxes=[FINANCE_BOX],
        delivery="notice",
    )  # fmt: skip
    for email, role in (
        (CLERK, Role.CLERK),
        (OFFICER, Role.OFFICER),
        (SECRET_OFFICER, Role.SECRET_OFFICER),
    ):
        directory.add_officer(
            session, phrae.id, email=email, role=role, at=clock.now(), unit_code="local"
        )
    return phrae, added["town"], added["dla"]
