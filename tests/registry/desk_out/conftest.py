"""Phrae province sends letters: its clerks, its units and groups, and the mails they write."""

import hashlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, entries
from registry.clock import FrozenClock
from registry.db import Database
from registry.desk.context import Desk
from registry.entries import EntryFields
from registry.keys import KeyRing
from registry.letter.entity import LegalEntity, Officer, Role
from registry.letter.message import Listener, Means, Message, Original, Part, Trust
from registry.letter.workdays import Workdays
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryRow, OutboxRow
from registry.numbering import BookKey
from registry.settings import OfficeSettings, RegistrySettings
from tests.furniture import Furniture

YEAR = 2568
PDF = "application/pdf"
serial = itertools.count(1)


@pytest.fixture
def desk(clock: FrozenClock, keys: KeyRing) -> Desk:
    """The desk as it comes: clerks' letters wait for an officer."""
    return Desk(OfficeSettings(), clock, Workdays(), keys, hold_seconds=60.0)


@pytest.fixture
def automatic(desk: Desk) -> Desk:
    """A desk of an office where clerks' letters are numbered at once."""
    return replace(desk, settings=OfficeSettings(registry=RegistrySettings(send="automatic")))


@dataclass(frozen=True)
class Province:
    """Phrae, whom it writes to, and who works there."""

    entity: LegalEntity
    town: LegalEntity
    department: LegalEntity
    clerk: Officer
    colleague: Officer
    registrar: Officer
    other: Officer
    stranger: Officer


@pytest.fixture
def phrae(database: Database, office: Any, clock: FrozenClock, furniture: Furniture) -> Province:
    """The office with units, a group of ten entities, clerks and registrars."""
    return furniture.lay(database, "phrae", lambda session: _furnish(session, office, clock))


def _furnish(session: Session, office: Any, clock: FrozenClock) -> Province:
    add = directory.add_officer
    at, here, town = clock.now(), office.phrae, office.town
    for number in range(1, 11):
        directory.add_entity(
            session, code=f"tao{number}", name=f"อบต. ที่ {number}", at=at,
            address=f"saraban@tao{number}.example", letter_code=f"พร 7{number:04}",
        )  # fmt: skip
    directory.add_unit(
        session, here, code="dopa", name="ที่ทำการปกครองจังหวัด",
        boxes=["pok@phrae.example", "pok2@phrae.example"], letter_code="พร 0018",
    )  # fmt: skip
    directory.add_unit(
        session, here, code="fin", name="กลุ่มงานการเงิน", boxes=["fin@phrae.example"],
        letter_code="พร 0023.9", keeps_books=True,
    )  # fmt: skip
    directory.add_unit(session, here, code="empty", name="กลุ่มงานไม่มีกล่อง")
    taos = [f"tao{number}" for number in range(1, 11)]
    directory.add_group(session, here, "taos", "อบต. ทุกแห่ง", taos)
    directory.add_group(session, here, "mixed", "ผสม", ["town", "dopa"])
    mails = {
        "clerk": (here, "somchai@phrae.example", Role.CLERK, "สมชาย", ""),
        "colleague": (here, "malee@phrae.example", Role.CLERK, "มาลี", "fin"),
        "registrar": (here, "reg@phrae.example", Role.OFFICER, "นายทะเบียน", ""),
        "other": (here, "reg2@phrae.example", Role.OFFICER, "", ""),
        "stranger": (town, "clerk@town.example", Role.OFFICER, "", ""),
    }
    people = {
        who: add(session, owner, email=email, role=role, at=at, name=name, unit_code=unit)
        for who, (owner, email, role, name, unit) in mails.items()
    }
    by_id = directory.entity_by_id
    return Province(
        by_id(session, here), by_id(session, town), by_id(session, office.department), **people
    )


def pdf(
    name: str = "หนังสือ.pdf", content: str = "", media_type: str = PDF, *, inline: bool = False
) -> Part:
    """A file in a mail; the same name and content give the same digest."""
    digest = hashlib.sha256(f"{name} {content}".encode()).hexdigest()
    return Part(0, name, name, media_type, media_type, 1000, digest, inline)


@dataclass
class Mailbox:
    """Writes the mails of Phrae's clerk."""

    clerk: Officer
    entity: LegalEntity
    clock: FrozenClock

    def __call__(self, *tags: str, **fields: Any) -> Message:
        """A mail to the central address with these tags; ``to_`` adds plain addresses."""
        local, _, domain = self.entity.central_address.rpartition("@")
        tagged = [f"{local}+{tag}@{domain}" for tag in tags]
        number = next(serial)
        recipients = (*tagged, *fields.pop("plain", ()))
        parts = tuple(
            replace(part, position=place) for place, part in enumerate(fields.pop("parts", ()))
        )
        text = fields.pop("text", "จึงเรียนมาเพื่อโปรดทราบ")
        sender = fields.pop("sender", self.clerk.email)
        raw = hashlib.sha256(f"raw {number}".encode()).hexdigest()
        message = Message(
            spool_name=f"spool-{number}", listener=Listener.MX, accepted_at=self.clock.now(),
            mail_from=sender, recipients=recipients, raw_sha256=raw, raw_bytes=1000,
            original=Original(raw, 1000, "whole", raw), trust=Trust(Means.DKIM, "phrae.example"),
            sender=sender, senders=(sender,) if sender else (), to=recipients,
            message_id=f"<mail-{number}@phrae.example>", subject="ขอส่งรายงาน",
            text=text, own_text=text, parts=parts,
        )  # fmt: skip
        return replace(message, **fields)

    def submitted(self, *plain: str, **fields: Any) -> Message:
        """A mail handed to the submission port for these addresses."""
        trust = Trust(Means.SIGNED_IN, "phrae.example", "", self.clerk.email)
        tags = fields.pop("tags", ())
        return self(*tags, plain=plain, listener=Listener.SUBMISSION, trust=trust, **fields)


@pytest.fixture
def mail(phrae: Province, clock: FrozenClock) -> Mailbox:
    """Write mails as Somchai, a clerk of Phrae."""
    return Mailbox(phrae.clerk, phrae.entity, clock)


@dataclass
class Books:
    """Looks into what the acts wrote, each time in a fresh session."""

    database: Database

    def _all(self, wanted: Any) -> list[Any]:
        with self.database.read() as session:
            return list(session.scalars(wanted))

    def entries(self, book: str = "sent") -> list[EntryRow]:
        """Give the lines of a book by number."""
        return self._all(
            select(EntryRow).where(EntryRow.book == book).order_by(EntryRow.year, EntryRow.number)
        )

    def letters(self) -> list[LetterRow]:
        """Give all outgoing letters, oldest first."""
        return self._all(
            select(LetterRow).where(LetterRow.direction == "out").order_by(LetterRow.id)
        )

    def deliveries(self) -> list[DeliveryRow]:
        """Give all deliveries by entry and position."""
        return self._all(select(DeliveryRow).order_by(DeliveryRow.entry_id, DeliveryRow.position))

    def jobs(self, kind: str = "letter") -> list[OutboxRow]:
        """Give the jobs of a kind, oldest first."""
        return self._all(select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.id))

    def notices(self) -> list[str]:
        """Give the names of the texts that were sent to people, oldest first."""
        return [job.facts["text"] for job in self.jobs("notice")]


@pytest.fixture
def books(database: Database) -> Books:
    """The books as somebody else sees them."""
    return Books(database)


Received = Callable[..., str]


@pytest.fixture
def received(database: Database, phrae: Province, clock: FrozenClock) -> Received:
    """Register a letter of the department, and give the id of its entry."""

    def receive(**fields: Any) -> str:
        letter = LetterRow(
            id=f"lettr{next(serial):011}", entity_id=phrae.entity.id, direction="in",
            state="registered", message_id="<circular@dla.example>", authenticated=True,
            sender=phrae.department.central_address, from_entity_id=phrae.department.id,
            subject="แนวทางการปรับปรุงคู่มือ", accepted_at=clock.now(),
        )  # fmt: skip
        content = {
            "letter_number": "มท 0810.7/ว 3974", "letter_number_key": "มท0810.7/ว3974",
            "dated": clock.now().date() - timedelta(days=3), "subject": letter.subject,
            "message_id": letter.message_id, "from_entity_id": letter.from_entity_id,
            "secrecy": fields.pop("secrecy", None),
        }  # fmt: skip
        for name, value in fields.items():
            setattr(letter, name, value)
        content |= {"from_entity_id": letter.from_entity_id, "subject": letter.subject}
        key = BookKey(phrae.entity.id, "", "received", "ordinary", YEAR)
        with database.write() as session:
            session.add(letter)
            session.flush()
            return entries.write(
                session, key, letter.id, EntryFields(**content), "automatic", clock
            ).id

    return receive
