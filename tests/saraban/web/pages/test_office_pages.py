"""ทำเนียบ หน่วยงานย่อย กฎ และกลุ่ม: kept by officers, each for their own entity."""

import re

import pytest
from sqlalchemy import select

from registry import directory
from registry.models.letters import LetterRow
from tests.saraban.office import CLERK
from tests.saraban.web.desk import token_of
from tests.saraban.web.pages.test_people import press
from tests.saraban.web.seed import ADMIN, HOSTILE, SECRET, TOWN_OFFICER

SONG = {
    "code": "song", "name": "ที่ว่าการอำเภอสอง", "district": "สอง", "province": "แพร่",
    "address": "saraban@song.example", "domains": "", "letter_code": "พร ๐๑๑๘", "phone": "",
}  # fmt: skip


@pytest.fixture
def client(desk):
    return desk.signed_in()


@pytest.mark.parametrize("way", ["/directory", "/units", "/groups/new", "/directory/new"])
def test_a_clerk_keeps_no_directory(desk, way):
    assert desk.signed_in(CLERK).get(way).status_code == 403


def test_an_entity_is_added_found_by_its_place_and_changed(client):
    answer = press(client, "/directory/new", "/directory", **SONG)
    assert answer.headers["location"] == "/directory?q=song"
    html = client.get("/directory?q=อ.สอง").text
    assert "อ.สอง จ.แพร่" in html
    assert "๑ หน่วยงาน" in html
    given = {name: value for name, value in SONG.items() if name != "code"}
    press(client, "/directory/song", "/directory/song", **given | {"phone": "054 591 000"})
    assert "๐๕๔ ๕๙๑ ๐๐๐" in client.get("/directory?q=song").text
    stale = press(client, "/directory/song", "/directory/song", **given | {"_version": "old"})
    assert stale.status_code == 409


@pytest.mark.parametrize(
    ("field", "value"),
    [("address", "nowhere"), ("name", " "), ("letter_code", "???"), ("domains", "a b@c")],
)
def test_what_is_wrong_in_an_entity_is_told_beside_it(client, field, value):
    answer = press(client, "/directory/new", "/directory", **SONG | {field: value})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_a_neighbours_entry_and_ones_own_are_only_shown(desk, client):
    assert "ผู้ดูแลระบบของหน่วยงานนั้น" in client.get("/directory/town").text
    data = SONG | {"_token": token_of(client.get("/account").text)}
    assert client.post("/directory/town", data=data).status_code in {403, 409}
    assert client.post("/directory/phrae", data=data).status_code == 403
    admin = desk.signed_in(ADMIN)
    assert 'name="address"' in admin.get("/directory/phrae").text


def test_hostile_words_are_only_words(client):
    press(client, "/directory/new", "/directory", **SONG | {"name": HOSTILE})
    for way in ("/directory", "/directory/song", f"/directory?q={HOSTILE}"):
        assert "<img" not in client.get(way).text


def test_a_unit_is_added_changed_and_removed_when_nothing_names_it(desk, client):
    fields = {"code": "legal", "name": "กลุ่มงานกฎหมาย", "boxes": "a@x.example\nb@x.example"}
    press(client, "/units/new", "/units", **fields, delivery="notice", default="yes")
    html = client.get("/units").text
    assert "b@x.example" in html
    assert "หน่วยงานตั้งต้น" in html.partition("/units/legal")[2].partition("</tr>")[0]
    refused = press(client, "/units/legal", "/units/legal/remove")
    assert refused.status_code == 409
    changed = {"name": "กฎหมาย", "boxes": "", "delivery": "full", "letter_code": ""}
    press(client, "/units/legal", "/units/legal", **changed, default=None)
    press(client, "/units/legal", "/units/legal/remove")
    assert client.get("/units/legal").status_code == 404
    assert directory_unit(desk) is None
    assert press(client, "/units/new", "/units", **fields | {"boxes": "x"}).status_code == 422


def test_a_unit_is_laid_below_another_and_never_below_itself(client):
    press(client, "/units/new", "/units", code="bureau", name="สำนัก", boxes="")
    below = {"code": "section", "name": "กลุ่มงาน", "boxes": "", "above": "bureau"}
    assert press(client, "/units/new", "/units", **below).status_code == 303
    assert '<option value="bureau" selected>' in client.get("/units/section").text
    ring = press(client, "/units/bureau", "/units/bureau", name="สำนัก", boxes="", above="section")
    assert (ring.status_code, "อยู่ใต้ตัวเองไม่ได้" in ring.text) == (409, True)
    assert '<option value="bureau"' not in client.get("/units/bureau").text


def directory_unit(desk):
    with desk.runtime.database.read() as session:
        entity = directory.entity_by_code(session, "phrae")
        return directory.default_unit(session, entity.id)


def test_rules_are_added_moved_tried_and_removed(client):
    for words in ("อุทกภัย", "สาธารณภัย"):
        press(client, "/units", "/units/rules", kind="words", pattern=words, to_unit="local")
    press(client, "/units", "/units/rules/2/up")
    html = client.get("/units?subject=เรื่องสาธารณภัย").text
    assert "กฎข้อ ๑" in html
    assert "ไม่ส่งให้ใคร" not in html
    seen = client.get("/units").text
    press(client, "/units", "/units/rules/1/remove")
    old = seen.partition('action="/units/rules/1/remove"')[2].partition("</form>")[0]
    stale = dict(re.findall(r'name="(\w+)" value="([^"]*)"', old))
    assert client.post("/units/rules/1/remove", data=stale | {"_once": "x"}).status_code == 409


def test_a_rule_is_changed_at_its_place_and_tried_before_it_is_saved(desk, client):
    press(client, "/units", "/units/rules", kind="words", pattern="อุทกภัย", to_unit="local")
    action, change = "/units/rules/1", {"kind": "words", "pattern": "<b>ภัยแล้ง", "to_unit": "local"}
    shown = press(client, action, action, **change, do="try", try_subject="เรื่อง<b>ภัยแล้ง").text
    assert "&lt;b&gt;ภัยแล้ง" in shown
    now, _, then = shown.partition("<dt>ตอนนี้</dt>")[2].partition("<dt>ถ้าใช้กฎนี้</dt>")
    assert "กฎข้อ ๑" not in now
    assert "กฎข้อ ๑" in then
    assert "อุทกภัย" in client.get(action).text
    stale = press(client, action, action, **change, _version="x")
    assert stale.status_code == 409
    assert press(client, action, action, **change | {"pattern": " "}).status_code == 422
    assert press(client, action, action, **change, do="save").headers["location"] == "/units#rules"
    assert "&lt;b&gt;ภัยแล้ง" in client.get(action).text
    assert "แก้ไขกฎส่งต่อ" in client.get("/journal").text
    assert client.get("/units/rules/2").status_code == 404


def test_a_rule_is_tried_before_it_is_added(client):
    rule = {"kind": "addressed", "pattern": "ท้องถิ่นจังหวัด", "to_unit": "local"}
    page = "/units/rules/new"
    shown = press(client, page, "/units/rules", **rule, do="try", try_to="ท้องถิ่นจังหวัดแพร่").text
    assert "กฎข้อ ๑" in shown.partition("ถ้าใช้กฎนี้")[2]
    assert "ยังไม่มีกฎ" in client.get("/units").text
    asked = press(client, page, "/units/rules", **rule, do="try").text
    assert "โปรดพิมพ์เลขทะเบียน" in asked


def test_a_letter_of_another_entity_or_a_secret_one_cannot_be_tried(desk, client):
    for ref in ("aaaaaaaaaaaaaaaa", "../../etc/passwd", HOSTILE):
        assert client.get("/units", params={"ref": ref}).status_code == 404
    with desk.runtime.database.read() as session:
        secret = session.scalar(select(LetterRow.id).where(LetterRow.subject.contains(SECRET)))
        mine = session.scalar(select(LetterRow.id).where(LetterRow.state == "registered"))
    assert client.get("/units", params={"ref": secret}).status_code == 404
    assert client.get("/units", params={"ref": mine}).status_code == 200
    assert desk.signed_in(TOWN_OFFICER).get("/units", params={"ref": mine}).status_code == 404


def test_a_group_is_made_of_known_members_and_changed(client):
    fields = {"code": "all", "name": "ทุกอำเภอ", "members": "dla town"}
    press(client, "/groups/new", "/groups", **fields)
    assert "กรมส่งเสริม" in re.sub("<wbr>|</?span[^>]*>", "", client.get("/groups/all").text)
    nobody = press(client, "/groups/all", "/groups/all", name="ก", members="dla nobody")
    assert nobody.status_code == 404
    press(client, "/groups/all", "/groups/all", name="ก", members="town")
    assert "๑ หน่วยงาน" in client.get("/units").text
    press(client, "/groups/all", "/groups/all/remove")
    assert client.get("/groups/all").status_code == 404
