"""Why a mail did not arrive, in words a clerk can act on."""

import pytest

from gateway.outbound import answer
from gateway.outbound.answer import Answer, Fate
from gateway.outbound.reasons import in_thai


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        (550, "5.1.1 no such user", "ไม่มีที่อยู่"),
        (550, "5.1.10 null MX", "ไม่มีที่อยู่"),
        (552, "5.2.2 mailbox full", "เต็ม"),
        (452, "4.2.2 mailbox full", "เต็ม"),
        (552, "5.3.4 too big", "ใหญ่เกิน"),
        (552, "message size exceeds", "ใหญ่เกิน"),
        (550, "5.7.1 rejected by policy", "ปฏิเสธผู้ส่ง"),
        (550, "5.4.4 no route", "เส้นทาง"),
        (550, "go away", "ไม่รับอีเมลถึงที่อยู่นี้"),
        (554, "transaction failed", "ปฏิเสธอีเมลฉบับนี้"),
        (451, "try later", "ยังไม่รับ"),
    ],
)
def test_a_reply_is_told_in_the_clerks_words(code, text, words):
    assert words in in_thai(answer.read(code, text))


def test_a_host_out_of_reach_is_the_administrators_matter():
    assert "ผู้ดูแลระบบ" in in_thai(answer.shut(None, "connection refused"))


def test_a_reply_is_one_short_line_in_the_history():
    said = Answer(Fate.REFUSED, 550, "first line\nsecond\x00 line\t" + "x" * 900)
    assert said.line.startswith("550 first line second")
    assert len(said.line) == 500
    assert "\n" not in said.line
