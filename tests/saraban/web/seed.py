"""An office with letters in every state, as the pages' tests find it; two of the letters are real.

Letters come in by the spool and the worker's round, as mail does, and all wait for an officer. The
circular of กรมส่งเสริมการปกครองท้องถิ่น and what จังหวัดแพร่ wrote to pass it on are of พ.ศ. ๒๕๖๒.
"""

import os
from email.message import EmailMessage

from registry import letters, outbox
from registry.accounts import passwords
from registry.desk import draft
from registry.desk.accept import accept
from registry.letter.delivery import DeliveryState
from registry.letters import Letter
from tests.saraban.office import CLERK, DLA, OFFICER, PHRAE, SECRETS, Office

PASSWORD = "ทดสอบ-Office-2568"
SECOND, AUDITOR, ADMIN = "second@phrae.go.th", "auditor@phrae.go.th", "admin@phrae.go.th"
TOWN, TOWN_OFFICER = "saraban@town.go.th", "officer@town.go.th"
CITIZEN = "somsak@example.com"
CIRCULAR = "แนวทางการปรับปรุงคู่มือสำหรับประชาชน ตามแผนการยกระดับการบริการภาครัฐ ระยะที่ ๒"
DOUBLE = "ขอเชิญประชุมคณะกรรมการโรคติดต่อจังหวัด ครั้งที่ ๙/๒๕๖๒"
QUESTION = "ขอทราบความคืบหน้าการออกใบอนุญาต"
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script> ขอข้อมูล'
SECRET = "แผนรักษาความปลอดภัยบุคคลสำคัญ"
_OTHERS = (
    "การเตรียมความพร้อมรับสถานการณ์อุทกภัย",
    "ขอความอนุเคราะห์ข้อมูลผู้สูงอายุในพื้นที่",
    "การโอนเงินงบประมาณรายจ่ายประจำปี งบเงินอุดหนุน",
    "ซักซ้อมแนวทางการจัดทำแผนพัฒนาท้องถิ่น",
    "ขอความร่วมมือประชาสัมพันธ์การรับสมัครสอบ",
)


def seed(office: Office) -> None:
    """Fill a fresh office; takes a second or two."""
    text = office.config.read_text(encoding="utf-8")
    text = text.replace("[registry]", '[registry]\nreceive = "by_officer"', 1)
    office.config.write_text(text, encoding="utf-8")
    _people(office)
    _lay(office, DLA, DOUBLE, "มท ๐๘๑๐.๓/๖๖๑๐", "๑๗ ตุลาคม ๒๕๖๒")
    _lay(office, TOWN, "ขอส่งรายงานประจำเดือน", "พร ๕๒๐๐๑/๒๑๘", "๑๘ ตุลาคม ๒๕๖๒")
    _lay(office, DLA, "การจัดสรรงบประมาณ", "มท ๐๘๑๐.๘/๑๒", "๑ ตุลาคม ๒๕๖๒")
    office.enter()
    _register_all(office)
    _lay(office, CITIZEN, QUESTION, "", "", files=0, trusted=False)
    for at, subject in enumerate(_OTHERS * 4):
        _lay(office, DLA if at % 3 else TOWN, subject, f"มท ๐๘๑๐.๓/{at + 100}", "๑๕ ตุลาคม ๒๕๖๒")
    _lay(office, DLA, DOUBLE, "มท ๐๘๑๐.๓/๖๖๑๐", "๑๗ ตุลาคม ๒๕๖๒", files=3)
    _lay(office, CITIZEN, HOSTILE, "", "", trusted=False)
    _lay(office, DLA, f"[ด่วนที่สุด] {CIRCULAR}", "มท ๐๘๑๐.๗/ว ๓๙๗๔", "๑๖ กันยายน ๒๕๖๒", files=2)
    _lay(office, DLA, f"[ลับ] {SECRET}", "มท ๐๘๑๐/๑", "๑ ตุลาคม ๒๕๖๒")
    office.enter()
    _send(office)


def waiting(office: Office, subject: str) -> Letter:
    """Give the letter that waits with these words in its subject."""
    runtime = office.runtime()
    with runtime.database.read() as session:
        found = [one for one in letters.waiting(session, "phrae") if subject in one.subject]
    runtime.close()
    return found[0]


def _people(office: Office) -> None:
    office.add_town()
    for email, entity, role, name in (
        (SECOND, "phrae", "officer", "วิชัย แพร่งาม"), (AUDITOR, "phrae", "auditor", ""),
        (ADMIN, "phrae", "admin", ""), (TOWN_OFFICER, "town", "officer", ""),
    ):  # fmt: skip
        office.run("officer", "add", email, "--entity", entity, "--role", role, "--name", name)
    runtime = office.runtime()
    with runtime.database.write() as session:
        for email in (OFFICER, CLERK, SECRETS, SECOND, AUDITOR, ADMIN, TOWN_OFFICER):
            passwords.set_password(session, email, PASSWORD, at=runtime.clock.now())
    runtime.close()


def _lay(
    office: Office, sender: str, subject: str, number: str, dated: str, *,
    files: int = 1, trusted: bool = True,
) -> None:  # fmt: skip
    message = EmailMessage()
    message["From"] = f"สมศักดิ์ แพร่งาม <{sender}>" if sender == CITIZEN else sender
    message["To"], message["Subject"] = PHRAE, subject
    message["Message-ID"] = f"<{os.urandom(8).hex()}@{sender.rpartition('@')[2]}>"
    message["Date"] = "Fri, 03 Oct 2025 10:42:00 +0700"
    head = f"ที่ {number}\n\n{dated}\n\n" if number else ""
    message.set_content(f"{head}เรื่อง {subject}\n\nเรียน ผู้ว่าราชการจังหวัดแพร่\n\nขอแจ้งให้ทราบ\n")
    for at in range(files):
        message.add_attachment(
            b"%PDF-1.7 " + os.urandom(40), maintype="application", subtype="pdf",
            filename=f"สิ่งที่ส่งมาด้วย {at + 1}.pdf",
        )  # fmt: skip
    raw = message.as_bytes().replace(b"\n", b"\r\n")
    office.lay_raw(raw, sender, PHRAE, trusted=trusted)


def _register_all(office: Office) -> None:
    runtime = office.runtime()
    with runtime.database.write() as session:
        for one in letters.waiting(session, "phrae"):
            accept(session, runtime.desk, one.id, OFFICER)
    runtime.close()


def _send(office: Office) -> None:
    """Send a letter of our own to กรมส่งเสริมฯ that is overdue, and one that came back."""
    late, lost = office.draft("ขอรายงานผลการดำเนินงาน"), office.draft("ขอส่งบัญชีรายชื่อ")
    runtime = office.runtime()
    for letter_id, state in ((late, DeliveryState.OVERDUE), (lost, DeliveryState.BOUNCED)):
        with runtime.database.write() as session:
            entry = draft.accept(session, runtime.desk, letter_id, OFFICER)
            for one in entry.deliveries:
                outbox.move(session, one.id, DeliveryState.SENT, at=runtime.clock.now())
                outbox.move(
                    session, one.id, state, at=runtime.clock.now(), detail="550 no such user"
                )
    runtime.close()
