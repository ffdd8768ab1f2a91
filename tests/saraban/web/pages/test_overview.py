"""ภาพรวม without script: its figures lead to their lists."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import select

from registry import directory, entries
from registry.entries import BookKey, EntryFields
from registry.models.letters import LetterRow
from saraban.web.pages.overview import spent
from tests.saraban.office import OFFICER, SECRETS
from tests.saraban.web.pages.test_inbox import plain
from tests.saraban.web.seed import ADMIN, AUDITOR, CIRCULAR, DOUBLE, QUESTION, TOWN_OFFICER


def test_the_figures_are_those_of_the_lists_and_every_link_leads_somewhere(desk):
    client = desk.signed_in()
    html = client.get("/overview").text
    assert "เกินกำหนดตอบรับ" in html
    main = html.partition('<main id="main"')[2]
    found = sorted(set(re.findall(r'href="(/[^"#]*)"', main)))
    days = [path for path in found if "day=" in path]
    for path in [*days[:1], *(path for path in found if path not in days)]:
        assert client.get(path.replace("&amp;", "&")).status_code == 200, path
    assert len(days) == 30


def test_each_urgency_leads_to_its_own_letters(desk):
    client = desk.signed_in()
    html = client.get("/overview").text
    for word in ("ด่วนที่สุด", "ปกติ"):
        assert f'href="/inbox?urgency={quote(word)}"' in html
    urgent = plain(client.get("/inbox", params={"urgency": "ด่วนที่สุด"}).text)
    ordinary = plain(client.get("/inbox", params={"urgency": "ปกติ"}).text)
    assert (CIRCULAR in urgent, QUESTION in urgent) == (True, False)
    assert (CIRCULAR in ordinary, QUESTION in ordinary) == (False, True)
    assert "ไม่มีหนังสือด่วนรอลงรับ" in client.get("/inbox", params={"urgency": "ด่วน"}).text


def test_what_came_is_listed_by_urgency_and_by_how_long_it_waited(desk):
    client = desk.signed_in()
    came = plain(client.get("/overview/came", params={"urgency": "ปกติ"}).text)
    assert DOUBLE in came
    nothing = client.get("/overview/came", params={"urgency": "ด่วน"}).text
    assert "ไม่มีหนังสือในช่วงนี้" in nothing
    slow = plain(client.get("/overview/came?slow=1").text)
    assert DOUBLE in slow
    assert "ไม่ถึงนาที" in slow
    assert "ไม่มีหนังสือ" in plain(desk.signed_in(TOWN_OFFICER).get("/overview/came").text)


def test_secret_letters_are_in_no_figure_of_who_is_not_cleared(desk):
    with desk.runtime.database.write() as session:
        found = session.scalar(select(LetterRow).where(LetterRow.state == "secret"))
        found.accepted_at = found.accepted_at.replace(year=2001)
    assert "๒๕๔๔" in desk.signed_in(SECRETS).get("/overview").text
    assert "๒๕๔๔" not in desk.signed_in().get("/overview").text


def test_todays_bar_tells_how_many_came_and_went(desk):
    html = plain(desk.signed_in().get("/overview").text)
    assert re.search(r"รับ ๓ ส่ง ๒", html)


def test_an_auditor_sees_it_an_admin_does_not_and_another_entity_sees_its_own(desk):
    assert desk.signed_in(AUDITOR).get("/overview").status_code == 200
    assert desk.signed_in(ADMIN).get("/overview").status_code == 403
    html = plain(desk.signed_in(TOWN_OFFICER).get("/overview").text)
    assert "มากสุดวันละ ๐" in html


def test_what_is_to_be_reported_is_listed(desk):
    client = desk.signed_in()
    assert "ไม่มีเรื่องที่ต้องรายงาน" in client.get("/overview/due").text
    with desk.runtime.database.write() as session:
        own = directory.entity_by_code(session, "phrae")
        key = BookKey(own.id, "", "received", "ordinary", 2569)
        late = desk.clock.now() - timedelta(days=1)
        content = EntryFields(subject="<b>รายงาน</b> ผล", due=late)
        entries.write(session, key, None, content, OFFICER, desk.clock)
    html = client.get("/overview/due").text
    assert "&lt;b&gt;" in plain(html)
    assert "เกินกำหนด" in html


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(5, "ไม่ถึงนาที"), (600, "10 นาที"), (2 * 3600, "2 ชั่วโมง"), (3 * 86400, "3 วัน")],
)
def test_times_are_said_as_people_do(seconds, said):
    assert spent(timedelta(seconds=seconds)) == said
