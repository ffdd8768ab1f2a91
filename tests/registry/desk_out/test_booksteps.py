"""The sent book tells what became of a letter: asked back, taken back, and who holds a number."""

from datetime import timedelta

import pytest

from registry import outbox
from registry.books import bookform, booklines
from registry.desk import call, dispatch, draft, hold, recall, slip
from registry.desk.void import void
from registry.numbering import BookKey
from tests.registry.desk_out.conftest import YEAR


@pytest.fixture
def sent(database, desk, phrae, mail):
    """Send a letter to the department and the town, and give the id of its entry."""
    message = mail.submitted("saraban@dla.example", "saraban@town.example")
    with database.write() as session:
        return dispatch.from_submission(session, desk, message, phrae.clerk).entry_id


@pytest.fixture
def remark(database, phrae):
    """Read what the first line of the sent book says under หมายเหตุ."""

    def read():
        key = BookKey(phrae.entity.id, "", "sent", "ordinary", YEAR)
        with database.read() as session:
            [line] = booklines.page(session, key, 1, 1, 1, cleared=False)
        return bookform.cells(line, "ordinary")["note"]

    return read


def leave(database, clock, job):
    clock.advance(timedelta(minutes=5))
    with database.write() as session:
        attempt = outbox.started(session, job.id, at=clock.now())
        outbox.finished(session, job.id, attempt, at=clock.now())


def test_a_recalled_letter_says_so_with_day_reason_and_answers(
    database, desk, phrae, clock, books, sent, remark
):
    """What our own mail promises: the number stays in the sent book, with the reason."""
    leave(database, clock, books.jobs()[0])
    with database.write() as session:
        recall.withdraw(session, desk, sent, phrae.registrar.email, "ไฟล์ผิดฉบับ")
    assert remark() == "ขอเรียกคืน 3 ต.ค. 2568: ไฟล์ผิดฉบับ (ผู้รับยังไม่ตอบ 1 ราย, หยุดก่อนออก 1 ราย)"

    with database.write() as session:
        call.done(session, desk, books.deliveries()[0].id, phrae.registrar.email,
                  spoke_to="คุณสมศรี", result="คืนให้แล้ว", given_back=True)  # fmt: skip
    assert remark().endswith("(ผู้รับคืนแล้ว 1 ราย, หยุดก่อนออก 1 ราย)")


def test_one_addressee_needs_no_count(database, desk, phrae, mail, remark):
    message = mail.submitted("saraban@dla.example")
    with database.write() as session:
        entry_id = dispatch.from_submission(session, desk, message, phrae.clerk).entry_id
        recall.withdraw(session, desk, entry_id, phrae.registrar.email, "ลงนามผิดคน")
    assert remark() == "ขอเรียกคืน 3 ต.ค. 2568: ลงนามผิดคน (หยุดก่อนออก)"


def test_a_letter_taken_back_and_sent_again_was_never_reserved(
    database, desk, phrae, books, sent, remark
):
    with database.write() as session:
        hold.undo(session, desk, sent, phrae.registrar.email)
    assert remark() == f"จองเลขไว้ โดย {phrae.clerk.name}"
    with database.write() as session:
        draft.accept(session, desk, books.letters()[0].id, phrae.registrar.email)
    assert remark() == ""


def test_a_number_that_was_asked_for_stays_a_reserved_one(
    database, desk, phrae, mail, books, remark
):
    with database.write() as session:
        entry = slip.reserve(session, desk, phrae.entity, phrae.registrar.email)
        dispatch.from_tags(session, desk, mail("dla"), phrae.entity, (), phrae.clerk)
    accept = books.letters()[0].id, phrae.registrar.email
    with database.write() as session:
        draft.accept(session, desk, *accept, number=entry.id)
        hold.undo(session, desk, entry.id, phrae.registrar.email)
    with database.write() as session:
        draft.accept(session, desk, *accept)
    assert remark() == "ใช้เลขที่จองไว้"


def test_a_void_number_names_the_person(database, desk, phrae, remark):
    with database.write() as session:
        entry = slip.reserve(session, desk, phrae.entity, phrae.registrar.email)
        void(session, desk, entry.id, phrae.registrar.email, "ไม่ใช้แล้ว")
    assert remark() == "ยกเลิกเลข: ไม่ใช้แล้ว โดย นายทะเบียน"
