"""Letters with real pages, laid into the spool of an office as mail brings them."""

import os
from email.message import EmailMessage

from registry import entries, letters
from registry.desk.accept import accept
from registry.letter.entry import Entry
from registry.letters import Letter
from tests.registry.texts import papers
from tests.saraban.office import DLA, OFFICER, PHRAE, Office

SUBJECT = "ขอให้รายงานผลการเตรียมความพร้อมรับอุทกภัย"
LETTER, ANNEX = "หนังสือ ที่ มท ๐๘๑๐.๓-๗๗.pdf", "แบบรายงาน.docx"


def paper(times: int = 3) -> bytes:
    """Give a PDF with so many pages that say something."""
    return papers.saying(b"(Official letter) Tj", times=times)


def lay(
    office: Office, subject: str = SUBJECT, *, number: str = "มท ๐๘๑๐.๓/๗๗", scan: str = "",
    sender: str = DLA, trusted: bool = True, files: dict[str, bytes] | None = None,
) -> Letter:  # fmt: skip
    """Let a letter come in and wait for an officer; give it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, PHRAE, subject
    message["Message-ID"] = f"<{os.urandom(8).hex()}@{sender.rpartition('@')[2]}>"
    message["Date"] = "Fri, 03 Oct 2025 10:42:00 +0700"
    text = f"ที่ {number}\n\n๑๖ กันยายน ๒๕๖๒\n\nเรื่อง {subject}\n\nเรียน ผู้ว่าราชการจังหวัดแพร่\n"
    message.set_content(text)
    for name, data in (
        {LETTER: paper(), ANNEX: b"PK no archive"} if files is None else files
    ).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    raw = message.as_bytes().replace(b"\n", b"\r\n")
    office.lay_raw(raw, sender, PHRAE, trusted=trusted, scan=scan)
    office.enter()
    runtime = office.runtime()
    with runtime.database.read() as session:
        found = [
            one
            for one in letters.waiting(session, "phrae")
            if one.message_id == message["Message-ID"]
        ]
    runtime.close()
    return found[0]


def register(office: Office, letter: Letter, by: str = OFFICER) -> Entry:
    """Register a letter that waits."""
    runtime = office.runtime()
    with runtime.database.write() as session:
        made = accept(session, runtime.desk, letter.id, by)
    runtime.close()
    return made


def entry(office: Office, entry_id: str) -> Entry:
    """Read an entry."""
    runtime = office.runtime()
    with runtime.database.read() as session:
        found = entries.get(session, entry_id, cleared=True)
    runtime.close()
    return found
