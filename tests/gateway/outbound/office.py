"""An office that sends: its letters in the outbox, and what is composed of them."""

import email
import email.policy
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select

from gateway.outbound.compose import Composed, Composer
from gateway.outbound.draft import Tools
from gateway.outbound.write import write
from gateway.service import Runtime
from registry import entries, outbox
from registry.blobs import BlobStore
from registry.db import Database
from registry.ids import new_id
from registry.letter.entity import LegalEntity
from registry.letter.number import LetterNumber
from registry.models.letters import EnclosureRow, LetterRow, ReferenceRow
from registry.models.outgoing import AttemptRow, DeliveryRow, OutboxRow
from registry.models.people import EntityRow
from registry.numbering import BookKey
from tests.servers.waiting import PATIENCE, eventually

SUBJECT = "แนวทางการปรับปรุงคู่มือสำหรับประชาชนตามแผนการยกระดับการบริการภาครัฐ ระยะที่ ๒"
TEXT = "จึงเรียนมาเพื่อโปรดพิจารณา\nขอแสดงความนับถือ"
CLERK = "somsri@phrae.example"
OFFICER = "officer@phrae.example"


@dataclass
class Office:
    """The surroundings of a test, and ways to put letters into them."""

    runtime: Runtime
    database: Database
    blobs: BlobStore
    phrae: LegalEntity
    town: LegalEntity
    dla: LegalEntity

    @property
    def composer(self) -> Composer:
        runtime = self.runtime
        return Composer(
            self.database, Tools(runtime.office, runtime.gateway, runtime.keys, self.blobs)
        )

    def configure(self, **sections: Any) -> None:
        """Change sections of the gateway's settings."""
        self.runtime.gateway = replace(self.runtime.gateway, **sections)

    def takes(self, entity: LegalEntity, size: int) -> None:
        """Let the directory know what the entity's server takes, in encoded bytes."""
        with self.database.write() as session:
            session.get_one(EntityRow, entity.id).max_message_bytes = size

    def letter(self, session, direction: str, files: dict[str, bytes], **columns: Any) -> LetterRow:
        row = LetterRow(
            id=new_id(), entity_id=self.phrae.id, direction=direction, state="sent",
            accepted_at=self.runtime.clock.now(), subject=SUBJECT, **columns,
        )  # fmt: skip
        session.add(row)
        session.flush()
        for place, (name, data) in enumerate(files.items()):
            digest = self.blobs.put(data)
            session.add(
                EnclosureRow(
                    letter_id=row.id,
                    position=place,
                    role="enclosure" if place else "letter",
                    name=name,
                    bytes=len(data),
                    sha256=digest,
                    media_type="image/png" if name.endswith(".png") else "application/pdf",
                    inline=name.endswith(".png"),
                    split=len(data) > 25_000_000 and direction == "in",
                )
            )
        session.flush()
        return row

    def send(
        self,
        to: str = "saraban@dla.example",
        files: dict[str, bytes] | None = None,
        *,
        urgency: str = "ด่วนที่สุด",
        subject: str = SUBJECT,
        to_name: str = "กรมส่งเสริมการปกครองท้องถิ่น",
        facts: dict[str, Any] | None = None,
        text: str = TEXT,
        due: datetime | None = None,
    ) -> str:
        """Put a numbered letter of Phrae into the outbox; return the job."""
        files = {"หนังสือ.pdf": b"%PDF letter"} if files is None else files
        clock, desk = self.runtime.clock, self.runtime.desk
        with self.database.write() as session:
            letter = self.letter(
                session, "out", files, clerk=CLERK, text=text,
                to_text="อธิบดีกรมส่งเสริมการปกครองท้องถิ่น",
            )  # fmt: skip
            for place, cited in enumerate(("หนังสือจังหวัดแพร่ ที่ พร ๐๐๒๓.๓/ว ๒๐๓๒", "มติคณะรัฐมนตรี")):
                session.add(ReferenceRow(letter_id=letter.id, position=place, text=cited))
            entry = entries.write(
                session,
                BookKey(self.phrae.id, "", "sent", "ordinary", 2568),
                letter.id,
                entries.EntryFields(
                    dated=date(2025, 10, 3), from_text="จังหวัดแพร่", to_text=letter.to_text,
                    subject=subject, urgency=urgency, due=due,
                    message_id=f"<l.{letter.id}@phrae.example>",
                    numbered=lambda n: LetterNumber.parse(f"พร 0023.3/{n}"),
                ),
                CLERK,
                clock,
            )  # fmt: skip
            delivery = DeliveryRow(
                entry_id=entry.id, to_address=to, to_name=to_name, state="queued", at=clock.now()
            )
            session.add(delivery)
            session.flush()
            job = outbox.enqueue(
                session, desk, outbox.Kind.LETTER, self.phrae.id, to, entry_id=entry.id,
                letter_id=letter.id, delivery_id=delivery.id, facts=facts,
                urgency=3 if urgency == "ด่วนที่สุด" else 0,
            )  # fmt: skip
        assert job is not None
        return job

    def receive(
        self,
        files: dict[str, bytes] | None = None,
        *,
        secrecy: str | None = None,
        subject: str = SUBJECT,
        **columns: Any,
    ) -> tuple[str, str]:
        """Register a letter of the department at Phrae; return letter and entry."""
        clock = self.runtime.clock
        files = {"หนังสือ.pdf": b"%PDF letter"} if files is None else files
        with self.database.write() as session:
            letter = self.letter(
                session, "in", files, text="เรียนมาเพื่อโปรดทราบ", message_id="<w3974@dla.example>",
                sender="saraban@dla.example", secrecy=secrecy, letter_number="มท 0810.7/ว 3974",
                dated=date(2025, 9, 30), **columns,
            )  # fmt: skip
            entry = entries.write(
                session,
                BookKey(self.phrae.id, "", "received", "ordinary", 2568),
                letter.id,
                entries.EntryFields(
                    letter_number="มท 0810.7/ว 3974", dated=date(2025, 9, 30), subject=subject,
                    from_text="กรมส่งเสริมการปกครองท้องถิ่น", to_text="ผู้ว่าราชการจังหวัดแพร่",
                    urgency="ด่วนที่สุด", due=datetime(2025, 10, 19, 9, tzinfo=clock.now().tzinfo),
                    message_id="<w3974@dla.example>", accepted_at=clock.now(), secrecy=secrecy,
                ),
                "automatic",
                clock,
            )  # fmt: skip
            return letter.id, entry.id

    def job(self, kind: outbox.Kind, to: str, **arguments: Any) -> str:
        with self.database.write() as session:
            made = outbox.enqueue(session, self.runtime.desk, kind, self.phrae.id, to, **arguments)
        assert made is not None
        return made

    def get(self, job_id: str) -> outbox.Job:
        with self.database.read() as session:
            return outbox.get(session, job_id)

    def compose(self, job_id: str, next_hop: int | None = None) -> tuple[Composed, EmailMessage]:
        composed = self.composer.compose(self.get(job_id), next_hop)
        return composed, read(composed)


def read(composed: Composed) -> EmailMessage:
    """Parse what was composed, strictly; see that its size is what was said."""
    raw = bytearray()
    write(composed.mail, raw.extend)
    assert len(raw) == composed.size
    message = email.message_from_bytes(bytes(raw), policy=email.policy.default)
    assert not any(part.defects for part in message.walk())
    return message


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


async def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until the condition holds."""
    await eventually(condition, "what this test waits for", seconds=seconds)


def attempts(office, job):
    with office.database.read() as session:
        rows = session.scalars(select(AttemptRow).where(AttemptRow.job_id == job))
        return [(row.result, row.code, row.host, bool(row.ended_at)) for row in rows]


def delivery(office, job):
    with office.database.read() as session:
        wanted = select(DeliveryRow).join(OutboxRow, OutboxRow.delivery_id == DeliveryRow.id)
        return session.scalars(wanted.where(OutboxRow.id == job)).one()


def notices(office):
    with office.database.read() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.kind == "notice"))
        return sorted((row.to_address, row.facts["text"]) for row in rows)
