"""Papers of letters: read after they came in, shown, linked by what they name, read again."""

import re
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select

from registry.chain import Kin, Stop
from registry.clock import BANGKOK
from registry.letter.delivery import DeliveryState
from registry.models.paper import PaperReadingRow
from registry.models.search import FileTextRow
from registry.paper_reading import PaperReading
from registry.texts.reading import Reading
from registry.thai.text import fold
from saraban.cli.read import chain_facts
from saraban.demo.letter import read as letter
from saraban.demo.typeset import typeset
from tests.registry.paper import real
from tests.saraban.office import DLA, PHRAE, Office

AT = datetime(2019, 9, 16, 10, 0, tzinfo=BANGKOK)


def comes(office: Office, paper: bytes, subject: str = "ส่งหนังสือ") -> dict[str, Any]:
    """Let a mail with this paper come in and be read; give its entry."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = DLA, PHRAE, subject
    message["Message-ID"] = f"<{len(office.received())}@dla.go.th>"
    message.set_content("ส่งหนังสือตามแนบ\n")
    message.add_attachment(paper, maintype="application", subtype="pdf", filename="scan0001.pdf")
    office.lay_raw(message.as_bytes().replace(b"\n", b"\r\n"), DLA, PHRAE)
    office.enter()
    read(office)
    return office.received()[-1]


def read(office: Office) -> None:
    """Read what is due, as the process beside the worker does."""
    runtime = office.runtime()
    reading = Reading(runtime.database, runtime.blobs, runtime.clock, runtime.office.reading)
    papers = PaperReading(runtime.database, runtime.blobs, runtime.desk)
    while reading.turn() or papers.turn():
        pass
    reading.close()
    papers.close()
    runtime.close()


@pytest.fixture
def circular(office: Office) -> dict[str, Any]:
    """The circular, come in under a Subject that says nothing."""
    return comes(office, real.circular())


def test_the_register_shows_what_the_paper_says_where_the_mail_says_nothing(circular):
    assert circular["letter_number"] == "มท 0810.7/ว 3974"
    assert circular["dated"] == "2019-09-16"
    assert fold(circular["subject"]) == fold(real.matter())
    assert circular["to"] == "ผู้ว่าราชการจังหวัด ทุกจังหวัด"


def test_a_letter_is_shown_with_its_fields_their_doubt_and_their_places(office, circular):
    shown = office.run("letter", "show", circular["id"]).stdout
    assert "ที่: มท ๐๘๑๐.๗/ว ๓๙๗๔ (๙๘% หน้า ๑) – ใช้แล้ว" in shown
    paper = office.data("letter", "show", circular["id"])["paper"]
    number = next(one for one in paper if one["name"] == "number")
    assert (number["value"], number["state"]) == ("มท 0810.7/ว 3974", "taken")
    assert number["place"]["page"] == 1
    assert all(0 <= share <= 1 for share in number["place"]["box"])


def test_the_letter_that_passed_it_on_is_linked_to_it_with_its_score(office, circular):
    later = comes(office, real.passed_on())
    assert later["letter_number"] == "พร 0023.3/ว 4971"
    assert later["urgency"] == "ด่วนที่สุด"
    [link] = office.data("letter", "show", later["id"])["links"]
    assert (link["entry"], link["relation"], link["how"]) == (circular["id"], "passes_on", "alike")
    assert not link["confirmed"]
    shown = office.run("letter", "show", later["id"]).stdout
    chain = shown.partition("ลำดับเรื่อง")[2].partition("อ่านได้")[0].splitlines()
    assert "ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔ · " in chain[0]
    assert re.search("น่าจะใช่ [๐-๙]+% รอยืนยัน", chain[0])
    assert "รอยืนยัน" not in chain[1]


def test_what_is_wrong_with_what_came_is_told_as_on_its_page(office, circular):
    shown = office.run("letter", "show", circular["id"]).stdout
    assert "หนังสือระบุสิ่งที่ส่งมาด้วย" in shown
    assert "จำนวน ๑ ชุด" in shown.partition("อ่านได้")[2]
    broken = comes(office, b"%PDF-1.4 broken")
    runtime = office.runtime()
    with runtime.database.read() as session:
        [detail] = session.scalars(select(FileTextRow.detail).where(FileTextRow.state == "failed"))
    runtime.close()
    shown = office.run("letter", "show", broken["id"]).stdout
    assert detail
    assert f"  {detail}\n" in shown.partition("scan0001.pdf")[2]


def test_figures_of_an_address_in_a_letter_stay_as_they_are(office):
    sheet = letter("dla-w3974")
    paper = replace(sheet, body=(*sheet.body, "ดูที่ https://forms.example/r?x=1&y=20"))
    shown = office.run("letter", "show", comes(office, typeset(paper))["id"]).stdout
    assert "ลิงก์ในหนังสือ: https://forms.example/r?x=1&y=20 (" in shown


def test_a_circular_is_called_in_the_chain_as_its_book_calls_it_and_each_stop_has_its_day() -> None:
    stops = (
        Stop("อำเภอเมือง", "12/2562", DeliveryState.REGISTERED, AT),
        Stop("อำเภอสอง", "", DeliveryState.SENT, AT),
    )
    kin = Kin(
        "k", "sent", "ordinary", 4971, 2562, "พร 0023.3/ว 4971", None, "", "", "", AT,
        "registered", False, None, 2, 1, stops,
    )  # fmt: skip
    assert [said for _, said in chain_facts([kin])] == [
        "๑. ส่ง ว ๔๙๗๑/๒๕๖๒ ที่ พร ๐๐๒๓.๓/ว ๔๙๗๑ · ๑๖ ก.ย. ๒๕๖๒",
        "   → อำเภอเมือง เลขรับ ๑๒/๒๕๖๒ · ๑๖ ก.ย. ๒๕๖๒",
        "   → อำเภอสอง ส่งแล้ว · ๑๖ ก.ย. ๒๕๖๒",
    ]


def test_a_letter_is_read_again_by_command_and_what_people_said_stays(office, circular):
    office.run("read", circular["id"])
    runtime = office.runtime()
    with runtime.database.read() as session:
        assert {row.state for row in session.query(PaperReadingRow)} == {"pending"}
        assert {row.state for row in session.query(FileTextRow)} == {"pending"}
    runtime.close()
    read(office)
    assert office.received()[-1]["letter_number"] == "มท 0810.7/ว 3974"
    assert office.data("letter", "show", circular["id"])["paper"]


def test_a_secret_letter_is_not_read(office):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = DLA, PHRAE, "[ลับ] แผน"
    message["Message-ID"] = "<secret@dla.go.th>"
    message.set_content("แผน\n")
    office.lay_raw(message.as_bytes().replace(b"\n", b"\r\n"), DLA, PHRAE)
    office.enter()
    [waiting] = office.waiting()
    told = office.run("read", waiting["id"], code=1)
    assert "ระบบไม่อ่านหนังสือที่มีชั้นความลับ" in told.stderr
