"""Passing on, closing, opening again, correcting: what an office does with a line of its book."""

from datetime import date

import pytest

from registry import corrections, movements
from registry.books import bookform, booklines
from registry.desk.accept import accept
from registry.desk.amend import amend, confirm
from registry.desk.clear import clear
from registry.desk.close import close, reopen
from registry.desk.order import endorse
from registry.desk.pass_on import pass_on
from registry.desk.propose import propose, take_back
from registry.errors import Conflict, NotAllowed, NotFound, NotUnderstood
from registry.models.evidence import JournalRow
from registry.models.outgoing import OutboxRow
from registry.numbering import BookKey
from registry.outbox import Kind as Job
from tests.registry.desk.conftest import CLERK, FINANCE_BOX, LOCAL_BOX, OFFICER, SECRET_OFFICER, pdf

UNIT = "สำนักงานส่งเสริมการปกครองท้องถิ่น"


@pytest.fixture
def entry_id(house, mail):
    """A registered letter that went to no unit."""
    return house.one(mail(parts=[pdf()])).entry_id


def act(house, work, *args, **more):
    with house.database.write() as session:
        return work(session, house.desk, *args, **more)


def kinds(house, entry_id):
    with house.database.read() as session:
        return [one.kind for one in movements.of(session, entry_id)]


def test_a_unit_gets_its_copy_and_stands_under_what_is_done(house, entry_id):
    entry, boxes = act(house, pass_on, entry_id, CLERK, "local", "ดำเนินการ")

    assert (entry.action, boxes) == (f"ส่งให้ {UNIT}", 1)
    assert house.boxes(entry_id) == [LOCAL_BOX]
    (job,) = house.jobs(Job.COPY)
    assert job.facts["why"] == f"{CLERK} ส่งต่อ: ดำเนินการ"


def test_two_units_stand_one_after_the_other_and_the_same_one_once(house, entry_id):
    act(house, pass_on, entry_id, CLERK, "local")
    act(house, pass_on, entry_id, CLERK, "finance")
    entry, boxes = act(house, pass_on, entry_id, CLERK, "local", "ส่งซ้ำ")

    assert entry.action == f"ส่งให้ {UNIT}, ส่งให้ กลุ่มงานการเงิน"
    assert (boxes, sorted(house.boxes(entry_id))) == (1, [FINANCE_BOX, LOCAL_BOX, LOCAL_BOX])
    assert kinds(house, entry_id) == ["pass_on"] * 3


def test_copies_that_were_passed_on_go_again_when_their_files_are_let_out(house, mail):
    kept = house.one(mail(parts=[pdf()], scan="not_scanned"))
    act(house, pass_on, kept.entry_id, CLERK, "local")
    with house.database.write() as session:
        for row in session.query(OutboxRow).filter_by(kind="copy"):
            row.state = "sent"
    assert act(house, clear, kept.letter_id, OFFICER, "ตรวจแล้ว") == 1


def test_there_is_no_passing_on_to_a_unit_that_is_not(house, entry_id):
    with pytest.raises(NotFound):
        act(house, pass_on, entry_id, CLERK, "nowhere")


def test_a_secret_letter_is_not_passed_on_by_mail(house, mail):
    outcome = house.one(mail(parts=[pdf()], subject="[ลับ] แผน"))
    entry = act(house, accept, outcome.letter_id, SECRET_OFFICER)
    with pytest.raises(NotAllowed):
        act(house, pass_on, entry.id, OFFICER, "local")
    with pytest.raises(Conflict):
        act(house, pass_on, entry.id, SECRET_OFFICER, "local")


def test_a_matter_is_closed_once_and_says_how(house, entry_id):
    act(house, close, entry_id, CLERK, "noted", "แจ้งเวียนแล้ว")

    assert house.entry(entry_id).closed == house.clock.now()
    with house.database.read() as session:
        (step,) = movements.of(session, entry_id)
    assert (step.kind, step.text) == ("close", "ทราบ: แจ้งเวียนแล้ว")
    with pytest.raises(Conflict):
        act(house, close, entry_id, CLERK, "filed")


def test_it_is_closed_in_one_of_the_offices_ways(house, entry_id):
    with pytest.raises(NotUnderstood):
        act(house, close, entry_id, CLERK, "forgotten")


def test_a_closed_matter_is_opened_again_for_a_reason(house, entry_id):
    act(house, close, entry_id, CLERK, "filed")
    with pytest.raises(NotUnderstood):
        act(house, reopen, entry_id, CLERK, "")
    act(house, reopen, entry_id, CLERK, "มีหนังสือแก้ไขมาใหม่")

    assert house.entry(entry_id).closed is None
    assert kinds(house, entry_id) == ["close", "reopen"]
    with pytest.raises(Conflict):
        act(house, reopen, entry_id, CLERK, "อีกครั้ง")


def test_a_correction_keeps_what_was_struck_out(house, entry_id):
    before = house.entry(entry_id)
    act(
        house, amend, entry_id, OFFICER, "อ่านจากตัวหนังสือ", subject="เรื่องที่ถูก",
        letter_number="มท ๐๘๑๐.๗/๑๒", dated=date(2025, 10, 1), from_text=before.from_text,
    )  # fmt: skip

    after = house.entry(entry_id)
    assert (after.subject, after.letter_number) == ("เรื่องที่ถูก", "มท 0810.7/12")
    with house.database.read() as session:
        struck = {one.field: one for one in corrections.of(session, [entry_id])[entry_id]}
    assert struck["subject"].old == before.subject
    assert struck["subject"].by == OFFICER
    assert "from_text" not in struck


def test_a_correction_asks_for_a_reason_and_no_change_writes_nothing(house, entry_id):
    before = house.entry(entry_id)
    act(house, amend, entry_id, OFFICER, "", subject=before.subject)
    with pytest.raises(NotUnderstood):
        act(house, amend, entry_id, OFFICER, " ", subject="อื่น")
    assert house.entry(entry_id).subject == before.subject


def test_a_clerk_corrects_nothing(house, entry_id):
    with pytest.raises(NotAllowed):
        act(house, amend, entry_id, CLERK, "ผิด", subject="อื่น")


def test_the_number_that_we_gave_our_own_letter_is_not_corrected(house):
    entry = house.sent()
    with pytest.raises(NotAllowed):
        act(house, amend, entry.id, OFFICER, "ผิด", letter_number="พร ๐๐๒๓.๓/๔๒")


def test_what_is_no_field_of_the_register_is_not_corrected(house, entry_id):
    with pytest.raises(TypeError):
        act(house, amend, entry_id, OFFICER, "ผิด", number=7)


def test_an_officer_confirms_that_the_line_is_right(house, entry_id):
    act(house, confirm, entry_id, OFFICER)

    (line,) = house.rows(JournalRow, act="confirmed")
    assert (line.actor, line.entry_id) == (OFFICER, entry_id)


def line_of(house, entry_id):
    """Read the entry's line as the printed form has it."""
    entry = house.entry(entry_id)
    key = BookKey(house.phrae.id, "", "received", "ordinary", entry.year)
    with house.database.read() as session:
        [line] = booklines.page(session, key, entry.number, entry.number, 1, cleared=False)
    return bookform.cells(line, "ordinary")


def test_the_form_tells_what_was_done_up_to_the_closing(house, entry_id):
    """การปฏิบัติ of form 13: where it went, whom it was presented to, the order, how it ended."""
    act(house, pass_on, entry_id, CLERK, "local")
    act(house, endorse, entry_id, OFFICER, "เห็นควรแจ้งกองคลัง")
    step = act(house, propose, entry_id, CLERK, OFFICER)
    act(house, take_back, step, entry_id, CLERK)
    act(house, close, entry_id, CLERK, "noted")

    told = f"ส่งให้ {UNIT}, เกษียน: เห็นควรแจ้งกองคลัง, ปิดเรื่อง: ทราบ"
    assert line_of(house, entry_id)["action"] == told


def test_a_matter_that_waits_for_an_order_is_closed_with_a_word_only(house, entry_id):
    act(house, propose, entry_id, CLERK, OFFICER)
    with pytest.raises(NotUnderstood, match="waits for an order"):
        act(house, close, entry_id, CLERK, "done")
    act(house, close, entry_id, CLERK, "done", "สั่งการด้วยวาจาแล้ว")

    with house.database.read() as session:
        waits, closed = movements.of(session, entry_id)
    assert (waits.undone_by, closed.text) == (CLERK, "ดำเนินการแล้ว: สั่งการด้วยวาจาแล้ว")
