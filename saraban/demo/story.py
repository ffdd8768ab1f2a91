"""The story of the demonstration, told step by step: a circular goes down, an answer comes back.

กรมส่งเสริมการปกครองท้องถิ่น sends its circular with an annex and a large scan to จังหวัดแพร่; the
province registers it and passes it on under a number of its own to two local governments and to
its districts; the municipality of แพร่ answers. Every step goes through the real services.
"""

import email.policy
import hashlib
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from email.utils import make_msgid

import click

from registry import entries, letters
from registry.clock import BANGKOK, buddhist_year
from registry.desk import draft
from registry.letter.entry import Entry
from registry.thai.dates import long_date
from registry.thai.numerals import to_thai
from saraban.cli.entries import place_in_books
from saraban.demo.letter import Paper, read
from saraban.demo.scan import scan
from saraban.demo.stage import DISTRICTS, DLA, MUANG, PAO, PHRAE, Agency, Stage
from saraban.demo.typeset import typeset, typeset_text

SCAN_BYTES = 40_000_000
LONG_LINES = email.policy.SMTP.clone(max_line_length=900)
"""Older versions of Python lose spaces where they fold a long Thai subject."""


class Story:
    """The steps in order; each waits until what it tells has really happened."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        today = stage.runtime.clock.now().astimezone(BANGKOK).date()
        self.today = long_date(today)
        self.scan = scan(SCAN_BYTES)

    def tell(self) -> None:
        """Go through the whole story."""
        circular = self._dla_sends()
        received = self._phrae_registers(circular)
        self._the_unit_gets_a_copy(received)
        passed_on = self._phrae_passes_on(circular)
        self._local_governments_register(passed_on)
        self._muang_answers(passed_on)

    def _dla_sends(self) -> Entry:
        paper = replace(read("dla-w3974"), date=self.today)
        with step(f"{DLA.name} ส่งหนังสือเวียน ว ๓๙๗๔ ถึง{PHRAE.name} จากโปรแกรมอีเมลธรรมดา"):
            message = self._mail(DLA, PHRAE.central, paper)
            attach(message, "ว ๓๙๗๔.pdf", typeset(paper))
            attach(message, "สิ่งที่ส่งมาด้วย ๑ มติคณะรัฐมนตรี.pdf", typeset_text("มติคณะรัฐมนตรี", annex()))
            attach(message, "สิ่งที่ส่งมาด้วย ๒ แนวทางการปรับปรุงคู่มือฯ (สแกน).pdf", self.scan)
            self.stage.submit(message, DLA.clerk, PHRAE.central)
            entry = self._wait_for(DLA, "sent", 1)
        tell(f"ออกเลขแล้ว ที่ {to_thai(entry.letter_number)} ไฟล์แนบ ๓ ไฟล์ รวมสแกน ๔๐.๐ MB")
        return entry

    def _phrae_registers(self, circular: Entry) -> Entry:
        with step(f"{PHRAE.name}ลงรับ แยกไฟล์ที่เกิน ๒๕ MB และตอบรับ"):
            entry = self._wait_for(PHRAE, "received", 1)
            state = self._delivery(DLA, circular, "registered")
        tell(f"{place_in_books(entry)} ตัวไฟล์ใหญ่แยกเก็บเป็นลิงก์ ต้นฉบับเก็บครบทุกไบต์")
        tell(f"ทะเบียนของกรมฯ แสดง: {state}")
        return entry

    def _the_unit_gets_a_copy(self, received: Entry) -> None:
        with step(f"{PHRAE.unit_name}เปิดอีเมล และดาวน์โหลดไฟล์สแกนจากลิงก์"):
            [copy] = self._mails(PHRAE.clerk, 1)
            digest = self._download(received)
        tell(f"เรื่องในกล่องจดหมาย: {copy['Subject']}")
        same = digest == hashlib.sha256(self.scan).hexdigest()
        tell(f"ไฟล์ที่ดาวน์โหลด{'ตรงกับต้นฉบับ' if same else 'ไม่ตรงกับต้นฉบับ'} (SHA-256 {digest[:16]}…)")

    def _phrae_passes_on(self, circular: Entry) -> Entry:
        paper = replace(
            read("phrae-w4971"),
            date=self.today,
            references=(
                f"หนังสือ{DLA.name} ด่วนที่สุด ที่ {to_thai(circular.letter_number)} ลงวันที่ {self.today}",
            ),
        )
        with step(f"{PHRAE.name}ส่งต่อถึงอำเภอและ อปท. โดยส่งอีเมลถึง saraban+lao@{PHRAE.domain}"):
            message = self._mail(PHRAE, f"saraban+lao@{PHRAE.domain}", paper)
            attach(message, "ว ๔๙๗๑.pdf", typeset(paper))
            self.stage.hand_in(message, PHRAE.clerk, f"saraban+lao@{PHRAE.domain}")
            waiting = self.stage.wait(lambda: self._drafts(PHRAE))[0]
        tell("ผู้ร่างได้รับแจ้ง: ยังไม่ได้ส่ง – รอออกเลข")
        with step("เจ้าหน้าที่สารบรรณตรวจแล้วออกเลข"):
            with self.stage.runtime.database.write() as session:
                entry = draft.accept(
                    session, self.stage.runtime.desk, waiting, f"registry@{PHRAE.domain}"
                )
            self._wait_sent(PHRAE, entry)
        tell(f"ส่งแล้ว ที่ {to_thai(entry.letter_number)} ถึง {to_thai(str(len(entry.deliveries)))} ราย")
        return entry

    def _local_governments_register(self, passed_on: Entry) -> None:
        with step(f"{PAO.name}และ{MUANG.name}ลงรับ อำเภอได้รับสำเนา"):
            for agency in (PAO, MUANG):
                self._wait_for(agency, "received", 1)
            for code in DISTRICTS:
                self._mails(f"{code}@{PHRAE.domain}", 1)
            acknowledged = self._acknowledged(passed_on)
        districts = to_thai(str(len(DISTRICTS)))
        tell(f"ตอบรับแล้ว {to_thai(str(acknowledged))} หน่วยงาน อำเภอ {districts} แห่งได้รับทางอีเมล")

    def _muang_answers(self, passed_on: Entry) -> None:
        paper = replace(
            read("muang-218"),
            date=self.today,
            references=(
                f"หนังสือ{PHRAE.name} ด่วนที่สุด ที่ {to_thai(passed_on.letter_number)} ลงวันที่ {self.today}",
            ),
        )
        with step(f"{MUANG.unit_name}กด “ตอบกลับ” อีเมลฉบับนั้น แนบหนังสือตอบ"):
            copy = self._mails(MUANG.clerk, 1)[-1]
            answer = self._mail(MUANG, str(copy["Reply-To"]), paper)
            answer["In-Reply-To"] = copy["Message-ID"]
            attach(answer, "ที่ พร ๕๒๐๐๑-๒๑๘ รายงานผล.pdf", typeset(paper))
            self.stage.hand_in(answer, MUANG.clerk, address_in(str(copy["Reply-To"])))
            waiting = self.stage.wait(lambda: self._drafts(MUANG))[0]
            with self.stage.runtime.database.write() as session:
                draft.accept(session, self.stage.runtime.desk, waiting, f"registry@{MUANG.domain}")
            entry = self._wait_for(PHRAE, "received", 2)
        link = next((one for one in entry.links if one.relation == "answers"), None)
        linked = "เชื่อมกับหนังสือที่ส่งไปแล้วโดยอัตโนมัติ" if link else "ยังไม่เชื่อม"
        tell(f"{place_in_books(entry)} ที่ {to_thai(entry.letter_number)}")
        tell(f"{linked} ตอบหนังสือที่ {to_thai(passed_on.letter_number)}")

    def _mail(self, agency: Agency, to: str, paper: Paper) -> EmailMessage:
        """Write the covering mail of a letter, as its clerk would."""
        message = EmailMessage(policy=LONG_LINES)
        message["From"] = f"{agency.clerk_name} <{agency.clerk}>"
        message["To"] = to
        message["Subject"] = " ".join(
            filter(None, (paper.urgency, paper.number, "เรื่อง", paper.subject))
        )
        message["Message-ID"] = make_msgid(domain=agency.domain)
        cited = [f"{'อ้างถึง ' if at == 0 else ''}{one}" for at, one in enumerate(paper.references)]
        lines = [f"เรียน {paper.to}", "", *cited]
        message.set_content("\n".join([*lines, "", paper.body[-1], "", paper.signer]) + "\n")
        return message

    def _wait_for(self, agency: Agency, book: str, count: int) -> Entry:
        """Wait for the entry number ``count`` of a book and give it."""
        found = self.stage.wait(
            lambda: rows if len(rows := self.book(agency, book)) >= count else []
        )
        return found[count - 1]

    def book(self, agency: Agency, book: str) -> list[Entry]:
        """Give a book of an agency as it is now."""
        runtime = self.stage.runtime
        year = buddhist_year(runtime.clock.now())
        with runtime.database.read() as session:
            return entries.listing(session, agency.code, book, year, keys=runtime.keys)

    def _drafts(self, agency: Agency) -> list[str]:
        with self.stage.runtime.database.read() as session:
            return [one.id for one in letters.drafts(session, agency.code)]

    def _wait_sent(self, agency: Agency, entry: Entry) -> None:
        def sent() -> bool:
            now = next(one for one in self.book(agency, "sent") if one.id == entry.id)
            return all(one.state != "queued" for one in now.deliveries)

        self.stage.wait(sent)

    def _delivery(self, agency: Agency, entry: Entry, state: str) -> str:
        """Wait until the first delivery is in a state, and say it in Thai."""

        def reached() -> str:
            now = next(one for one in self.book(agency, "sent") if one.id == entry.id)
            first = now.deliveries[0]
            number = f" เลขรับ {to_thai(first.remote_number)}" if first.remote_number else ""
            return first.state.thai + number if first.state == state else ""

        return self.stage.wait(reached)

    def _acknowledged(self, entry: Entry) -> int:
        def both() -> int:
            now = next(one for one in self.book(PHRAE, "sent") if one.id == entry.id)
            count = sum(one.state == "registered" for one in now.deliveries)
            return count if count == 2 else 0

        return self.stage.wait(both)

    def _mails(self, address: str, count: int) -> list[EmailMessage]:
        def there() -> list[EmailMessage]:
            mails = self.stage.mailboxes.mails(address)
            copies = [one for one in mails if "+r-" in str(one["Reply-To"] or "")]
            return copies if len(copies) >= count else []

        return self.stage.wait(there)

    def _download(self, entry: Entry) -> str:
        """Fetch the large file by its page, as a browser would, and give its SHA-256."""

        def address() -> str:
            now = next(one for one in self.book(PHRAE, "received") if one.id == entry.id)
            return next((file.url for file in now.enclosures if file.url), "") or ""

        url = self.stage.runtime.links_url + self.stage.wait(address)
        request = urllib.request.Request(url, data=b"", method="POST")  # noqa: S310 - loopback
        digest = hashlib.sha256()
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
            while block := answer.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()


@contextmanager
def step(text: str) -> Iterator[None]:
    """Say what is going on, and how long it took when it is done."""
    live = sys.stdout.isatty()
    if live:
        click.echo(f"… {text}", nl=False)
    started = time.monotonic()
    yield
    seconds = to_thai(f"{time.monotonic() - started:.1f}")
    start = "\r" if live else ""
    click.echo(f"{start}✓ {text}  ({seconds} วินาที)")


def tell(text: str) -> None:
    """Say what came of a step."""
    click.echo(f"    {text}")


def attach(message: EmailMessage, name: str, content: bytes) -> None:
    """Attach a PDF under its Thai name."""
    message.add_attachment(content, maintype="application", subtype="pdf", filename=name)


def address_in(field: str) -> str:
    """Give the bare address of a Reply-To field."""
    return field.rpartition("<")[2].rstrip(">").strip()


def annex() -> str:
    """Give the text of the annex that ships with the demonstration."""
    from importlib.resources import files

    path = files("saraban.demo") / "letters" / "cabinet-resolutions.txt"
    return path.read_text(encoding="utf-8")
