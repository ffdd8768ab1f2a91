"""The stage of the demonstration: an installation with four agencies, its services and its mail.

Everything runs on loopback. The agencies' own mail server is :mod:`saraban.demo.mailboxes`; it is
also the relay, so nothing can leave this machine.
"""

import json
import smtplib
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session

from gateway.service import Runtime
from registry import directory, groups, numbering
from registry.accounts import passwords, people
from registry.clock import buddhist_year
from registry.errors import OutOfOrder
from registry.letter.entity import Role
from registry.numbering import BookKey
from saraban.config.load import load
from saraban.demo.mailboxes import Mailboxes
from saraban.installing import FirstEntity, install

Found = TypeVar("Found")
PASSWORD = "demo-saraban-2562"  # noqa: S105 - of a demonstration that lives on loopback
PATIENCE = 120.0


@dataclass(frozen=True)
class Agency:
    """One of the demonstration's agencies: its unit, and the clerk who writes for it."""

    code: str
    name: str
    domain: str
    letter_code: str
    unit: str
    unit_name: str
    unit_code: str
    clerk_name: str

    @property
    def central(self) -> str:
        """Its central address."""
        return f"saraban@{self.domain}"

    @property
    def clerk(self) -> str:
        """Mail address of its clerk, which is also the box of the unit."""
        return f"{self.unit}@{self.domain}"


DLA = Agency(
    "dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐",
    "goodgov", "กองพัฒนาและส่งเสริมการบริหารงานท้องถิ่น", "มท ๐๘๑๐.๗", "สมใจ รักงาน",
)  # fmt: skip
PHRAE = Agency(
    "phrae", "จังหวัดแพร่", "phrae.go.th", "พร ๐๐๒๓",
    "local", "กลุ่มงานส่งเสริมและพัฒนาท้องถิ่น", "พร ๐๐๒๓.๓", "วันดี ศรีแพร่",
)  # fmt: skip
PAO = Agency(
    "pao", "องค์การบริหารส่วนจังหวัดแพร่", "phraepao.go.th", "พร ๕๑๐๐๑",
    "office", "สำนักปลัดองค์การบริหารส่วนจังหวัด", "พร ๕๑๐๐๑", "ประไพ ใจดี",
)  # fmt: skip
MUANG = Agency(
    "muang", "เทศบาลเมืองแพร่", "phraecity.go.th", "พร ๕๒๐๐๑",
    "palad", "สำนักปลัดเทศบาล", "พร ๕๒๐๐๑", "มานะ เมืองแพร่",
)  # fmt: skip
AGENCIES = (DLA, PHRAE, PAO, MUANG)
BOOKS = (
    (DLA, "sent", 3974),
    (PHRAE, "received", 3374),
    (PHRAE, "sent", 4971),
    (MUANG, "sent", 218),
)
DISTRICTS = {"sungmen": "อำเภอสูงเม่น", "long": "อำเภอลอง", "rongkwang": "อำเภอร้องกวาง"}


class Stage:
    """The running demonstration."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mailboxes = Mailboxes(folder / "mailboxes")
        self.mailboxes.start()
        first = FirstEntity(DLA.code, DLA.name, DLA.domain, DLA.letter_code)
        self.config = install(folder / "saraban", "localhost", first)
        self._settle()
        settings = load(self.config, {})
        self.runtime = Runtime(settings.office, settings.gateway)
        self._people()
        self._services: subprocess.Popen[bytes] | None = None
        self.ports: dict[str, int] = {}

    def start(self) -> None:
        """Start the services and wait until they serve."""
        command = [sys.executable, "-m", "saraban", "serve", "--config", str(self.config)]
        log = (self.folder / "serve.log").open("wb")
        self._services = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        note = self.runtime.data_dir / "run" / "serve.json"
        self.wait(note.exists)
        self.ports = json.loads(note.read_text(encoding="utf-8"))["ports"]

    def stop(self) -> None:
        """Stop the services and the mail server."""
        if self._services is not None and self._services.poll() is None:
            self._services.terminate()
            self._services.wait(60)
        self.mailboxes.stop()
        self.runtime.close()

    def wait(self, condition: Callable[[], Found]) -> Found:
        """Wait until something is there and give it. Raises OutOfOrder when it never comes."""
        end = time.monotonic() + PATIENCE
        while not (found := condition()):
            died = self._services is not None and self._services.poll() is not None
            if died or time.monotonic() > end:
                raise OutOfOrder(f"the demonstration stopped; see {self.folder / 'serve.log'}")
            time.sleep(0.05)
        return found

    def submit(self, message: EmailMessage, clerk: str, *recipients: str) -> None:
        """Send as a clerk whose mail client signs in."""
        certificate = self.runtime.data_dir / "tls" / "cert.pem"
        context = ssl.create_default_context(cafile=certificate)
        with smtplib.SMTP("localhost", self.ports["submission"], timeout=PATIENCE) as client:
            client.starttls(context=context)
            client.login(clerk, PASSWORD)
            client.send_message(message, clerk, list(recipients))

    def hand_in(self, message: EmailMessage, sender: str, *recipients: str) -> None:
        """Send through the agency's own mail server, which hands on to port 25."""
        with smtplib.SMTP("127.0.0.1", self.ports["smtp"], timeout=PATIENCE) as client:
            client.send_message(message, sender, list(recipients))

    def _settle(self) -> None:
        """Listen on free ports, trust the agencies' mail server, and send through it."""
        text = self.config.read_text(encoding="utf-8")
        for section in ("smtp", "submission", "links", "web"):
            text = text.replace(f"[{section}]", f'[{section}]\nlisten = "127.0.0.1:0"', 1)
        text = text.replace("[smtp]", '[smtp]\ntrusted_networks = ["127.0.0.0/8"]', 1)
        text += f'\n[[relay]]\nhost = "127.0.0.1"\nport = {self.mailboxes.port}\ntls = "none"\n'
        self.config.write_text(text, encoding="utf-8")

    def _people(self) -> None:
        """Enter agencies, units, clerks and the numbers at which the books stand."""
        now = self.runtime.clock.now()
        with self.runtime.database.write() as session:
            for agency in AGENCIES[1:]:
                people.add_entity(
                    session, code=agency.code, name=agency.name, address=agency.central,
                    letter_code=agency.letter_code, hosted=True, at=now,
                )  # fmt: skip
            for agency in AGENCIES:
                entity = directory.entity_by_code(session, agency.code)
                assert entity is not None
                people.add_unit(
                    session, entity.id, code=agency.unit, name=agency.unit_name,
                    boxes=[agency.clerk], letter_code=agency.unit_code,
                )  # fmt: skip
                people.set_default_unit(session, entity.id, agency.unit)
                for email, role in (
                    (agency.clerk, Role.CLERK),
                    (f"registry@{agency.domain}", Role.OFFICER),
                ):
                    unit = agency.unit if role is Role.CLERK else ""
                    people.add_officer(
                        session, entity.id, email=email, role=role, at=now, unit_code=unit
                    )
                    passwords.set_password(session, email, PASSWORD, at=now)
                if agency is PHRAE:
                    for code, name in DISTRICTS.items():
                        people.add_unit(
                            session,
                            entity.id,
                            code=code,
                            name=name,
                            boxes=[f"{code}@{PHRAE.domain}"],
                        )
                    groups.add_group(
                        session, entity.id, "lao", "อำเภอและองค์กรปกครองส่วนท้องถิ่น",
                        [PAO.code, MUANG.code, *DISTRICTS],
                    )  # fmt: skip
            self._start_books(session, now)

    def _start_books(self, session: Session, now: datetime) -> None:
        """Let the books stand where those of the real letters stood."""
        for agency, book, first in BOOKS:
            entity = directory.entity_by_code(session, agency.code)
            assert entity is not None
            key = BookKey(entity.id, "", book, "ordinary", buddhist_year(now))
            numbering.start(session, key, first, "admin", now)
