"""Files that nobody called clean stay here, until an officer or the scanner lets them out."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from registry import journal, letters
from registry.desk import draft
from registry.desk.clear import clear, scanned_again
from registry.desk.digest import send_due_digests
from registry.errors import Conflict, NotAllowed
from registry.letter.message import Listener, Means, Trust
from registry.models.evidence import JournalRow
from registry.models.letters import NoteRow
from registry.models.outgoing import OutboxRow
from registry.outbox import Kind
from tests.registry.desk.conftest import (
    CLERK,
    OFFICER,
    SECRET_OFFICER,
    TOWN,
    pdf,
)

UNIT = ("saraban+local@phrae.example",)
SIGNED_IN = Trust(Means.SIGNED_IN, signed_in=CLERK)


@pytest.fixture
def kept(house, mail):
    """A registered letter that was not scanned, whose copies have left."""
    outcome = house.one(
        mail(parts=[pdf()], scan="not_scanned", scan_detail="away", recipients=UNIT)
    )
    with house.database.write() as session:
        session.execute(update(OutboxRow).values(state="sent"))
    return outcome


def let_out(house, letter_id, by=OFFICER, reason="โทรถามแล้ว"):
    with house.database.write() as session:
        return clear(session, house.desk, letter_id, by, reason)


def scanned(house, letter_id, scan):
    with house.database.write() as session:
        return scanned_again(session, house.desk, letter_id, scan, "")


def copies(house, entry_id):
    return [job.facts.get("again", False) for job in house.jobs(Kind.COPY, entry_id=entry_id)]


def test_a_letter_that_was_not_scanned_takes_its_number_and_is_acknowledged(house, kept):
    assert (kept.state, kept.number) == ("registered", 1)
    assert house.acknowledged() == ["saraban@dla.example"]
    row = house.letter(kept.letter_id)
    assert (row.scan, row.scan_detail) == ("not_scanned", "away")


def test_its_files_are_marked_wherever_they_are_read(house, kept):
    [file] = house.entry(kept.entry_id).enclosures
    assert "ยังไม่ผ่านการตรวจไวรัส" in file.withheld


def test_an_officer_lets_the_files_out_and_each_box_gets_its_copy_again_once(house, kept):
    first = copies(house, kept.entry_id)
    assert let_out(house, kept.letter_id) == len(first)
    assert copies(house, kept.entry_id).count(True) == len(first) > 0
    [file] = house.entry(kept.entry_id).enclosures
    assert file.withheld == ""
    with house.database.read() as session:
        assert journal.verify(session) == []
    [line] = house.rows(JournalRow, act="files-cleared")
    assert (line.actor, line.letter_id, line.facts) == (
        OFFICER, kept.letter_id, {"scan": "not_scanned"},
    )  # fmt: skip
    assert "โทรถามแล้ว" in house.rows(NoteRow)[0].text


def test_a_copy_that_has_not_left_yet_is_not_sent_twice(house, mail):
    outcome = house.one(mail(parts=[pdf()], scan="not_scanned", recipients=UNIT))
    assert let_out(house, outcome.letter_id) == 0
    assert copies(house, outcome.entry_id) == [False]


def test_whoever_clears_second_hears_who_was_first(house, kept):
    let_out(house, kept.letter_id)
    with pytest.raises(Conflict) as told:
        let_out(house, kept.letter_id)
    assert OFFICER in told.value.thai


@pytest.mark.parametrize("by", [CLERK, "nobody@phrae.example"])
def test_only_officers_of_the_entity_may_clear(house, kept, by):
    with pytest.raises(NotAllowed):
        let_out(house, kept.letter_id, by)
    assert house.letter(kept.letter_id).scan == "not_scanned"


def test_no_letter_is_cleared_without_a_reason(house, kept):
    with pytest.raises(ValueError, match="reason"):
        let_out(house, kept.letter_id, reason=" ")


def test_a_clean_letter_has_nothing_to_clear(house, mail):
    outcome = house.one(mail(parts=[pdf()], scan="clean"))
    with pytest.raises(Conflict):
        let_out(house, outcome.letter_id)


def test_a_secret_letter_is_cleared_by_its_own_officer_alone(house, mail):
    outcome = house.one(mail(subject="(ลับ) เรื่อง", parts=[pdf()], scan="not_scanned"))
    assert house.letter(outcome.letter_id).secrecy
    with pytest.raises(NotAllowed):
        let_out(house, outcome.letter_id)
    let_out(house, outcome.letter_id, SECRET_OFFICER)
    assert house.letter(outcome.letter_id).scan == "cleared"


def test_the_scanner_that_is_back_lets_a_clean_letter_out(house, kept):
    assert scanned(house, kept.letter_id, "clean") == len(copies(house, kept.entry_id)) // 2 > 0
    assert house.letter(kept.letter_id).scan == "clean"
    assert house.rows(JournalRow, act="files-scanned")[0].actor == "system"


def test_what_the_scanner_finds_at_last_stays_and_officers_are_told(house, kept):
    assert scanned(house, kept.letter_id, "infected") == 0
    assert house.letter(kept.letter_id).scan == "infected"
    assert OFFICER in house.told("files_infected")
    assert True not in copies(house, kept.entry_id)


def test_an_officers_decision_is_not_undone_by_the_scanner(house, kept):
    let_out(house, kept.letter_id)
    assert scanned(house, kept.letter_id, "infected") == 0
    assert house.letter(kept.letter_id).scan == "cleared"


def test_an_infected_letter_from_a_mailbox_waits_for_an_officer(house, mail):
    outcome = house.one(mail(parts=[pdf()], scan="infected", listener=Listener.COLLECTOR))
    assert outcome.state == "waiting"
    assert "พบไวรัส" in house.letter(outcome.letter_id).why_waiting


def test_a_letter_of_ours_that_was_not_scanned_waits_as_a_draft_and_cannot_be_sent(house, mail):
    sent = mail(
        sender=CLERK, listener=Listener.SUBMISSION, trust=SIGNED_IN, recipients=(TOWN,),
        to=(TOWN,), parts=[pdf()], scan="not_scanned",
    )  # fmt: skip
    [outcome] = house.take(sent)
    assert outcome.state == "draft"
    with pytest.raises(Conflict) as told, house.database.write() as session:
        draft.accept(session, house.desk, outcome.letter_id, OFFICER)
    assert "letter clear" in told.value.thai
    let_out(house, outcome.letter_id)
    with house.database.write() as session:
        assert draft.accept(session, house.desk, outcome.letter_id, OFFICER).number == 1


def test_a_letter_without_files_has_nothing_to_withhold(house, mail):
    sent = mail(
        sender=CLERK, listener=Listener.SUBMISSION, trust=SIGNED_IN, recipients=(TOWN,),
        to=(TOWN,), scan="not_scanned",
    )  # fmt: skip
    [outcome] = house.take(sent)
    assert outcome.state == "sent"
    with house.database.read() as session:
        assert letters.withheld(session) == []


def test_letters_with_withheld_files_stand_in_the_list_and_the_digest(house, kept, clock):
    with house.database.read() as session:
        assert [one.id for one in letters.withheld(session, "phrae")] == [kept.letter_id]
        assert letters.withheld(session, "town") == []
    clock.advance(timedelta(hours=4))
    with house.database.write() as session:
        assert send_due_digests(session, house.desk, clock.now()) > 0
    digests = [job for job in house.jobs(Kind.NOTICE) if job.facts["text"] == "digest"]
    titles = [one["title"] for one in digests[0].facts["sections"]]
    assert titles == ["ไฟล์แนบยังไม่ผ่านการตรวจไวรัส"]
