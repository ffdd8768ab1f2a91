"""เสนอ: a letter is presented to a superior by mail, and what they answer is the order.

The superior has a mailbox at the agency's own server and an ordinary mail program; they never see
a page. Everything travels by SMTP.
"""

from email import policy
from pathlib import Path

from registry import movements
from registry.letter.entry import Entry
from registry.movements import Movement
from tests.journeys.installation import mail
from tests.journeys.programs import Neomutt, swaks
from tests.journeys.province import CENTRAL, CLERK, DLA, OFFICER, Province, text_of

GOVERNOR, DEPUTY = "governor@phrae.go.th", "vice@phrae.go.th"
SIGNATURE = "-- \nนายสมชาย ใจกล้า\nผู้ว่าราชการจังหวัดแพร่\nโทร. ๐ ๕๔๕๓ ๓๑๒๔\nส่งจากโทรศัพท์ของฉัน"


def presented(province: Province, folder: Path, subject: str, to: str) -> Entry:
    """Let a letter come in and be presented to a superior; give its entry."""
    swaks(folder, province.postfix.port, DLA, CENTRAL, subject, "เรียน ผู้ว่าราชการจังหวัดแพร่")
    entry = province.entry("received", subject)
    known = province.office.data("officer", "list", "--entity", "phrae")
    if to not in {one["email"] for one in known}:
        province.office.run("officer", "add", to, "--entity", "phrae", "--role", "officer")
    words = ("--text", "เห็นควรมอบ สถจ. ดำเนินการ", "--by", OFFICER)
    province.office.run("letter", "propose", entry.id, "--to", to, *words)
    return entry


def steps(province: Province, entry: Entry, kind: str) -> list[Movement]:
    """Wait for steps of a kind on the way of an entry, and give them."""

    def look() -> list[Movement]:
        with province.office.reading() as session:
            return [one for one in movements.of(session, entry.id) if one.kind == kind]

    found: list[Movement] = province.office.wait(look)
    return found


def test_the_answer_of_the_superior_is_the_order_on_the_entry(province: Province, tmp_path: Path):
    """Top-posted above the whole letter, with a signature: only the words are the order."""
    subject = "ขอความอนุเคราะห์วิทยากร"
    entry = presented(province, tmp_path, subject, GOVERNOR)
    asked = province.mail(GOVERNOR, subject)
    assert "เห็นควรมอบ สถจ. ดำเนินการ" in text_of(asked)
    program = Neomutt.through(tmp_path / "governor", province.postfix.port, GOVERNOR)
    before = [len(province.office.entries(book)) for book in ("received", "sent")]
    program.answer(asked, f"ชอบ มอบ สถจ. ดำเนินการ\nภายในวันศุกร์\n\n{SIGNATURE}")

    [order] = steps(province, entry, "order")
    assert (order.by, order.text) == (GOVERNOR, "ชอบ มอบ สถจ. ดำเนินการ\nภายในวันศุกร์")
    [step] = steps(province, entry, "present")
    assert step.answered_at is not None
    assert "ชอบ มอบ สถจ. ดำเนินการ" in text_of(province.mail(OFFICER, "ชอบ มอบ สถจ."))
    shown = province.office.run("letter", "show", entry.id).stdout
    assert "สั่งการ" in shown
    assert SIGNATURE.splitlines()[1] not in shown
    province.office.wait(province.at_rest)
    assert [len(province.office.entries(book)) for book in ("received", "sent")] == before
    assert province.office.waiting() == []
    assert province.mails(DLA, "ชอบ มอบ สถจ.") == [], "an order leaves nowhere"


def test_a_program_that_loses_the_thread_orders_all_the_same(province: Province, tmp_path: Path):
    """Some programs on telephones send no References: the entry's address is enough."""
    subject = "ขอใช้สถานที่จัดงาน"
    entry = presented(province, tmp_path, subject, DEPUTY)
    asked = province.mail(DEPUTY, subject)
    answer = mail(DEPUTY, str(asked["Reply-To"]), "ตอบ: เสนอ", "อนุญาต\n\nSent from my iPhone\n")
    to = [box.addr_spec for box in answer["To"].addresses]
    province.postfix.send(DEPUTY, to, answer.as_bytes(policy=policy.SMTP))

    [order] = steps(province, entry, "order")
    assert (order.by, order.text.splitlines()[0]) == (DEPUTY, "อนุญาต")


def test_an_answer_of_somebody_else_is_a_note_and_no_order(province: Province, tmp_path: Path):
    """Whoever was forwarded the mail has not been asked."""
    subject = "ขอข้อมูลพื้นที่น้ำท่วม"
    entry = presented(province, tmp_path, subject, GOVERNOR)
    asked = province.mail(GOVERNOR, subject)
    program = Neomutt.through(tmp_path / "clerk", province.postfix.port, CLERK)
    program.answer(asked, "รับทราบค่ะ")

    province.office.wait(lambda: province.office.notes(entry.id))
    assert province.office.notes(entry.id) == ["รับทราบค่ะ"]
    [step] = steps(province, entry, "present")
    assert step.answered_at is None
