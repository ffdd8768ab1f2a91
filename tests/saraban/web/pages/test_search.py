"""ค้นหา without script: what is found by whom, how it is shown, and what is said of nothing."""

import re
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import quote

import pytest

from registry import directory, readings
from tests.saraban.office import OFFICER, SECRETS
from tests.saraban.web import shelves
from tests.saraban.web.desk import WebDesk, copied
from tests.saraban.web.seed import ADMIN, CIRCULAR, DOUBLE, HOSTILE, SECRET, TOWN_OFFICER, waiting


@pytest.fixture(scope="module")
def desk(seeded, tmp_path_factory) -> Iterator[WebDesk]:
    """The office with its index, served once for all tests here; none of them changes a letter."""
    office = copied(seeded, tmp_path_factory.mktemp("search") / "phrae")
    shelves.fill(office)
    with WebDesk(office).serving() as running:
        yield running


@pytest.fixture(scope="module")
def client(desk):
    """An officer."""
    return desk.signed_in()


def plain(html):
    """Give a page's text as it is read: without marks, words and places to break."""
    return re.sub(r"<wbr>|</?(?:span|mark|b)\b[^>]*>", "", html)


def found(client, line="", **clicks):
    """Search, and give the page's answer."""
    answer = client.get("/search", params={"q": line} | clicks)
    assert answer.status_code == 200
    return answer.text


def subjects(html):
    """Give the subjects that are listed, in order."""
    return [plain(one) for one in re.findall(r"<h2><a [^>]*data-row[^>]*>(.*?)</a></h2>", html)]


def chips(html):
    """Give what the page says that is searched for."""
    return [plain(one).strip() for one in re.findall(r'<li class="chip">(.*?)<a ', html)]


@pytest.mark.parametrize("line", ["พักพิง", "มท ๐๘๑๐.๗/๗๗๗๗", "มท0810.7/7777", "นาแหลม", "บัญชีศูนย์"])
def test_a_letter_is_found_by_words_number_file_name_and_text_of_a_file(client, line):
    assert shelves.FLOOD in subjects(found(client, line))


def test_the_place_that_matched_is_marked_as_it_was_written_and_says_in_which_file(client):
    html = found(client, "บ้านนาแหลม 120")
    assert "ในไฟล์ บัญชีศูนย์พักพิง.pdf:" in plain(html)
    marks = "".join(re.findall(r"<mark>(.*?)</mark>", html))
    assert "บ้านนาแหลม" in marks
    assert "๑๒๐" in marks


def test_a_row_says_number_date_parties_urgency_and_state(client):
    html = plain(found(client, "คู่มือสำหรับประชาชน"))
    for said in ("มท ๐๘๑๐.๗/ว ๓๙๗๔", "๑๖ ก.ย. ๒๕๖๒", "ด่วนที่สุด", "รอลงรับ", "กรมส่งเสริม"):
        assert said in html, said
    assert CIRCULAR in subjects(found(client, "คู่มือสำหรับประชาชน"))[0]


def test_the_line_is_explained_by_chips_that_can_be_taken_away(client):
    html = found(client, "จาก ส่งเสริม อุทกภัย ปี 2569", files="yes")
    assert chips(html) == ["จาก ส่งเสริม", "มีคำว่า อุทกภัย", "ปี ๒๕๖๙", "เฉพาะ มีไฟล์"]
    href = re.search(r'href="([^"]*)"[^>]*aria-label="เอาออก: ปี 2569"', html)
    assert chips(client.get(href[1].replace("&amp;", "&")).text) == [
        "จาก ส่งเสริม", "มีคำว่า อุทกภัย", "เฉพาะ มีไฟล์",
    ]  # fmt: skip


def test_a_click_narrows_and_a_second_one_leads_out(client):
    everything, waits = found(client, "ประชุม"), found(client, "ประชุม", kind="waiting")
    assert subjects(waits) == [DOUBLE]
    assert len(subjects(everything)) == 2
    out = re.search(r'href="([^"]*)"[^>]*aria-current="true">รอลงรับ', plain(waits))
    assert out[1] == f"/search?q={quote('ประชุม')}"


def test_a_click_stands_above_what_the_line_says(client):
    html = found(client, "ประชุม ทะเบียนส่ง", book="received")
    assert chips(html) == ["มีคำว่า ประชุม", "เฉพาะ ทะเบียนรับ"]
    assert len(subjects(html)) == 1


@pytest.mark.parametrize(
    "clicks",
    [
        {"book": "x"},
        {"year": "9999"},
        {"year": "๒๕๖๙'"},
        {"kind": "secret"},
        {"unit": "' OR 1=1--"},
    ],
)
def test_a_click_that_nobody_offered_is_left_out(client, clicks):
    assert chips(found(client, "ประชุม", **clicks)) == ["มีคำว่า ประชุม"]


def test_a_whole_number_stands_on_top_and_is_ready_to_be_opened(client, desk):
    received = desk.office.received()[0]
    html = found(client, f"รับ {received['number']}/{received['year']}")
    assert subjects(html)[0] == received["subject"]
    assert re.search(r"data-row data-exact autofocus", html)
    assert "เลขตรงกับที่ค้น" in html
    assert "data-exact" not in found(client, "ประชุม")


def test_a_digest_finds_the_letter_that_has_the_file(client):
    html = found(client, sha256(shelves.FILE).hexdigest())
    assert subjects(html) == [shelves.FLOOD]
    assert chips(html)[0].startswith("ไฟล์ที่มีรหัส SHA-256")
    assert "ไฟล์ที่สแกนใหม่" not in html
    assert "ทุกไบต์" in found(client, "a" * 64)


def test_nothing_found_says_what_was_searched_and_offers_what_is_near(client):
    html = found(client, "ศูนย์พักพึง")
    assert "ไม่พบหนังสือ" in html
    assert re.search("ของหนังสือ [๐-๙]+ ฉบับแล้ว", html)
    assert "ยังไม่มีข้อความ เช่น ภาพสแกน" in html
    offer = re.search(r'<a class="button" href="(/search[^"]*)" data-find>', html)
    assert shelves.FLOOD in subjects(client.get(offer[1].replace("&amp;", "&")).text)


def test_more_is_shown_page_by_page_and_each_letter_once(client):
    html = found(client, kind="waiting")
    first = subjects(html)
    assert len(first) == 20
    total = re.search(r'id="found" role="status">พบ ([๐-๙]+) ฉบับ', html)
    more = re.search(r'id="more"><a class="button" href="([^"]*)"', html)
    rest = client.get(more[1].replace("&amp;", "&")).text
    assert len(first) + len(subjects(rest)) == int(total[1])
    assert "กลับไปหน้าแรก" in rest
    links = re.findall(r'<h2><a href="([^"]*)"', html + rest)
    assert len(set(links)) == len(links)


def test_a_cursor_of_somebody_else_begins_anew(client):
    assert len(subjects(found(client, kind="waiting", after="1.2.3"))) == 20


def test_hostile_subjects_names_and_texts_are_only_text(client):
    html = found(client, "onerror") + found(client, "ช่อแฮ") + found(client, HOSTILE)
    assert "<img" not in html
    assert "alert(" in html
    assert not re.search(r"<script(?! src=)", html)
    assert HOSTILE[:20] not in html


@pytest.mark.parametrize(
    "line",
    [
        "' OR '1'='1", '"', '"ครึ่งเดียว', "NEAR(a b, 3)", "subject:แพร่ AND *", "%", "_", "\\",
        "a* OR b", "-", "--", "- -งบ", "'; DROP TABLE letter;--", "\x00\x1f\x1e", "{{7*7}}", "ๆ",
        "ั", "()", "\ud83d\ude00",
    ],
)  # fmt: skip
def test_no_line_is_an_error(client, line):
    answer = client.get("/search", params={"q": line.encode("utf-8", "surrogatepass")})
    assert answer.status_code == 200
    assert "49" not in re.findall(r'value="([^"]*)"', answer.text)


def test_ten_thousand_characters_are_cut_and_told(client):
    answer = client.get("/search", params={"q": "งบ ab " * 1700})
    assert "คำค้นยาวเกินไป" in answer.text
    assert "มีคำค้นมากเกินไป" in answer.text
    assert answer.num_bytes_downloaded < 20_000


def test_bytes_that_are_no_text_are_no_error(client):
    assert client.get("/search?q=%ff%fe%e0%b8").status_code == 200


def test_mistakes_are_explained(client):
    assert "ไม่ใช่ปี" in found(client, "ปี กุน")
    assert "ไม่ครบคู่" in found(client, '"ขอเชิญ')
    assert "จึงแสดงทุกฉบับที่ไม่มีคำเหล่านี้" in found(client, "-ประชุม")
    assert "สลับวันที่ให้แล้ว" in found(client, "ตั้งแต่ 5 ตุลาคม 2568 ถึง 1 ตุลาคม 2568")


def test_another_entity_finds_and_hears_nothing_of_it(desk):
    town = desk.signed_in(TOWN_OFFICER)
    html = found(town, "พักพิง")
    assert subjects(html) == []
    assert "ของหนังสือ ๐ ฉบับแล้ว" in html or shelves.FLOOD not in plain(html)
    assert 'class="button" href' not in html


def test_a_unit_of_another_entity_is_no_click(desk, client):
    assert "กลุ่มงานส่งเสริม" in plain(found(client))
    assert "กลุ่มงานส่งเสริม" not in plain(found(desk.signed_in(TOWN_OFFICER)))


def test_secret_entries_are_found_by_the_cleared_alone(desk, client):
    words = SECRET[:12]
    assert subjects(found(client, words)) == []
    assert 'href="/search?kind=secret"' not in found(client)
    assert 'href="/search?kind=secret"' in found(desk.signed_in(SECRETS))


def test_an_admin_has_no_box_and_no_answer(desk):
    admin = desk.signed_in(ADMIN)
    assert admin.get("/search?q=a").status_code == 403
    assert 'role="search"' not in admin.get("/account").text


def test_the_box_is_in_the_head_of_other_pages(client):
    assert '<form class="find" role="search" action="/search"' in client.get("/inbox").text


def test_an_empty_box_shows_what_was_opened_last(desk, client):
    letter = waiting(desk.office, shelves.FLOOD)
    client.get(f"/inbox/{letter.id}")
    html = found(client)
    assert "ที่เปิดดูล่าสุด" in html
    assert subjects(html)[0] == shelves.FLOOD
    assert subjects(found(desk.signed_in(SECRETS))) == []


def test_a_search_is_written_down_by_count_and_not_by_content(desk, client):
    found(client, "พักพิง")
    with desk.runtime.database.read() as session:
        phrae = directory.entity_by_code(session, "phrae")
        looks = readings.listing(session, phrae.id)
    last = next(one for one in looks if one.what == "search")
    assert last.who == OFFICER
    assert "พักพิง" not in last.detail


def test_a_piece_for_the_list_is_small_and_carries_the_total(client):
    answer = client.get("/search", params={"q": "พักพิง"}, headers={"HX-Target": "results"})
    assert "<html" not in answer.text
    assert 'hx-swap-oob="innerHTML">พบ ๑ ฉบับ' in answer.text


def test_the_guide_is_served_from_here(client):
    html = client.get("/help/search").text
    assert "จาก แพร่" in plain(html)
    assert client.get("/help/..%2f..%2fsaraban.toml").status_code == 404
    assert client.get("/help/nothing").status_code == 404
    assert 'href="/help/search"' in found(client)
