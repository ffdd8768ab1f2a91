"""คิวส่ง บันทึก และการตั้งค่า: what an administrator and an auditor see, and may press."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from gateway.inbound.tray import Tray
from registry import directory, links, outbox, readings
from registry.jobs import Kind
from registry.models.evidence import JournalRow
from registry.models.letters import LetterRow
from registry.models.outgoing import LinkRow, OutboxRow
from tests.saraban.office import CLERK, OFFICER, PHRAE
from tests.saraban.web.desk import token_of
from tests.saraban.web.pages.test_people import press
from tests.saraban.web.seed import ADMIN, AUDITOR, HOSTILE, TOWN, TOWN_OFFICER


@pytest.fixture
def admin(desk):
    return desk.signed_in(ADMIN)


def entity_id(session, code="phrae"):
    return directory.entity_by_code(session, code).id


def write_job(desk, code="phrae", to="x@far.example"):
    with desk.runtime.database.write() as session:
        return outbox.enqueue(
            session, desk.runtime.desk, Kind.NOTICE, entity_id(session, code), to
        )  # fmt: skip


def state_of(desk, job_id):
    with desk.runtime.database.read() as session:
        return session.get(OutboxRow, job_id).state


@pytest.mark.parametrize("email", [OFFICER, CLERK, AUDITOR])
def test_settings_are_the_administrators_and_others_only_look_at_the_queue(desk, email):
    client, job = desk.signed_in(email), write_job(desk)
    assert client.get("/settings").status_code == 403
    for way in ("/queue", f"/queue/{job}", "/queue?show=spool"):
        answer = client.get(way)
        assert answer.status_code == (403 if email == CLERK else 200)
        for act in ("/retry", "/hold", "/drop", "/readmit"):
            assert act not in answer.text
    data = {"_token": token_of(client.get("/account").text)}
    assert client.post(f"/queue/{write_job(desk)}/retry", data=data).status_code == 403


def test_a_job_is_held_released_tried_now_and_dropped_with_a_reason(desk, admin):
    job = write_job(desk, to=f"{'x' * 20}@far.example")
    way = f"/queue/{job}"
    press(admin, way, f"{way}/hold")
    assert state_of(desk, job) == "held"
    press(admin, way, f"{way}/release")
    press(admin, way, f"{way}/retry")
    assert state_of(desk, job) == "queued"
    assert press(admin, way, f"{way}/drop", reason=" ").status_code == 422
    press(admin, way, f"{way}/drop", reason="ที่อยู่เลิกใช้")
    assert state_of(desk, job) == "dropped"
    assert press(admin, "/account", f"{way}/retry", **tokens(admin)).status_code == 409
    acts = admin.get("/journal", params={"who": ADMIN}).text
    assert all(word in acts for word in ("พักการส่ง", "ปล่อยให้ส่งต่อ", "สั่งส่งใหม่", "เลิกส่ง"))


def tokens(client):
    return {"_token": token_of(client.get("/account").text)}


def test_jobs_of_another_entity_are_not_there(desk, admin):
    job = write_job(desk, "town", "secret-place@far.example")
    assert "secret-place" not in admin.get("/queue").text
    assert admin.get(f"/queue/{job}").status_code == 404
    for act in ("retry", "hold", "release", "drop"):
        data = tokens(admin) | {"reason": "x"}
        assert admin.post(f"/queue/{job}/{act}", data=data).status_code == 404


def test_a_letter_that_was_set_aside_is_shown_to_its_receiver_and_brought_back(desk, admin):
    tray = Tray(desk.runtime.spool_dir)
    mine = desk.office.lay("x@far.example", PHRAE, subject="เสีย")
    other = desk.office.lay("x@far.example", TOWN, subject="ของเมือง")
    for name in (mine, other):
        tray.set_aside(name, "cannot be read <b>")
    html = admin.get("/queue?show=spool").text
    assert mine in html
    assert other not in html
    assert "<b>cannot" not in html
    for name in (other, "../../etc/passwd", "a/b"):
        data = tokens(admin) | {"name": name}
        assert admin.post("/queue/spool/readmit", data=data).status_code == 404
    press(admin, "/queue?show=spool", "/queue/spool/readmit", name=mine)
    assert tray.list_new() == [mine]


def test_a_page_of_large_files_lives_longer_or_is_closed(desk, admin):
    with desk.runtime.database.write() as session:
        letter = session.scalar(
            select(LetterRow).where(LetterRow.state == "registered", LetterRow.secrecy.is_(None))
        )
        links.ensure(session, desk.runtime.keys, letter.id, letter.entity_id, "x@far.example",
                     HOSTILE, "download", desk.clock.now(), timedelta(days=1))  # fmt: skip
        link = session.scalar(select(LinkRow.id))
    html = admin.get("/queue?show=links").text
    assert "<img" not in html
    press(admin, "/queue?show=links", f"/queue/links/{link}/extend")
    with desk.runtime.database.read() as session:
        assert session.get(LinkRow, link).expires_at > desk.clock.now() + timedelta(days=10)
    press(admin, "/queue?show=links", f"/queue/links/{link}/revoke")
    data = tokens(admin)
    assert admin.post(f"/queue/links/{link}/extend", data=data).status_code == 409
    assert "ยกเลิกแล้ว" in admin.get("/queue?show=links").text


def test_the_journal_is_filtered_and_says_that_its_lines_hold(desk):
    client = desk.signed_in(AUDITOR)
    html = client.get("/journal").text
    assert "ทุกบรรทัดในหน้านี้ต่อกันและไม่ถูกแก้ไข" in html
    some = client.get("/journal", params={"act": "officer-added"}).text
    assert some.count("<tr><td") < html.count("<tr><td")
    assert client.get("/journal", params={"who": "nobody@x"}).text.count("<tr><td") == 0
    first = client.get("/journal", params={"ref": f"รับ/1/{desk.clock.now().year + 543}"}).text
    assert "ลงทะเบียน" in first
    wrong = client.get("/journal", params={"since": "สักวัน", "ref": HOSTILE}).text
    assert wrong.count('aria-invalid="true"') == 2
    assert "<img" not in wrong


def test_a_line_that_was_changed_behind_our_back_is_marked(desk):
    with desk.runtime.database.write() as session:
        last = select(JournalRow.id).where(JournalRow.entity_id == entity_id(session))
        changed = session.scalar(last.order_by(JournalRow.position.desc()).limit(1))
        session.execute(update(JournalRow).where(JournalRow.id == changed).values(actor="other@x"))
    html = desk.signed_in(AUDITOR).get("/journal", params={"who": "other@x"}).text
    assert "มีบรรทัดที่ถูกแก้ไขหรือไม่ต่อกัน" in html


def test_neither_log_shows_what_is_another_entitys(desk):
    with desk.runtime.database.write() as session:
        readings.record(
            session, entity_id(session), OFFICER, "page", desk.clock.now(), letter_id="a" * 16
        )
    mine, theirs = desk.signed_in(AUDITOR), desk.signed_in(TOWN_OFFICER)
    assert OFFICER in mine.get("/readings").text
    assert OFFICER not in theirs.get("/readings").text
    assert OFFICER not in theirs.get("/journal").text
    assert OFFICER not in mine.get("/readings", params={"act": "file"}).text
    assert desk.signed_in(CLERK).get("/readings").status_code == 403


def test_settings_are_shown_with_their_meaning_and_no_secret(desk, admin):
    html = admin.get("/settings").text
    assert "[registry]" in html
    assert "by_officer" in html
    assert "ตั้งเอง" in html
