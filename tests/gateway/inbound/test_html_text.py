"""HTML read as a person would, and never run."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.inbound.html_text import html_to_text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>เรียน ผู้ว่า</p><p>ตามที่</p>", "เรียน ผู้ว่า\n\nตามที่"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("a &amp; b &lt;c&gt; &nbsp;d &#3585;", "a & b <c> d ก"),
        ("<script>alert(1)</script>x<style>p{}</style><!-- y -->", "x"),
        ("<script>never closed", ""),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<tr><td>ที่ มท ๑</td><td> ลับ\nมาก </td><td>กรม</td></tr>", "ที่ มท ๑\nลับ มาก\nกรม"),
        ("<tr><td>ไม่</td><td>กลับ</td></tr>", "ไม่ กลับ"),
        ("x < y and y > z", "x < y and y > z"),
        ("<a href='javascript:x'>รับทราบ</a>", "รับทราบ"),
        ("<html><head><title>t</title></head><body>x", "x"),
        ("ก\n  ข", "ก ข"),
        ("", ""),
    ],
)
def test_tags_go_and_text_stays(source, expected):
    assert html_to_text(source) == expected


def test_quotation_gets_the_mark_of_plain_mail():
    source = "<p>รับทราบ</p><blockquote>เดิม<blockquote>เก่า</blockquote></blockquote>ท้าย"
    assert html_to_text(source).splitlines() == ["รับทราบ", "", "> เดิม", ">> เก่า", "ท้าย"]


@pytest.mark.parametrize("unit", ["<", "<a ", "<!--", "<script>", "&", "&#", "</", "<blockquote>"])
def test_no_page_takes_long(unit):
    started = time.process_time()
    html_to_text(unit * 100_000)
    assert time.process_time() - started < 5


@given(st.text("<>/!-abp &;#\"'=\n") | st.text())
def test_no_page_breaks_the_reader(source):
    html_to_text(source)
