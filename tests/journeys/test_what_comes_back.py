"""What machines send back: a bounce of a real Postfix, and vacation mail; no circle begins."""

from email import policy
from pathlib import Path

from registry.letter.entry import Entry
from tests.journeys.installation import mail
from tests.journeys.neighbour import Neighbour
from tests.journeys.programs import swaks
from tests.journeys.province import CENTRAL, CLERK, DLA, UNIT, Province, text_of
from tests.servers.ports import free_port

GONE = "saraban@gone.go.th"


def test_a_bounce_hours_later_marks_the_delivery_and_tells_the_clerk(province: Province):
    """The relay took the letter with 250; only the server behind it knows that nobody is there."""
    port = free_port()
    province.postfix.route("gone.go.th", port)
    message = mail(CLERK, f"{GONE}, {DLA}", "ขอเชิญร่วมงาน")
    with Neighbour(port, refuses=GONE, with_reply="550 5.1.1 no such user"):
        province.office.submit(message, CLERK, GONE, DLA)
        entry = province.entry("sent", "ขอเชิญร่วมงาน", lambda one: "bounced" in _states(one))
    assert {one.to: str(one.state) for one in entry.deliveries} == {GONE: "bounced", DLA: "sent"}
    told = province.mail(CLERK, "no such user")
    assert told["Subject"].startswith("ส่งไม่สำเร็จ")
    assert "ขอเชิญร่วมงาน" in text_of(told)
    assert GONE in text_of(told)
    assert province.office.waiting() == []


def test_vacation_mail_to_a_delivered_copy_goes_nowhere(province: Province, tmp_path: Path):
    subject = "ขอความอนุเคราะห์ข้อมูล"
    swaks(tmp_path, province.postfix.port, DLA, CENTRAL, subject, "เรียน ผู้ว่าราชการจังหวัดแพร่")
    copy, entry = province.mail(UNIT, subject), province.entry("received", subject)
    away = mail(UNIT, str(copy["Reply-To"]), f"ไม่อยู่สำนักงาน Re: {copy['Subject']}")
    away["Auto-Submitted"] = "auto-replied"
    away["In-Reply-To"] = copy["Message-ID"]
    province.postfix.send("", [str(copy["Reply-To"])], away.as_bytes(policy=policy.SMTP))
    province.office.wait(lambda: "automatic" in province.office.letter_states())
    province.office.wait(province.at_rest)
    assert province.office.notes(entry.id) == []
    assert province.office.waiting() == []
    assert province.mails(DLA, "ไม่อยู่สำนักงาน") == []


def _states(entry: Entry) -> list[str]:
    return [str(one.state) for one in entry.deliveries]
