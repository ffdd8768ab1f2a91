"""A draft takes its number and goes on its way."""

import threading
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from registry import entries, journal, outbox
from registry.clock import BANGKOK
from registry.desk import dispatch, slip
from registry.models.outgoing import SentMessageRow
from registry.models.people import EntityRow
from tests.registry.desk_out.conftest import pdf

CITES = "อ้างถึง หนังสือกรมส่งเสริมการปกครองท้องถิ่น ที่ มท 0810.7/ว 3974 ลงวันที่ 30 กันยายน 2568"
BEFORE_NEW_YEAR = datetime(2025, 12, 31, 23, 59, 59, tzinfo=BANGKOK)


@pytest.fixture
def submit(database, desk, phrae, mail):
    """Hand a letter to the submission port as Somchai, and give its entry."""

    def act(*plain, **fields):
        message = mail.submitted(*(plain or ("saraban@town.example",)), **fields)
        with database.write() as session:
            outcome = dispatch.from_submission(session, desk, message, phrae.clerk)
            return entries.get(session, outcome.entry_id)

    return act


def test_twenty_clerks_who_send_together_take_one_to_twenty(database, desk, phrae, mail, books):
    messages = [mail.submitted("saraban@dla.example") for _ in range(20)]
    broken = []

    def work(message):
        try:
            with database.write() as session:
                dispatch.from_submission(session, desk, message, phrae.clerk)
        except Exception as error:  # noqa: BLE001 - whatever a thread dies of is the finding
            broken.append(error)

    threads = [threading.Thread(target=work, args=(message,)) for message in messages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    assert [entry.number for entry in books.entries()] == list(range(1, 21))


def test_an_answer_finds_the_letter_by_our_message_id_and_by_the_clerks(submit, database):
    entry = submit(message_id="<from-thunderbird@phrae.example>")
    with database.read() as session:
        known = session.execute(select(SentMessageRow.message_id, SentMessageRow.entry_id)).all()
    ids = {message_id for message_id, _ in known}
    assert {entry.message_id, "<from-thunderbird@phrae.example>"} <= ids
    assert {found for _, found in known} == {entry.id}


def test_the_letter_remembers_the_mail_that_its_clerk_wrote(submit, books):
    """Notices about it stand under that mail."""
    submit(message_id="<from-thunderbird@phrae.example>")
    (letter,) = books.letters()
    assert letter.facts["clerk_message_id"] == "<from-thunderbird@phrae.example>"


def test_the_message_id_names_the_letter_and_this_host(submit):
    entry = submit()
    assert entry.message_id == f"<l.{entry.letter_id}@localhost>"


def test_every_job_rests_for_the_hold_time(submit, database, desk, clock):
    submit()
    with database.write() as session:
        assert [job.kind for job in outbox.claim(session, clock.now(), 60, 10, "me")] == ["notice"]


def test_number_and_date_fall_on_the_same_side_of_new_year(submit, clock):
    clock.set(BEFORE_NEW_YEAR)
    old = submit()
    clock.set(datetime(2026, 1, 1, 0, 0, 1, tzinfo=BANGKOK))
    new = submit()
    assert (old.year, old.number, old.dated) == (2568, 1, date(2025, 12, 31))
    assert (new.year, new.number, new.dated) == (2569, 1, date(2026, 1, 1))


class TurningClock:
    """A clock on which the year ends between the first look and the next."""

    def __init__(self):
        self.looks = 0

    def now(self):
        self.looks += 1
        return BEFORE_NEW_YEAR if self.looks == 1 else BEFORE_NEW_YEAR + timedelta(seconds=2)


def test_a_year_that_ends_while_the_series_is_waited_for_gives_the_new_years_number(
    database, desk, phrae
):
    turning = replace(desk, clock=TurningClock())
    with database.write() as session:
        entry = slip.reserve(session, turning, phrae.entity, phrae.registrar.email)
    assert (entry.year, entry.number, entry.dated) == (2569, 1, date(2026, 1, 1))


def test_a_letter_that_cites_a_received_one_is_linked_to_it(submit, received):
    entry_id = received()
    entry = submit(text=CITES)
    (link,) = entry.links
    assert (link.relation, link.entry, link.how, link.confirmed) == (
        "cites", entry_id, "cited", True,
    )  # fmt: skip
    assert entry.references[0].entry == entry_id


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "แนวทางการปรับปรุง คู่มือ"},
        {"text": CITES.replace("อ้างถึง ", "สิ่งที่ส่งมาด้วย สำเนา")},
    ],
    ids=["the same subject", "a copy of it"],
)  # fmt: skip
def test_a_letter_that_brings_a_received_one_to_others_passes_it_on(submit, received, fields):
    received()
    (link,) = submit(**({"text": CITES} | fields)).links
    assert link.relation == "passes_on"


def test_a_circular_that_cites_a_received_letter_passes_it_on(submit, received):
    received()
    (link,) = submit(text=CITES, tags=("taos",)).links
    assert link.relation == "passes_on"


def test_a_letter_that_cites_its_addressees_letter_answers_it(submit, received):
    received()
    assert submit("saraban@dla.example", text=CITES).links[0].relation == "answers"


def test_a_letter_that_cites_a_letter_of_our_own_cites_it(submit):
    first = submit()
    text = f"อ้างถึง หนังสือจังหวัดแพร่ ที่ {first.letter_number} ลงวันที่ 3 ตุลาคม 2568"
    (link,) = submit(text=text).links
    assert (link.relation, link.entry) == ("cites", first.id)


def test_a_number_cited_without_its_date_is_only_a_suggestion(submit, received):
    received()
    (link,) = submit(text=CITES.partition(" ลงวันที่")[0]).links
    assert (link.confirmed, link.score) == (False, 60)


def test_an_entity_without_a_letter_code_still_numbers(submit, database, phrae):
    with database.write() as session:
        session.get_one(EntityRow, phrae.entity.id).letter_code = ""
    entry = submit()
    assert (entry.number, entry.letter_number) == (1, "")


def test_a_number_under_the_code_of_a_unit_below_is_taken_as_the_paper_bears_it(submit):
    assert submit(parts=[pdf("พร 0023.3.1-1.pdf")]).letter_number == "พร 0023.3.1/1"


def test_sending_leaves_lines_in_an_unbroken_journal(submit, database):
    submit()
    with database.read() as session:
        assert journal.verify(session) == []
