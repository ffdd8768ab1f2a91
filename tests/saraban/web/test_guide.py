"""The guide of the pages: its little Markdown, and that the documents hold the same."""

import io
import re
from pathlib import Path

from pypdf import PdfReader

from saraban.web import guide
from saraban.web.guide import topics
from saraban.web.nav import MENU

_OFFICERS = Path(__file__).parents[3] / "docs" / "OFFICERS.md"
_LINK = "../saraban/web/help/pictures/"
_PICTURES = _OFFICERS.parent / _LINK


def test_the_document_for_officers_holds_every_topic_word_for_word():
    document = _OFFICERS.read_text(encoding="utf-8")
    for topic in topics().values():
        text = re.sub("^#", "##", topic.text, flags=re.MULTILINE)
        assert text.replace("](pictures/", f"]({_LINK}") in document, topic.name


def test_every_topic_has_its_small_picture_with_words_for_who_cannot_see_it():
    shown = {}
    for topic in topics().values():
        assert re.search(r'<img src="/static/[\w.-]+\.webp" alt="[ก-๙][^"]+"', topic.html), (
            topic.name
        )
    for topic in [*topics().values(), guide.clerks()]:
        shown |= dict.fromkeys(re.findall(r"\]\(pictures/([\w.-]+)\)", topic.text), topic.name)
    assert {path.name for path in _PICTURES.iterdir()} == set(shown)
    sizes = [path.stat().st_size for path in _PICTURES.iterdir()]
    assert max(sizes) <= 60_000
    assert sum(sizes) <= 1_000_000


def test_each_page_leads_to_the_topic_about_it(desk):
    client = desk.signed_in()
    for path in ("/inbox", "/counter", "/send", "/drafts", "/follow", "/books/received"):
        assert f'href="{guide.about(path)}">วิธีใช้' in client.get(path).text
        assert client.get(guide.about(path)).status_code == 200
    assert guide.about("/menu") == "/help"


def test_each_page_of_the_menu_has_a_topic_and_each_topic_its_place():
    assert [item.path for item in MENU if guide.about(item.path) == "/help"] == []
    assert set(guide._ABOUT.values()) <= set(topics())
    assert set(topics()) == set(guide._DAY)


def test_a_picture_of_the_guide_is_served_from_here(desk):
    client = desk.signed_in()
    address = re.search(r'<img src="([^"]+)"', client.get("/help/receive").text)
    answer = client.get(address[1])
    assert answer.headers["content-type"] == "image/webp"
    assert answer.content[8:12] == b"WEBP"


def test_the_document_for_clerks_is_what_the_page_shows():
    document = (_OFFICERS.parent / "CLERKS.md").read_text(encoding="utf-8")
    assert guide.clerks().text.replace("](pictures/", f"]({_LINK}") == document
    assert len(re.findall(r"<img src", guide.clerks().html)) == 2


def test_the_guide_for_clerks_is_two_printed_pages(desk, page):
    page.goto("/help")
    page.get_by_role("link", name="สำหรับเจ้าหน้าที่ธุรการ").click()
    page.wait_for_load_state()
    page.get_by_role("button", name="พิมพ์").wait_for()
    printed = page.pdf(prefer_css_page_size=True)
    assert len(PdfReader(io.BytesIO(printed)).pages) == 2


def test_steps_and_quotations_become_html():
    html = guide._topic("ก", "# ก\n\n1. หนึ่ง\n2. **สอง**\n\n> คำ\n").html
    assert "<ol><li>หนึ่ง</li><li><b>สอง</b></li></ol>" in re.sub("<wbr>|</?span[^>]*>", "", html)
    assert "<blockquote>คำ</blockquote>" in html


def test_headings_lists_tables_and_code_become_html():
    text = "# ก\n\nย่อ\nหน้า **หนา**\n\n## ข\n\n- หนึ่ง\n- `สอง`\n\n"
    text += "| a | b |\n| --- | --- |\n| ค | `ง` |\n"
    made = guide._topic("ก", text)
    assert made.title == "ก"
    html = re.sub("<wbr>|</?span[^>]*>", "", made.html)
    assert "<p>ย่อ หน้า <b>หนา</b></p>" in html
    assert "<h2>ข</h2>" in html
    assert "<ul><li>หนึ่ง</li><li><code>สอง</code></li></ul>" in html
    assert '<th scope="col">a</th>' in html
    assert "<td><code>ง</code></td>" in html


def test_whatever_else_is_written_there_is_text():
    made = guide._topic("x", "# x\n\n<script>1</script> `<img>` **<b>**\n")
    assert "<script>" not in made.html
    assert "<img>" not in made.html
