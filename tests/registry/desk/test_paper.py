"""Paper at the counter: registered as mail is, without what only a mail proves."""

from datetime import date
from typing import Any

import pytest

from registry import proof
from registry.blobs import BlobStore
from registry.desk import slip
from registry.desk.amend import amend
from registry.desk.lay_down import LaidFile
from registry.desk.meet import meetings
from registry.desk.paper import Paper, number_of, register_paper, send_on_paper
from registry.desk.scans import Scan, lay_scans
from registry.errors import Conflict, NotAllowed, NotFound, NotUnderstood
from registry.letter.entry import Entry
from registry.outbox import Kind as Job
from tests.registry.desk.conftest import CLERK, LOCAL_BOX, OFFICER, SECRET_OFFICER, House, Mails

BY_POST: dict[str, Any] = {
    "subject": "ขอเชิญประชุม", "sender": "กรมส่งเสริมการปกครองท้องถิ่น",
    "letter_number": "มท ๐๘๑๐.๗/ว ๓๙๗๔", "dated": date(2025, 9, 16), "way": "registered",
    "pages": 3,
}  # fmt: skip


def paper(house: House, by: str = OFFICER, scans: list[Scan] | None = None, **more: Any) -> Entry:
    with house.database.write() as session:
        wanted = Paper(**BY_POST | more)
        return register_paper(session, house.desk, house.phrae, by, wanted, scans or [])


def scanned(blobs: BlobStore, name: str = "หนังสือ.pdf", content: bytes = b"%PDF-1.7") -> LaidFile:
    return LaidFile(name, len(content), blobs.put(content), "application/pdf")


@pytest.fixture
def blobs(tmp_path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def test_paper_takes_the_next_number_and_says_how_it_came(house: House, mail: Mails):
    house.one(mail())
    entry = paper(house)
    assert (entry.number, entry.letter_number) == (2, "มท 0810.7/ว 3974")
    assert entry.note == "รับเป็นกระดาษ ทางไปรษณีย์ลงทะเบียน ๓ หน้า"
    assert house.entry(entry.id).original_sha256 is None
    assert house.letter(entry.letter_id).from_entity_id == house.dla.id


def test_nobody_is_answered_for_paper_and_the_unit_gets_its_copy(house: House):
    entry = paper(house, unit="local")
    assert house.boxes(entry.id) == [LOCAL_BOX]
    assert house.jobs(Job.ACKNOWLEDGEMENT) == house.jobs(Job.NOTICE) == []


def test_scans_laid_with_the_letter_and_after_it_are_proven(house: House, blobs: BlobStore):
    entry = paper(house, scans=[Scan(scanned(blobs), "letter")])
    later = [Scan(scanned(blobs)), Scan(scanned(blobs, "แผนที่.pdf", b"%PDF-1.4"))]
    with house.database.write() as session:
        added = lay_scans(session, house.desk, entry.id, later, OFFICER)
    assert len(added) == 1
    files = house.entry(entry.id).enclosures
    assert [(one.name, one.role) for one in files] == [
        ("หนังสือ.pdf", "letter"), ("แผนที่.pdf", "enclosure"),
    ]  # fmt: skip
    with house.database.read() as session:
        assert proof.prove(session, blobs).problems == []


def test_what_the_virus_scanner_could_not_look_at_is_withheld(house: House):
    unseen = LaidFile("a.pdf", 1, "0" * 64, "application/pdf", not_scanned="away")
    entry = paper(house, scans=[Scan(unseen)])
    assert house.letter(entry.letter_id).scan == "not_scanned"


def test_a_letter_that_came_by_mail_gets_no_scans(house: House, mail: Mails):
    entry_id = house.one(mail()).entry_id
    with house.database.write() as session, pytest.raises(Conflict):
        lay_scans(session, house.desk, entry_id or "", [], OFFICER)


@pytest.mark.parametrize(
    ("more", "by", "error"),
    [
        ({"subject": " "}, OFFICER, NotUnderstood), ({"sender": ""}, OFFICER, NotUnderstood),
        ({"way": "pigeon"}, OFFICER, NotUnderstood), ({"unit": "moon"}, OFFICER, NotFound),
        ({}, CLERK, NotAllowed), ({"secrecy": "ลับ"}, OFFICER, NotAllowed),
    ],
)  # fmt: skip
def test_what_cannot_be_registered_takes_no_number(house: House, more, by, error):
    with pytest.raises(error):
        paper(house, by, **more)
    assert house.received() == []


def test_a_day_still_to_come_takes_no_number_and_is_explained(house: House):
    with pytest.raises(NotUnderstood) as told:
        paper(house, dated=date(2025, 12, 20))
    assert "๒๐ ธันวาคม ๒๕๖๘ อยู่หลังวันนี้" in told.value.thai
    assert paper(house, dated=date(2025, 10, 3)).number == 1


def test_a_line_is_not_corrected_to_a_day_still_to_come(house: House):
    entry = paper(house)
    day = date(2025, 10, 4)
    with house.database.write() as session, pytest.raises(NotUnderstood):
        amend(session, house.desk, entry.id, OFFICER, "พิมพ์ผิด", dated=day)


def test_secret_paper_has_its_own_series(house: House):
    assert paper(house, SECRET_OFFICER, secrecy="ลับมาก").series == "secret"


def test_a_number_that_is_no_official_one_stands_as_it_was_written():
    assert number_of(" บริษัท A-๑๒ / ๖๘ ") == ("บริษัท A-12 / 68", "บริษัทa-12/68")


def test_paper_and_mail_of_one_letter_meet_before_a_number_is_taken(house: House):
    entry = paper(house)
    with house.database.read() as session:
        ask = {"cleared": False}
        same = meetings(session, house.phrae.id, "มท0810.7/ว3974", date(2025, 9, 16), **ask)
        other = meetings(session, house.phrae.id, "มท 0810.7/ว 3974", None, **ask)
        town = meetings(session, house.town.id, "มท 0810.7/ว 3974", None, **ask)
    assert [(one.id, one.sure, one.waits) for one in same] == [(entry.id, True, False)]
    assert [one.sure for one in other] == [False]
    assert town == []


def test_a_reserved_number_is_used_for_what_went_out_on_paper(house: House, blobs: BlobStore):
    with house.database.write() as session:
        held = slip.reserve(session, house.desk, house.phrae, OFFICER, subject="คำร้อง")
        wanted = Paper("ขอส่งเอกสาร", "ผู้อำนวยการเขต", way="post")
        scan = Scan(scanned(blobs), "letter")
        used = send_on_paper(session, house.desk, held.id, OFFICER, wanted, [scan])
        with pytest.raises(Conflict):
            send_on_paper(session, house.desk, held.id, OFFICER, wanted)
    assert (used.state, used.number, used.to_text) == ("registered", held.number, "ผู้อำนวยการเขต")
    with house.database.read() as session:
        assert proof.prove(session, blobs).problems == []
