"""The answer without the history below it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.inbound import own_text as subject
from gateway.inbound.own_text import own_text
from gateway.quoting import REPLY_LINE

ANSWER = "รับทราบค่ะ\n\nจะดำเนินการต่อไป"

HISTORIES = [
    "On Fri, Oct 3, 2025 at 10:42 AM Saraban <saraban@phrae.example> wrote:\n> เดิม",
    "On Fri, 3 Oct 2025 at 10:42, สารบรรณ จังหวัดแพร่\n<saraban@phrae.example> wrote:\n> เดิม",
    "เมื่อ ศ. 3 ต.ค. 2568 เวลา 10:42 สารบรรณ <saraban@phrae.example> เขียนว่า:\n> เดิม",
    "ในวันที่ ศ. 3 ต.ค. 2568 เวลา 10:42 สารบรรณ <saraban@phrae.example>\nเขียนว่า:\n\n> เดิม",
    "เมื่อ 3 ตุลาคม 2568 10:42 น. สารบรรณ ได้เขียนว่า:\nเดิม",
    "-----Original Message-----\nFrom: x\nเดิม",
    "----- ข้อความต้นฉบับ -----\nเดิม",
    "---------- Forwarded message ---------\nเดิม",
    "________________________________\nFrom: Saraban <a@b.c>\nSent: Fri\nTo: x\nSubject: y\nเดิม",
    "จาก: สารบรรณ <a@b.c>\nส่ง: 3 ตุลาคม 2568 10:42\nถึง: กองคลัง\nเรื่อง: คู่มือ\n\nเดิม",
    "*From:* Saraban\n*Date:* x\n*To:* y\nเดิม",
    "> เดิม\n> เดิม",
    f"{REPLY_LINE}\nเดิม",
    f"> {REPLY_LINE}\n> เดิม",
    f"On Friday somebody wrote:\n\n{REPLY_LINE}\nเดิม",
    "-- \nสมศรี\nกองคลัง",
    "ส่งจาก iPhone ของฉัน\n\nOn Fri, x wrote:\n> เดิม",
    "Sent from my iPhone",
]


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_history_is_cut_off_whatever_client_wrote_it(history, gap):
    assert own_text(ANSWER + gap + history) == ANSWER


@pytest.mark.parametrize("history", HISTORIES)
def test_history_alone_is_no_answer(history):
    assert own_text(history) == ""


def test_answers_between_quoted_lines_are_kept():
    assert own_text("> หนึ่ง\nเห็นชอบ\n> สอง\nไม่ขัดข้อง") == "เห็นชอบ\nไม่ขัดข้อง"


@pytest.mark.parametrize(
    "text",
    [
        "เรื่อง ขอส่งคู่มือ\nเรียน ผู้ว่าราชการจังหวัดแพร่\nอ้างถึง หนังสือกรม ที่ มท ๐๘๑๐.๓/ว ๔๙๗๑",
        "ตามหนังสือวันที่ 3 ตุลาคม 2568 แจ้งว่า: ให้ดำเนินการ",
        "จาก: ผู้ว่าราชการจังหวัด\nขอให้ทุกหน่วยดำเนินการ",
        "On Monday we meet.\nBring the papers.",
        "a -- b\n--- ร่าง ---",
    ],
)
def test_words_of_a_letter_are_not_taken_for_history(text):
    assert own_text(text) == text


def test_a_long_text_without_history_does_not_take_long():
    started = time.process_time()
    own_text("On and on it goes : < @ and nobody wrote\n" * 50_000)
    assert time.process_time() - started < 5


LINES = [
    "--", "-- ", "---", "-----Original Message-----", "From: x", "FROM : a", "*From:* b", "จาก: ก",
    "จาก", "ผู้ส่ง : ข", "Sent: x", "To: y", "ส่ง: ก", "ถึง: ค", "On Fri, a", "wrote:", "wrote :",
    "wrote", "<a@b.c>", "เขียนว่า:", "เขียน", ":", "เมื่อ 3 ตุลาคม", "Le lundi", "a écrit :", "a",
    "escribió:", "schrieb:", ">", "> x", REPLY_LINE, f"> {REPLY_LINE}", "โปรด",
    "โปรดเขียน คำ-ตอบเหนือ——บรรทัดนี้", "Sent from my iPhone", "_" * 12, "", " ", "words",
]  # fmt: skip
ENDS = ["\n", "\r\n", " ", "", "\u2028", "\x85", "\x1c"]


@given(st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(ENDS)), max_size=14))
@settings(max_examples=300)
def test_looking_for_what_may_be_there_first_changes_nothing(pieces):
    """Against the same with every kind of line asked for in every text."""
    text = "".join(line + end for line, end in pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subject, "_that_may_be", lambda _, kinds: [test for _, test in kinds])
        slow = own_text(text)
    assert own_text(text) == slow


def test_a_text_without_history_is_given_back_itself():
    assert own_text(ANSWER) is ANSWER


@given(st.text(st.sampled_from("a \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029ก"), max_size=30))
def test_a_text_that_quotes_nothing_is_its_lines_without_the_blanks_around_them(text):
    lines = text.splitlines()
    assert own_text(text) == "\n".join(lines).strip()
