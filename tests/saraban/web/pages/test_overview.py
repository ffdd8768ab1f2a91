"""ภาพรวม without script: its figures lead to their lists."""

import re
from datetime import timedelta

import pytest

from registry import directory, entries
from registry.entries import BookKey, EntryFields
from saraban.web.pages.overview import spent
from tests.saraban.office import OFFICER
from tests.saraban.web.pages.test_inbox import plain
from tests.saraban.web.seed import ADMIN, AUDITOR, TOWN_OFFICER


def test_the_figures_are_those_of_the_lists_and_every_link_leads_somewhere(desk):
    client = desk.signed_in()
    html = client.get("/overview").text
    assert "เกินกำหนดตอบรับ" in html
    main = html.partition('<main id="main"')[2]
    for path in sorted(set(re.findall(r'href="(/[^"#]*)"', main)))[:12]:
        assert client.get(path.replace("&amp;", "&")).status_code == 200, path


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
