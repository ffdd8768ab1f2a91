"""Drafts, numbers and the queue: what an officer does with letters that go out."""

import pytest

from tests.saraban.office import CLERK, DLA, OFFICER


def sent(office):
    return office.data("register", "list", "--book", "sent")


def accepted(office):
    """Send a letter of the clerk's to กรมส่งเสริมฯ, and give its entry."""
    office.run("letter", "accept", office.draft(), "--by", OFFICER)
    return sent(office)[-1]


def job_of(office, kind="letter"):
    return next(one for one in office.data("queue", "list", "--all") if one["kind"] == kind)


def reserve(office, *options):
    return office.run("number", "reserve", "--by", OFFICER, *options).stdout.strip()


def test_a_draft_is_numbered_and_queued_when_an_officer_accepts_it(office):
    done = office.run("letter", "accept", office.draft(), "--by", OFFICER)
    assert "ส่งแล้ว เลขที่ พร ๐๐๒๓/๑" in done.stderr
    [entry] = sent(office)
    assert entry["deliveries"][0]["to"] == DLA
    assert job_of(office)["entry"] == entry["id"]


def test_a_draft_is_not_corrected_in_passing(office):
    draft = office.draft()
    office.run("letter", "accept", draft, "--by", OFFICER, "--subject", "อื่น", code=2)
    assert sent(office) == []


def test_a_draft_goes_back_to_its_clerk_with_a_reason(office):
    office.run("letter", "return", office.draft(), "--by", OFFICER, "--reason", "ขาดลายมือชื่อ")
    assert office.waiting() == []
    assert sent(office) == []


def test_a_draft_leaves_under_a_reserved_number(office):
    reserved = reserve(office, "--subject", "ขอเชิญประชุม")
    assert sent(office)[0]["state"] == "reserved"
    office.run("number", "use", reserved, office.draft(), "--by", OFFICER)
    [entry] = sent(office)
    assert (entry["id"], entry["state"], entry["number"]) == (reserved, "registered", 1)


def test_a_reserved_number_may_be_named_by_its_place(office):
    reserve(office)
    place = f"ส่ง/1/{sent(office)[0]['year']}"
    office.run("number", "use", place, office.draft(), "--by", OFFICER)
    assert sent(office)[0]["state"] == "registered"


def test_a_number_is_used_once(office):
    reserved = reserve(office)
    office.run("number", "use", reserved, office.draft(), "--by", OFFICER)
    office.run("number", "use", reserved, office.draft("เรื่องอื่น"), "--by", OFFICER, code=1)
    assert len(sent(office)) == 1


def test_a_void_number_stays_with_reason_and_is_never_given_again(office):
    office.run("number", "void", reserve(office), "--by", OFFICER, "--reason", "พิมพ์ผิด")
    assert "ยกเลิก: พิมพ์ผิด" in office.run("register", "list", "--book", "sent").stdout
    reserve(office)
    assert [(one["number"], one["state"]) for one in sent(office)] == [
        (1, "void"), (2, "reserved")
    ]  # fmt: skip


def test_voiding_twice_says_who_did_it(office):
    reserved = reserve(office)
    for code in (0, 1):
        done = office.run(
            "number", "void", reserved, "--by", OFFICER, "--reason", "พิมพ์ผิด", code=code
        )
    assert OFFICER in done.stderr


def test_a_clerk_voids_nothing(office):
    office.run("number", "void", reserve(office), "--by", CLERK, "--reason", "ลอง", code=1)


def test_a_letter_that_waits_has_no_number_to_void(office):
    office.run("number", "void", office.draft(), "--by", OFFICER, "--reason", "ลอง", code=1)


def test_a_book_begins_where_the_office_stands(office):
    office.run("number", "start", "4971", "--book", "sent", "--entity", "phrae")
    reserve(office)
    assert sent(office)[0]["number"] == 4971


def test_a_book_is_started_once_and_never_after_a_number(office):
    office.run("number", "start", "10", "--book", "sent")
    office.run("number", "start", "20", "--book", "sent", code=1)
    office.receive()
    office.run("number", "start", "20", "--book", "received", code=1)


def test_a_number_reserved_for_another_year_is_refused(office):
    office.run("number", "reserve", "--by", OFFICER, "--date", "1 มกราคม 2560", code=1)
    assert sent(office) == []


def test_a_letter_is_taken_back_before_it_left_and_keeps_its_number(office):
    entry = accepted(office)
    office.run("letter", "undo", entry["id"], "--by", OFFICER)
    assert sent(office)[0]["state"] == "reserved"
    assert len(office.waiting()) == 1


def test_a_sent_letter_is_recalled_with_a_reason_and_its_number_stays(office):
    entry = accepted(office)
    office.run("letter", "recall", entry["id"], "--by", OFFICER, "--reason", "ส่งผิดแห่ง")
    [entry] = sent(office)
    assert entry["deliveries"][0]["state"] == "withdrawn"
    assert entry["state"] == "registered"


def test_a_recall_without_a_reason_is_wrong_usage(office):
    office.run("letter", "recall", accepted(office)["id"], "--by", OFFICER, code=2)


def test_the_queue_says_what_waits_in_thai(office):
    accepted(office)
    shown = office.run("queue", "list").stdout
    assert "หนังสือ" in shown
    assert DLA in shown


def test_an_empty_queue_is_said_in_words_or_as_an_empty_array(office):
    assert office.run("queue", "list").stdout == "ไม่มีจดหมายค้างส่ง\n"
    assert office.data("queue", "list") == []


def test_a_job_is_held_and_released(office):
    accepted(office)
    job = job_of(office)["id"]
    office.run("queue", "hold", job, "--by", OFFICER)
    assert job_of(office)["state"] == "held"
    office.run("queue", "hold", job, "--release")
    assert job_of(office)["state"] == "queued"


def test_a_held_job_leaves_at_once_when_told_to_retry(office):
    accepted(office)
    job = job_of(office)["id"]
    office.run("queue", "hold", job)
    office.run("queue", "retry", job)
    assert job_of(office)["state"] == "queued"


def test_a_dropped_job_is_given_up_for_good_by_somebody(office):
    accepted(office)
    job = job_of(office)["id"]
    office.run("queue", "drop", job, "--reason", "ปลายทางยุบแล้ว", code=2)
    office.run("queue", "drop", job, "--by", OFFICER, "--reason", "ปลายทางยุบแล้ว")
    assert sent(office)[0]["deliveries"][0]["state"] == "failed"
    office.run("queue", "retry", job, code=1)


@pytest.mark.parametrize("act", ["hold", "retry"])
def test_an_unknown_job_is_not_found(office, act):
    office.run("queue", act, "aaaaaaaaaaaaaaaa", code=1)


def test_what_persons_do_with_jobs_does_not_break_the_proof(office):
    accepted(office)
    job = job_of(office)["id"]
    office.run("queue", "hold", job, "--by", OFFICER)
    office.run("queue", "drop", job, "--by", OFFICER, "--reason", "ลอง")
    office.run("proof")
