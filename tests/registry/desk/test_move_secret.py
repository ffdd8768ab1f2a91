"""A letter that turns out to be secret: hidden at once, then moved to the secret book."""

import os
import signal
import subprocess
import sys

import pytest
from sqlalchemy import select

from registry import directory, movements, outbox
from registry.desk import found_secret, free_secret
from registry.errors import Conflict, NotAllowed
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import CorrectionRow, LetterRow, NoteRow
from registry.models.outgoing import DeliveryRow, OutboxRow
from registry.models.paper import FilePageRow, PaperFieldRow
from registry.models.search import FileTextRow, SearchDocRow
from registry.search import index
from registry.secret.moves import IN_ITS_PLACE, moved_to
from tests.registry.desk.conftest import (
    CLERK,
    DLA,
    OFFICER,
    SECRET_OFFICER,
    House,
    Mails,
    pdf,
    sha,
)
from tests.registry.desk.secret_house import CANARY, GRADE, lay, letter_of, move, proven

_DIES = """
import os, signal, sys
from registry.clock import SystemClock
from registry.db import Database
from registry.desk import move_secret
from registry.desk.context import Desk
from registry.keys import KeyRing
from registry.letter.grades import Secrecy
from registry.letter.workdays import Workdays
from registry.settings import OfficeSettings

database = Database.open(sys.argv[1])
desk = Desk(OfficeSettings(), SystemClock(), Workdays(), KeyRing(b"t" * 32, b"l" * 32))
with database.write() as session:
    move_secret.move(
        session, desk, sys.argv[2], "sealed@phrae.example", Secrecy.CONFIDENTIAL, "reason"
    )
    session.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def registered(house: House, mail: Mails) -> str:
    """A registered letter full of the canary."""
    return lay(house, mail)


def everywhere(house: House) -> list[str]:
    """The tables in which the canary stands, without those of secret letters themselves."""
    tables = [
        JournalRow,
        EntryRow,
        SearchDocRow,
        FileTextRow,
        FilePageRow,
        PaperFieldRow,
        OutboxRow,
    ]
    found = []
    with house.database.read() as session:
        for table in tables:
            for row in session.scalars(select(table)):
                columns = {one.key: getattr(row, one.key) for one in table.__table__.columns}
                if CANARY in str(columns) and getattr(row, "secrecy", None) is None:
                    found.append(table.__name__)
    return found


def test_a_moved_letter_stands_in_the_secret_book_and_its_old_number_says_only_that(
    house, registered
):
    moved = move(house, registered)
    new, old = moved.entry, house.entry(registered)
    assert (new.series, new.number, new.secrecy) == ("secret", 1, "ลับ")
    assert new.subject == f"แก้แล้ว {CANARY}"
    assert (old.number, old.state, old.subject, old.letter_id) == (1, "void", IN_ITS_PLACE, None)
    assert (old.from_text, old.to_text, old.letter_number, old.message_id) == ("", "", "", None)
    assert house.letter(new.letter_id).secrecy == "ลับ"


def test_the_next_letters_take_the_next_numbers_of_both_books(house, mail, registered):
    move(house, registered)
    assert house.one(mail()).number == 2
    second = house.one(mail())
    assert move(house, second.entry_id).entry.number == 2


def test_nothing_of_a_moved_letter_is_left_in_journal_index_texts_or_outbox(house, registered):
    assert set(everywhere(house)) >= {"EntryRow", "SearchDocRow", "FileTextRow", "FilePageRow"}
    move(house, registered)
    with house.database.write() as session:
        index.write(session, index.gather(session, 200))
    assert everywhere(house) == []


def test_what_hangs_on_a_line_goes_along_and_the_proof_holds(house, registered):
    with house.database.write() as session:
        row = session.get_one(EntryRow, registered)
        officer = directory.officer_by_email(session, OFFICER)
        assert officer is not None
        movements.record(session, row, "endorse", officer, house.clock.now(), text=CANARY)
    assert proven(house) == []
    new = move(house, registered).entry.id
    assert proven(house) == []
    with house.database.read() as session:
        for table in (NoteRow, CorrectionRow):
            assert set(session.scalars(select(table.entry_id))) == {new}
        assert moved_to(session, registered) == new


def test_a_word_changed_beside_a_moved_line_is_found(house, registered):
    move(house, registered)
    with house.database.write() as session:
        note = session.scalars(select(NoteRow)).first()
        session.execute(NoteRow.__table__.update().where(NoteRow.id == note.id).values(text="อื่น"))
    assert any("changed outside" in one for one in proven(house))


def test_a_note_taken_out_on_the_way_is_missed(house, registered):
    move(house, registered)
    with house.database.write() as session:
        old = session.scalars(select(CorrectionRow)).one()
        session.execute(CorrectionRow.__table__.delete().where(CorrectionRow.id == old.id))
    assert any("taken out" in one for one in proven(house))


def test_copies_that_wait_stay_here_and_who_has_one_is_told(house, registered):
    first, *_ = house.jobs(outbox.Kind.COPY)
    house.left(first.id)
    moved = move(house, registered)
    assert [one.who for one in moved.holders] == [first.to_address]
    states = {job.state for job in house.jobs(outbox.Kind.COPY)}
    assert states == {"sent"}


def test_a_sent_letter_moves_with_its_deliveries(house):
    sent = house.sent([DLA])
    new = move(house, sent.id).entry
    assert (new.book, new.series, new.letter_number) == ("sent", "secret", sent.letter_number)
    with house.database.read() as session:
        assert set(session.scalars(select(DeliveryRow.entry_id))) == {new.id}
    assert proven(house) == []


@pytest.mark.parametrize("by", [OFFICER, CLERK])
def test_only_the_officer_of_secret_letters_moves_one(house, registered, by):
    with pytest.raises(NotAllowed):
        move(house, registered, by)


def test_a_letter_is_moved_once(house, registered):
    new = move(house, registered).entry.id
    with pytest.raises(Conflict):
        move(house, new)
    assert len(house.received()) == 2


def test_what_an_officer_freed_is_not_hidden_again_when_it_is_read_again(house, registered):
    with house.database.write() as session:
        (letter_id,) = found_secret.found_on_paper(session, house.desk, sha("ลงนาม"), GRADE)
        free_secret.free(session, house.desk, letter_id, SECRET_OFFICER, "เป็นคำว่ากลับ")
    with house.database.write() as session:
        assert found_secret.found_on_paper(session, house.desk, sha("ลงนาม"), GRADE) == []


def test_the_same_letter_come_again_is_hidden_with_it(house, mail, registered):
    first = house.letter(letter_of(house, registered))
    again = mail(raw="x", message_id=first.message_id, subject=first.subject, text=first.text)
    with house.database.write() as session:
        row = LetterRow(
            id="a" * 16, entity_id=house.phrae.id, direction="in", state="duplicate",
            related_entry_id=registered, accepted_at=again.accepted_at, subject=CANARY,
        )  # fmt: skip
        session.add(row)
    move(house, registered)
    assert house.letter("a" * 16).secrecy == "ลับ"


def test_files_of_an_ordinary_letter_keep_their_text(house, mail, registered):
    house.one(mail(parts=[pdf()]))
    move(house, registered)
    with house.database.read() as session:
        assert session.scalars(select(FileTextRow.text)).all() == [CANARY]


def test_a_move_that_is_cut_off_leaves_the_books_as_they_were(house, registered):
    """The process is killed in the middle of the transaction, before it commits."""
    letter_id, url = letter_of(house, registered), house.database.engine.url
    ended = subprocess.run(
        [sys.executable, "-c", _DIES, url.render_as_string(hide_password=False), letter_id],
        check=False,
        env={**os.environ},
    )
    assert ended.returncode == -signal.SIGKILL
    assert house.entry(registered).state == "registered"
    assert house.entry(registered).secrecy is None
    assert proven(house) == []
    assert move(house, registered).entry.number == 1
