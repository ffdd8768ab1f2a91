"""Number first, sign, then send."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from registry import directory
from registry.clock import BANGKOK
from registry.desk import dispatch, draft, slip
from registry.desk.void import void
from registry.errors import Conflict, NotAllowed
from registry.letter.message import Listener
from registry.letter.sorting import Kind
from registry.models.people import EntityRow
from tests.registry.desk_out.conftest import pdf

NEW_YEAR = datetime(2026, 1, 5, 9, 0, tzinfo=BANGKOK)


@pytest.fixture
def ask(database, desk, phrae, mail):
    """Ask for a number as Somchai."""

    def act(*tags, **fields):
        message = mail("number", *tags, **fields)
        with database.write() as session:
            return slip.ask(session, desk, message, phrae.entity, phrae.clerk)

    return act


@pytest.fixture
def answer(database, desk, phrae):
    """Answer a slip, where officers send."""

    def act(message, entry_id, officer=phrae.clerk):
        with database.write() as session:
            return dispatch.answer(session, desk, message, phrae.entity, officer, entry_id)

    return act


@pytest.fixture
def reserve(database, desk, phrae):
    """Reserve a number as a registrar does by command."""

    def act(**wishes):
        with database.write() as session:
            return slip.reserve(session, desk, phrae.entity, phrae.registrar.email, **wishes)

    return act


def test_asking_reserves_the_next_number_and_answers_with_a_slip(ask, books, phrae):
    outcome = ask()
    (entry,) = books.entries()
    assert (outcome.kind, outcome.entry_id, outcome.number) == (Kind.SLIP, entry.id, 1)
    assert (entry.state, entry.reserved_for) == ("reserved", phrae.clerk.email)
    assert (entry.letter_number, entry.dated) == ("พร 0023.3/1", date(2025, 10, 3))
    assert (books.notices(), books.jobs("notice")[0].entry_id) == (["number_slip"], entry.id)


def test_answering_the_slip_with_the_signed_pdf_sends_under_the_number(ask, answer, mail, books):
    reserved = ask("dla")
    sent = answer(mail(parts=[pdf()]), reserved.entry_id)
    (entry,) = books.entries()
    assert (sent.entry_id, sent.state, entry.state) == (entry.id, "sent", "registered")
    assert books.deliveries()[0].to_address == "saraban@dla.example"
    assert books.notices() == ["number_slip", "letter_sent"]


def test_addressees_of_the_ask_and_of_the_answer_count_together(ask, answer, mail, books):
    reserved = ask("dla")
    answer(mail("town", parts=[pdf()]), reserved.entry_id)
    assert [row.to_address for row in books.deliveries()] == [
        "saraban@dla.example", "saraban@town.example",
    ]  # fmt: skip


def test_a_resent_ask_reserves_no_second_number(database, desk, phrae, mail, books):
    message = mail("number")
    copy = replace(message, spool_name="again", recipients=("saraban+number@phrae.example",))
    with database.write() as session:
        first = slip.ask(session, desk, message, phrae.entity, phrae.clerk)
        again = slip.ask(session, desk, copy, phrae.entity, phrae.clerk)
    assert (again.entry_id, again.kind) == (first.entry_id, Kind.DUPLICATE)
    assert (len(books.entries()), books.notices()) == (1, ["number_slip"])


def test_a_mail_to_number_and_to_a_dispatch_tag_is_one_ask_on_either_way(
    database, desk, phrae, mail, books
):
    message = mail("dla", "number")
    with database.write() as session:
        dispatch.from_tags(session, desk, message, phrae.entity, (), phrae.clerk)
        slip.ask(session, desk, message, phrae.entity, phrae.clerk)
    assert [entry.state for entry in books.entries()] == ["reserved"]
    assert books.letters()[0].to_text == "กรมส่งเสริมการปกครองท้องถิ่น"


def test_a_clerk_may_ask_through_submission(database, desk, phrae, mail, books):
    message = mail.submitted("citizen@mail.example", tags=["number"])
    with database.write() as session:
        outcome = dispatch.from_submission(session, desk, message, phrae.clerk)
    assert outcome.kind is Kind.SLIP
    assert books.entries()[0].to_text == "citizen@mail.example"


@pytest.mark.parametrize("fields", [{"subject": "ว ซักซ้อมแนวทาง"}, {"text": "ขอเลขหนังสือเวียน"}])
def test_a_circular_gets_its_mark(ask, books, fields):
    ask(**fields)
    assert books.entries()[0].letter_number == "พร 0023.3/ว 1"


def test_circulars_run_in_a_series_of_their_own_where_the_entity_says_so(
    database, desk, phrae, mail, books
):
    with database.write() as session:
        session.get_one(EntityRow, phrae.entity.id).separate_circulars = True
    with database.write() as session:
        entity = directory.entity_by_id(session, phrae.entity.id)
        slip.ask(session, desk, mail("number"), entity, phrae.clerk)
        slip.ask(session, desk, mail("number", subject="ว เวียน"), entity, phrae.clerk)
    assert sorted((entry.series, entry.number) for entry in books.entries()) == [
        ("circular", 1), ("ordinary", 1),
    ]  # fmt: skip


def test_somebody_of_another_entity_cannot_ask(database, desk, phrae, mail):
    with database.write() as session, pytest.raises(NotAllowed):
        slip.ask(session, desk, mail("number"), phrae.entity, phrae.stranger)


def test_an_answer_without_a_pdf_waits_with_its_number(ask, answer, mail, books):
    reserved = ask("dla")
    word = pdf("ร่าง.docx", media_type="application/msword")
    assert answer(mail(parts=[word]), reserved.entry_id).state == "draft"
    assert books.letters()[1].why_waiting == slip.NO_PDF
    assert books.entries()[0].state == "reserved"


def test_an_answer_by_another_clerk_waits(ask, answer, mail, books, phrae):
    reserved = ask("dla")
    assert answer(mail(parts=[pdf()]), reserved.entry_id, phrae.colleague).state == "draft"
    assert books.letters()[1].why_waiting == slip.NOT_HOLDER


def test_an_answer_for_nobody_waits(ask, answer, mail, books):
    assert answer(mail(parts=[pdf()]), ask().entry_id).state == "draft"


def test_a_paper_that_shows_another_number_waits(ask, answer, mail, books):
    reserved = ask("dla")
    message = mail(parts=[pdf("พร 0023.3-7.pdf")])
    assert answer(message, reserved.entry_id).state == "draft"
    assert "พร ๐๐๒๓.๓/๗" in books.letters()[1].why_waiting


def test_a_paper_that_shows_the_reserved_number_is_sent(ask, answer, mail):
    reserved = ask("dla")
    assert answer(mail(parts=[pdf("พร๐๐๒๓.๓-๑.pdf")]), reserved.entry_id).state == "sent"


def test_accepting_a_waiting_answer_uses_the_number_it_holds(
    database, desk, ask, answer, mail, phrae
):
    reserved = ask("dla")
    waiting = answer(mail(parts=[pdf()]), reserved.entry_id, phrae.colleague)
    with database.write() as session:
        entry = draft.accept(session, desk, waiting.letter_id, phrae.registrar.email)
    assert (entry.id, entry.state) == (reserved.entry_id, "registered")


def test_a_second_answer_waits_while_the_first_holds_the_number(ask, answer, mail, books, phrae):
    reserved = ask("dla")
    answer(mail(parts=[pdf()]), reserved.entry_id, phrae.colleague)
    second = answer(mail(parts=[pdf("ใหม่.pdf")]), reserved.entry_id)
    assert second.state == "draft"
    assert books.letters()[2].related_entry_id is None


def test_a_resent_answer_sends_nothing_twice(ask, answer, mail, books):
    reserved = ask("dla")
    message = mail(parts=[pdf()])
    answer(message, reserved.entry_id)
    again = answer(replace(message, spool_name="again"), reserved.entry_id)
    assert again.kind is Kind.DUPLICATE
    assert len(books.jobs()) == 1


def test_words_without_a_file_leave_the_number_reserved(ask, answer, mail, books):
    assert answer(mail(text="ขอเวลาอีกสองวัน"), ask().entry_id).kind is Kind.NOTE
    assert books.entries()[0].state == "reserved"


def test_a_reserved_number_used_next_year_keeps_its_date_and_year(ask, answer, mail, books, clock):
    reserved = ask("dla")
    clock.set(NEW_YEAR)
    answer(mail(parts=[pdf()]), reserved.entry_id)
    (entry,) = books.entries()
    assert (entry.year, entry.number, entry.dated) == (2568, 1, date(2025, 10, 3))
    assert (entry.state, entry.registered_at.year) == ("registered", 2025)


def test_a_reserved_number_is_never_given_to_another_letter(
    ask, database, desk, phrae, mail, books
):
    ask("dla")
    message = mail.submitted("saraban@dla.example")
    with database.write() as session:
        assert dispatch.from_submission(session, desk, message, phrae.clerk).number == 2


def test_a_submitted_letter_that_bears_a_reserved_number_uses_it(
    reserve, database, desk, phrae, mail
):
    reserved = reserve()
    message = mail.submitted("saraban@dla.example", parts=[pdf("พร 0023.3_1.pdf")])
    with database.write() as session:
        outcome = dispatch.from_submission(session, desk, message, phrae.clerk)
    assert (outcome.entry_id, outcome.state) == (reserved.id, "sent")


def test_a_submitted_letter_that_bears_a_wrong_number_waits(database, desk, phrae, mail, books):
    message = mail.submitted("saraban@dla.example", subject="พร 0023.3/9 ขอส่งรายงาน")
    with database.write() as session:
        assert dispatch.from_submission(session, desk, message, phrae.clerk).state == "draft"
    assert "ไม่ใช่เลขถัดไป" in books.letters()[0].why_waiting


def test_an_answer_to_a_slip_whose_number_was_voided_waits(
    database, desk, ask, answer, mail, phrae, books
):
    reserved = ask("dla")
    with database.write() as session:
        void(session, desk, reserved.entry_id, phrae.registrar.email, "ไม่ใช้แล้ว")
    assert answer(mail(parts=[pdf()]), reserved.entry_id).state == "draft"
    assert "ถูกยกเลิกแล้ว" in books.letters()[1].why_waiting


def test_an_officer_reserves_by_command_with_a_date_of_this_year(reserve):
    entry = reserve(subject="คำสั่งแต่งตั้ง", date=date(2025, 9, 30))
    assert (entry.dated, entry.subject, entry.state) == (
        date(2025, 9, 30), "คำสั่งแต่งตั้ง", "reserved",
    )  # fmt: skip


def test_a_number_cannot_be_dated_into_another_year(reserve):
    with pytest.raises(Conflict):
        reserve(date=date(2024, 12, 31))


def test_a_named_book_has_numbers_of_its_own_and_no_letter_number(reserve):
    reserve()
    entry = reserve(book="คำสั่ง")
    assert (entry.book, entry.number, entry.letter_number) == ("คำสั่ง", 1, "")


def test_a_unit_that_keeps_books_reserves_from_them(reserve):
    reserve()
    assert reserve(unit_code="fin").letter_number == "พร 0023.9/1"


def test_a_clerk_cannot_reserve_by_command(database, desk, phrae):
    with database.write() as session, pytest.raises(NotAllowed):
        slip.reserve(session, desk, phrae.entity, phrae.clerk.email)


def test_using_a_reserved_number_by_command_sends_the_draft(reserve, database, desk, phrae, mail):
    reserved = reserve()
    with database.write() as session:
        waiting = dispatch.from_tags(session, desk, mail("dla"), phrae.entity, (), phrae.clerk)
        entry = slip.use(session, desk, reserved.id, waiting.letter_id, phrae.registrar.email)
    assert (entry.id, entry.state) == (reserved.id, "registered")


def test_a_number_used_once_cannot_be_used_again(reserve, database, desk, phrae, mail):
    reserved = reserve()
    with database.write() as session:
        first = dispatch.from_tags(session, desk, mail("dla"), phrae.entity, (), phrae.clerk)
        slip.use(session, desk, reserved.id, first.letter_id, phrae.registrar.email)
        second = dispatch.from_tags(session, desk, mail("dla"), phrae.entity, (), phrae.clerk)
    with database.write() as session, pytest.raises(Conflict):
        slip.use(session, desk, reserved.id, second.letter_id, phrae.registrar.email)


def test_answering_a_slip_that_is_used_up_is_refused_to_programs(
    ask, answer, database, desk, mail, phrae
):
    reserved = ask("dla")
    answer(mail(parts=[pdf()]), reserved.entry_id)
    message = replace(mail(parts=[pdf("b.pdf")]), listener=Listener.MX)
    with database.write() as session, pytest.raises(Conflict):
        slip.answer(session, desk, message, phrae.entity, phrae.clerk, reserved.entry_id)
