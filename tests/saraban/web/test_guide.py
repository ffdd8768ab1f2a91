"""The guide of the pages: its little Markdown, and that the documents hold the same."""

import re
from pathlib import Path

from saraban.web import guide
from saraban.web.guide import topics

_OFFICERS = Path(__file__).parents[3] / "docs" / "OFFICERS.md"


def test_the_document_for_officers_holds_every_topic_word_for_word():
    document = _OFFICERS.read_text(encoding="utf-8")
    for topic in topics().values():
        assert re.sub("^#", "##", topic.text, flags=re.MULTILINE) in document, topic.name


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
