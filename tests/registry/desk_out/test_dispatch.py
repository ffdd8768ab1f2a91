"""A clerk hands over a letter: by dispatch tags, by answering, by submission."""

from dataclasses import replace

import pytest

from registry.desk import dispatch
from registry.errors import NotAllowed, NotFound
from registry.letter.sorting import Kind
from tests.registry.desk_out.conftest import pdf


def test_a_mail_to_dispatch_tags_becomes_a_draft_that_waits_for_its_number(
    database, desk, phrae, mail, books
):
    message = mail("dla", "town", parts=[pdf()])
    with database.write() as session:
        outcome = dispatch.from_tags(session, desk, message, phrae.entity, (), phrae.clerk)
    (draft,) = books.letters()
    assert (outcome.kind, outcome.letter_id, outcome.state) == (Kind.DISPATCH, draft.id, "draft")
    assert draft.to_text == "กรมส่งเสริมการปกครองท้องถิ่น, เทศบาลเมืองแพร่"
    assert books.entries() == []
    assert books.notices() == ["draft_waiting"]


def test_where_sending_is_automatic_a_tagged_mail_is_numbered_at_once(
    database, automatic, phrae, mail, books
):
    with database.write() as session:
        outcome = dispatch.from_tags(session, automatic, mail("dla"), phrae.entity, (), phrae.clerk)
    (entry,) = books.entries()
    assert (outcome.entry_id, outcome.number, outcome.year) == (entry.id, 1, 2568)
    assert (entry.letter_number, entry.dated.isoformat()) == ("พร 0023.3/1", "2025-10-03")
    assert books.notices() == ["letter_sent"]


def test_a_group_gets_one_number_one_message_id_and_a_delivery_for_each_member(
    database, automatic, phrae, mail, books
):
    with database.write() as session:
        dispatch.from_tags(session, automatic, mail("taos"), phrae.entity, (), phrae.clerk)
    (entry,) = books.entries()
    jobs = books.jobs()
    assert entry.letter_number == "พร 0023.3/ว 1"
    assert entry.to_text == "๑๐ หน่วยงาน"
    assert len({job.to_address for job in jobs}) == 10
    assert {job.message_id for job in jobs} == {entry.message_id}
    assert [row.state for row in books.deliveries()] == ["queued"] * 10


def test_a_unit_of_our_own_is_reached_at_all_its_boxes(database, automatic, phrae, mail, books):
    with database.write() as session:
        dispatch.from_tags(session, automatic, mail("dopa"), phrae.entity, (), phrae.clerk)
    assert [(row.to_address, row.to_unit) for row in books.deliveries()] == [
        ("pok@phrae.example", "dopa"),
        ("pok2@phrae.example", "dopa"),
    ]
    assert books.entries()[0].to_text == "ที่ทำการปกครองจังหวัด"


def test_an_unknown_code_is_told_to_the_clerk_and_the_rest_goes_on(
    database, automatic, phrae, mail, books
):
    message = mail("dla", "nowhere")
    with database.write() as session:
        outcome = dispatch.from_tags(session, automatic, message, phrae.entity, (), phrae.clerk)
    refused = next(job for job in books.jobs("notice") if job.facts["text"] == "refused_code")
    assert outcome.state == "sent"
    assert refused.facts["codes"] == ["nowhere"]
    assert refused.facts["rest"] == ["กรมส่งเสริมการปกครองท้องถิ่น"]
    assert [job.to_address for job in books.jobs()] == ["saraban@dla.example"]


def test_a_mail_to_unknown_codes_alone_is_returned_and_kept(
    database, automatic, phrae, mail, books
):
    with database.write() as session:
        outcome = dispatch.from_tags(
            session, automatic, mail("empty"), phrae.entity, (), phrae.clerk
        )
    assert outcome.state == "returned"
    assert books.letters()[0].return_reason == "ไม่พบรหัสผู้รับ empty"
    assert books.notices() == ["refused_code"]
    assert books.entries() == []


def test_a_clerk_of_another_entity_cannot_send_for_this_one(database, desk, phrae, mail):
    with database.write() as session, pytest.raises(NotAllowed):
        dispatch.from_tags(session, desk, mail("dla"), phrae.entity, (), phrae.stranger)


def test_a_disabled_clerk_sends_nothing(database, desk, phrae, mail):
    gone = replace(phrae.clerk, disabled=True)
    with database.write() as session, pytest.raises(NotAllowed):
        dispatch.from_tags(session, desk, mail("dla"), phrae.entity, (), gone)


def test_a_submitted_mail_is_numbered_at_once_and_goes_to_its_envelope(
    database, desk, phrae, mail, books
):
    message = mail.submitted("saraban@dla.example", "citizen@mail.example", parts=[pdf()])
    with database.write() as session:
        outcome = dispatch.from_submission(session, desk, message, phrae.clerk)
    assert outcome.state == "sent"
    assert [(row.to_name, row.to_address) for row in books.deliveries()] == [
        ("กรมส่งเสริมการปกครองท้องถิ่น", "saraban@dla.example"),
        ("citizen@mail.example", "citizen@mail.example"),
    ]
    assert books.entries()[0].letter_number == "พร 0023.3/1"


def test_a_submitted_mail_may_be_from_the_central_address(database, desk, phrae, mail, books):
    message = mail.submitted("saraban@dla.example", sender="saraban@phrae.example")
    with database.write() as session:
        assert dispatch.from_submission(session, desk, message, phrae.clerk).state == "sent"


def test_a_submitted_mail_in_the_name_of_somebody_else_is_returned(
    database, desk, phrae, mail, books
):
    message = mail.submitted("saraban@dla.example", sender="saraban@town.example")
    with database.write() as session:
        outcome = dispatch.from_submission(session, desk, message, phrae.clerk)
    assert outcome.state == "returned"
    assert books.jobs() == []
    assert books.notices() == ["draft_returned"]


def test_a_letter_for_nobody_waits_for_an_officer(database, desk, phrae, mail, books):
    message = mail.submitted("saraban@phrae.example")
    with database.write() as session:
        assert dispatch.from_submission(session, desk, message, phrae.clerk).state == "draft"
    assert books.letters()[0].why_waiting == "ไม่ได้ระบุผู้รับ"


def test_an_empty_mail_is_returned_to_its_clerk(database, desk, phrae, mail, books):
    message = mail.submitted("saraban@dla.example", text="")
    with database.write() as session:
        assert dispatch.from_submission(session, desk, message, phrae.clerk).state == "returned"
    assert books.notices() == ["draft_returned"]


@pytest.mark.parametrize("mark", ["automatic", "bounce"])
def test_mail_by_a_machine_goes_nowhere_and_is_not_answered(
    database, desk, phrae, mail, books, mark
):
    message = mail.submitted("saraban@dla.example", **{mark: True})
    with database.write() as session:
        outcome = dispatch.from_submission(session, desk, message, phrae.clerk)
    assert outcome.kind is Kind.AUTOMATIC
    assert (books.entries(), books.notices()) == ([], [])


def test_a_secret_letter_is_never_sent_by_itself(database, desk, phrae, mail, books):
    message = mail.submitted("saraban@dla.example", subject="[ลับ] รายชื่อ")
    with database.write() as session:
        assert dispatch.from_submission(session, desk, message, phrae.clerk).state == "draft"
    assert books.letters()[0].secrecy == "ลับ"
    assert all("รายชื่อ" not in str(job.facts) for job in books.jobs("notice"))


def test_an_urgent_letter_goes_before_others(database, desk, phrae, mail, books):
    message = mail.submitted("saraban@dla.example", subject="ด่วนที่สุด ขอส่งรายงาน")
    with database.write() as session:
        dispatch.from_submission(session, desk, message, phrae.clerk)
    assert (books.entries()[0].urgency, books.jobs()[0].urgency) == ("ด่วนที่สุด", 3)


def test_a_unit_with_books_of_its_own_numbers_from_its_own_series(
    database, desk, phrae, mail, books
):
    message = replace(mail.submitted("saraban@dla.example"), senders=())
    with database.write() as session:
        dispatch.from_submission(session, desk, mail.submitted("saraban@dla.example"), phrae.clerk)
        dispatch.from_submission(session, desk, message, phrae.colleague)
    assert [(row.unit_code, row.letter_number) for row in books.entries()] == [
        ("", "พร 0023.3/1"),
        ("fin", "พร 0023.9/1"),
    ]


def test_an_answer_to_an_entry_of_another_entity_is_not_found(
    database, desk, phrae, mail, received
):
    entry_id = received()
    officer = phrae.stranger
    with database.write() as session, pytest.raises(NotFound):
        dispatch.answer(session, desk, mail(), phrae.town, officer, entry_id)


def test_a_clerk_of_an_entity_that_is_not_hosted_submits_nothing(database, desk, phrae, mail):
    foreign = replace(phrae.clerk, entity_code="dla")
    with database.write() as session, pytest.raises(NotFound):
        dispatch.from_submission(session, desk, mail.submitted("x@y.example"), foreign)


def test_an_address_that_is_none_is_left_out(database, desk, phrae, mail, books):
    message = mail.submitted("saraban@dla.example", "no address", cc=("undisclosed",))
    with database.write() as session:
        assert dispatch.from_submission(session, desk, message, phrae.clerk).state == "sent"
    assert len(books.deliveries()) == 1


def test_a_vacation_mail_to_the_number_address_reserves_nothing(database, desk, phrae, mail, books):
    message = mail.submitted(tags=["number"], automatic=True)
    with database.write() as session:
        assert dispatch.from_submission(session, desk, message, phrae.clerk).kind is Kind.AUTOMATIC
    assert books.entries() == []
