"""Files: a registered letter has the files that it had, and those laid down since."""

import pytest
from sqlalchemy import delete, select, update

from registry import journal
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow
from registry.proving.files import prove_files
from tests.registry.day import kinds, proven


def first_letter(session) -> EntryRow:
    """Give an entry with a letter."""
    wanted = select(EntryRow).where(EntryRow.letter_id.is_not(None)).order_by(EntryRow.id)
    return session.scalars(wanted).first()


def add_file(session, letter_id: str) -> int:
    """Slip a file in behind the others, with bytes that are kept already."""
    model = session.scalars(select(EnclosureRow)).first()
    row = EnclosureRow(
        letter_id=letter_id, position=9, role="enclosure", name="แผนที่.pdf", bytes=model.bytes,
        sha256=model.sha256, media_type="application/pdf",
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def test_all_files_of_a_busy_day_are_those_that_came(database, busy, blobs):
    assert proven(database, blobs).holds


def test_a_file_taken_out_of_a_letter_is_missed(database, busy, blobs):
    with database.write() as session:
        letter_id = first_letter(session).letter_id
        session.execute(delete(EnclosureRow).where(EnclosureRow.letter_id == letter_id))
    assert kinds(proven(database, blobs)) == {"files"}


@pytest.mark.parametrize("change", [{"name": "อื่น.pdf"}, {"role": "enclosure"}])
def test_a_file_that_was_renamed_by_hand_is_found(database, busy, blobs, change):
    with database.write() as session:
        session.execute(update(EnclosureRow).values(**change))
    assert kinds(proven(database, blobs)) == {"files"}


def test_a_file_slipped_in_is_found(database, busy):
    with database.write() as session:
        entry = first_letter(session)
        add_file(session, entry.letter_id)
        assert [problem.where for problem in prove_files(session)] == [f"entry {entry.id}"]


def test_a_file_laid_down_later_has_a_line_of_its_own_and_is_fine(database, busy, blobs, clock):
    with database.write() as session:
        entry = first_letter(session)
        file = add_file(session, entry.letter_id)
        journal.record(
            session, entry.entity_id, "uploaded", "system", clock.now(), entry.id,
            entry.letter_id, {"file": file},
        )  # fmt: skip
    assert proven(database, blobs).holds
