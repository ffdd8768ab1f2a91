"""Calls, letters sent back, recalls, unread letters, reserved numbers: as officers type them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from registry.desk.overdue import mark_overdue
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryRow
from tests.saraban.office import CLERK, DLA, OFFICER, SECRETS


def change(office, model, **values):
    runtime = office.runtime()
    with runtime.database.write() as session:
        session.execute(update(model).values(**values))
    runtime.close()


def acknowledged(office):
    return [
        one for one in office.data("queue", "list", "--all") if one["kind"] == "acknowledgement"
    ]


@pytest.fixture
def late(office):
    """A letter to กรมส่งเสริมฯ that was sent a fortnight ago, and never acknowledged."""
    office.run("letter", "accept", office.draft(), "--by", OFFICER)
    sent = datetime.now(UTC) - timedelta(days=14)
    change(office, DeliveryRow, state="sent", at=sent)
    runtime = office.runtime()
    with runtime.database.write() as session:
        mark_overdue(session, runtime.desk, runtime.clock.now())
    runtime.close()
    return office.data("register", "list", "--book", "sent")[-1]


def test_the_call_list_and_a_call_that_registers_the_letter(office, late):
    office.run("entity", "edit", "dla", "--phone", "0 2241 9000", "--by", OFFICER)
    [one] = office.data("calls", "list", "--entity", "phrae")
    assert (one["entry"], one["why"], one["phone"]) == (late["id"], "overdue", "0 2241 9000")
    assert one["late_seconds"] >= 0
    assert "0 2241 9000" in office.run("calls", "list").stdout
    said = office.data(
        "calls", "done", str(one["delivery"]), "--by", OFFICER, "--spoke-to", "คุณมาลี",
        "--result", "ลงรับแล้ว", "--remote-number", "๒๒๓๑/๒๕๖๘",
    )  # fmt: skip
    assert said["state"] == "registered"
    shown = office.run("letter", "show", late["id"]).stdout
    assert "เลขรับ ๒๒๓๑/๒๕๖๘" in shown
    assert "โทร. ถึง คุณมาลี: ลงรับแล้ว" in shown
    assert office.data("calls", "list") == []


def test_a_call_says_whom_they_spoke_to_or_that_nobody_answered(office, late):
    delivery = str(office.data("calls", "list")[0]["delivery"])
    act = ("calls", "done", delivery, "--by", OFFICER, "--result", "ก")
    office.run(*act, code=2)
    office.run(*act, "--spoke-to", "ข", "--no-answer", code=2)
    office.run(*act, "--no-answer")
    assert office.data("calls", "list")[0]["tries"] == 1
    refused = office.run(
        "calls", "done", "999", "--by", OFFICER, "--result", "ก", "--no-answer", code=1
    )
    assert "ไม่พบรายการส่งนี้" in refused.stderr


def test_a_registered_letter_is_sent_back_and_keeps_its_number(office):
    office.receive()
    [entry] = office.received()
    done = office.run("letter", "return", entry["id"], "--by", OFFICER, "--reason", "ขาดเอกสาร")
    assert "ส่งคืนแล้ว" in done.stderr
    assert office.received()[0]["action"].endswith("ส่งคืนผู้ส่ง")
    office.run("letter", "wrong", entry["id"], "--by", OFFICER, "--reason", "ก", code=1)
    assert len(acknowledged(office)) == 2


def test_a_misdirected_letter_is_said_to_be_so(office):
    office.receive()
    entry = office.received()[0]["id"]
    told = office.data(
        "letter", "wrong", entry, "--misdirected", "--by", OFFICER, "--reason", "เป็นเรื่องของ สถ."
    )
    assert told["sender_told"] is True


def test_whoever_cannot_be_told_by_mail_is_named_as_such(office):
    office.receive("citizen@elsewhere.example", subject="ขอข้อมูล", trusted=False)
    waiting = office.waiting()[0]["id"]
    done = office.run("letter", "return", waiting, "--by", OFFICER, "--reason", "ไม่ใช่หนังสือ")
    assert "โปรดแจ้งผู้ส่งทางอื่น" in done.stderr


def test_the_right_receive_number_is_told_again(office):
    office.receive()
    entry = office.received()[0]["id"]
    office.run("letter", "correct-number", entry, "--told", "๙/๒๕๖๘", "--by", OFFICER)
    assert len(acknowledged(office)) == 2
    office.run("letter", "correct-number", entry, "--by", CLERK, code=1)


def test_a_disputed_number_needs_one_that_was_told(office, late):
    act = ("letter", "wrong-number", late["id"], "--by", OFFICER, "--reason", "ไม่ตรง")
    assert "ยังไม่ได้แจ้งเลขรับ" in office.run(*act, code=1).stderr
    change(office, DeliveryRow, state="registered", remote_number="7/2568")
    office.run(*act, "--to", "nobody", code=1)
    office.run(*act, "--to", "dla")
    assert [one["to"] for one in acknowledged(office)] == [DLA]


def test_nobody_answers_a_recall_that_was_not_asked_for(office):
    office.receive()
    entry = office.received()[0]["id"]
    said = office.run("letter", "agree-recall", entry, "--by", OFFICER, code=1).stderr
    assert "ไม่ได้ขอเรียกคืน" in said
    office.run("letter", "decline-recall", entry, "--by", OFFICER, "--reason", "ก", code=1)


def test_a_recalled_letter_that_has_left_stands_on_the_call_list(office, late):
    change(office, LetterRow, facts={})
    job = next(one for one in office.data("queue", "list", "--all") if one["kind"] == "letter")
    office.run("queue", "drop", job["id"], "--by", OFFICER, "--reason", "ส่งทางอื่น")
    change(office, DeliveryRow, state="sent")
    office.run("letter", "recall", late["id"], "--by", OFFICER, "--reason", "ผิดฉบับ")
    [one] = office.data("calls", "list")
    assert one["why"] == "recall"
    said = office.data(
        "calls", "done", str(one["delivery"]), "--by", OFFICER, "--spoke-to", "คุณมาลี",
        "--result", "คืนให้", "--given-back",
    )  # fmt: skip
    assert said["state"] == "withdrawn"


def test_a_letter_is_held_and_released(office):
    office.run("letter", "accept", office.draft(), "--by", OFFICER)
    entry = office.data("register", "list", "--book", "sent")[-1]["id"]
    assert "พักการส่งไว้ ๑ แห่ง" in office.run("letter", "hold", entry, "--by", OFFICER).stderr
    assert "ปล่อยให้ส่งต่อ ๑ แห่ง" in office.run("letter", "release", entry, "--by", OFFICER).stderr
    assert "ไม่มีส่วนที่พักไว้" in office.run("letter", "release", entry, "--by", OFFICER).stderr


def test_an_unread_letter_shows_nothing_until_somebody_opens_it(office):
    office.receive("citizen@elsewhere.example", subject="รายงานลับสุด ๆ", trusted=False)
    change(office, LetterRow, facts={"unread": True})
    [one] = office.waiting()
    assert one["subject"] == ""
    assert one["why_waiting"]
    assert "letter open" in office.run("letter", "original", one["id"], code=1).stderr
    assert "รายงานลับสุด" not in office.run("letter", "show", one["id"]).stdout
    assert office.data("letter", "waiting", "--as", SECRETS)[0]["subject"]
    office.run("letter", "open", one["id"], "--by", CLERK, code=1)
    office.run("letter", "open", one["id"], "--by", OFFICER)
    assert "รายงานลับสุด" in office.run("letter", "show", one["id"]).stdout
    office.run("letter", "mark-secret", one["id"], "--by", OFFICER, "--secrecy", "ลับมาก")
    assert office.waiting()[0]["state"] == "secret"


def test_reserved_numbers_that_nobody_used_are_listed(office):
    assert office.data("number", "reserved") == []
    reserved = office.run(
        "number", "reserve", "--by", OFFICER, "--subject", "เชิญประชุม"
    ).stdout.strip()
    assert [one["id"] for one in office.data("number", "reserved")] == [reserved]
    assert "เชิญประชุม" in office.run("number", "reserved", "--entity", "phrae").stdout
    assert office.data("number", "reserved", "--older-than", "7") == []
