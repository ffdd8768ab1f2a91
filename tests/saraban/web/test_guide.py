"""The guide of the pages: its little Markdown, and that the documents hold the same."""

import re
from pathlib import Path

from saraban.web import guide
from saraban.web.guide import topics

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
    assert guide.about("/account") == "/help"


def test_a_picture_of_the_guide_is_served_from_here(desk):
    client = desk.signed_in()
    address = re.search(r'<img src="([^"]+)"', client.get("/help/receive").text)
    answer = client.get(address[1])
    assert answer.headers["content-type"] == "image/webp"
    assert answer.content[8:12] == b"WEBP"


def test_the_pictures_in_the_clerks_guide_are_there():
    text = (_OFFICERS.parent / "CLERKS.md").read_text(encoding="utf-8")
    found = re.findall(r"!\[[ก-๙][^]]+\]\(([^)]+)\)", text)
    assert len(found) == 2
    assert all((_OFFICERS.parent / path).stat().st_size <= 60_000 for path in found)


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
