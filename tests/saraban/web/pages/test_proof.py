"""ตรวจสอบทะเบียน: begun in a browser, running beside it, told on the page and on paper."""

import io

import pypdf
import pytest
from sqlalchemy import select, update

from registry import directory
from registry.models.books import EntryRow
from tests.saraban.office import CLERK
from tests.saraban.web.pages.test_people import press
from tests.saraban.web.seed import ADMIN, AUDITOR, TOWN_OFFICER
from tests.servers.waiting import wait_until


@pytest.fixture
def auditor(desk):
    return desk.signed_in(AUDITOR)


def proven(client):
    press(client, "/proof", "/proof")
    wait_until(lambda: "/proof.pdf" in client.get("/proof").text, "the result is on the page")
    return read(client)


def read(client):
    """Give the page without the places where a line may end."""
    return client.get("/proof").text.replace("<wbr>", "")


def test_a_proof_is_made_beside_the_work_and_told_with_its_limits(desk, auditor):
    assert desk.signed_in(CLERK).get("/proof").status_code == 403
    assert auditor.get("/proof.pdf").status_code == 404
    html = proven(auditor)
    assert "ครบถ้วนถูกต้อง" in html
    assert "และไม่พิสูจน์" in html
    assert "ทะเบียนหนังสือรับ" in html
    assert "ตรวจสอบทะเบียน" in auditor.get("/journal", params={"act": "proved"}).text
    paper = auditor.get("/proof.pdf")
    assert paper.headers["content-type"] == "application/pdf"
    text = pypdf.PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert "SHA-256" in text
    with desk.runtime.database.read() as session:
        town = directory.entity_by_code(session, "town")
    assert town.code not in html


def test_a_number_that_was_moved_is_found_and_told_to_its_own_entity(desk, auditor):
    with desk.runtime.database.write() as session:
        entity = directory.entity_by_code(session, "phrae").id
        mine = select(EntryRow.id).where(EntryRow.entity_id == entity, EntryRow.number == 2)
        moved = session.scalar(mine.where(EntryRow.book == "received"))
        session.execute(update(EntryRow).where(EntryRow.id == moved).values(number=99))
    html = proven(auditor)
    assert "พบสิ่งไม่ถูกต้อง" in html
    assert "ไม่มีเลข ๒" in html
    theirs = read(desk.signed_in(TOWN_OFFICER))
    assert "ไม่มีเลข ๒" not in theirs
    assert "ไม่ได้อยู่ในทะเบียนของหน่วยงานนี้" in theirs


def test_an_entitys_own_words_changed_by_hand_are_told_to_its_auditor_with_a_link(desk, auditor):
    with desk.runtime.database.write() as session:
        entity = directory.entity_by_code(session, "phrae").id
        mine = (EntryRow.entity_id == entity, EntryRow.book == "received", EntryRow.number == 2)
        entry_id = session.scalar(select(EntryRow.id).where(*mine))
        session.execute(update(EntryRow).where(*mine).values(subject="ถูกสลับ"))
    html = proven(auditor)
    assert "พบสิ่งไม่ถูกต้อง ๑ รายการ" in html
    assert f'<a href="/entries/{entry_id}">รับ ๒/' in html
    assert "ถูกแก้นอกระบบ" in html
    assert "outside the register" not in html
    paper = pypdf.PdfReader(io.BytesIO(auditor.get("/proof.pdf").content))
    assert "entry " not in "".join(page.extract_text() for page in paper.pages)
    theirs = read(desk.signed_in(TOWN_OFFICER))
    assert entry_id not in theirs
    assert "ครบถ้วนถูกต้อง" in theirs
    assert "อีก ๑ รายการ" in theirs


def test_a_proof_that_breaks_off_says_so_and_may_be_begun_again(desk, monkeypatch):
    admin = desk.signed_in(ADMIN)
    with monkeypatch.context() as patch:
        patch.setattr("saraban.web.proving.digests", broken)
        press(admin, "/proof", "/proof")
        wait_until(lambda: "หยุดกลางคัน" in admin.get("/proof").text, "it was told")
    assert "ครบถ้วนถูกต้อง" in proven(admin)


def broken(_runtime):
    raise OSError("the disk is away")
