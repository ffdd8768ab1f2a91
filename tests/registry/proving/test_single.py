"""The claims of one number: each is broken by what it watches over, and by nothing else."""

import pytest
from sqlalchemy import select, text

from registry.errors import NotFound
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow
from registry.proving.single import prove_entry


def broken(database, blobs, number: int, rebuild=None) -> list[str]:
    """Prove a number of the received book, and give what is wrong."""
    with database.snapshot() as session:
        wanted = select(EntryRow.id).where(EntryRow.book == "received", EntryRow.number == number)
        found = prove_entry(session, blobs, session.scalars(wanted).one(), rebuild)
    return [claim.wrong for claim in found if claim.wrong]


def change(database, statement: str) -> None:
    with database.write() as session:
        session.execute(text(statement))


@pytest.mark.parametrize("number", [1, 2, 5])
def test_a_sound_number_holds(database, busy, blobs, number):
    assert broken(database, blobs, number) == []


def test_a_field_changed_behind_the_register_is_found(database, busy, blobs):
    change(database, "UPDATE entry SET subject = 'x' WHERE number = 3 AND book = 'received'")
    assert broken(database, blobs, 3) == ["its fields were changed outside the register"]
    assert broken(database, blobs, 4) == []


def test_a_line_of_the_journal_that_was_changed_is_found(database, busy, blobs):
    change(database, "UPDATE journal SET actor = 'x' WHERE act = 'amended'")
    [wrong] = broken(database, blobs, 1)
    assert wrong.endswith("was changed")


def test_a_neighbour_that_is_missing_is_found(database, busy, blobs):
    change(database, "UPDATE entry SET number = 99 WHERE number = 4 AND book = 'received'")
    assert broken(database, blobs, 3) == ["number 4 is missing"]


def test_a_file_taken_out_is_found(database, busy, blobs):
    with database.write() as session:
        letter = select(EntryRow.letter_id).where(EntryRow.number == 5)
        file = select(EnclosureRow).where(EnclosureRow.letter_id == letter.scalar_subquery())
        session.delete(session.scalars(file).one())
    assert broken(database, blobs, 5) == ["its letter has other files than it had"]


def test_a_content_that_was_changed_is_found(database, busy, blobs):
    with database.read() as session:
        letter = select(EntryRow.letter_id).where(EntryRow.number == 5)
        file = select(EnclosureRow.sha256).where(EnclosureRow.letter_id == letter.scalar_subquery())
        sha256 = session.scalars(file).one()
    path = blobs.path(sha256)
    path.chmod(0o600)
    path.write_bytes(b"other")
    assert broken(database, blobs, 5) == [f"content {sha256} is missing or was changed"]


def test_an_original_that_does_not_come_together_is_found(database, busy, blobs):
    assert broken(database, blobs, 1, lambda _: "0" * 64) == ["its parts do not give the mail"]
    assert broken(database, blobs, 1, lambda original: original.sha256) == []


def test_a_number_that_is_not_there_is_not_proven(database, busy, blobs):
    with pytest.raises(NotFound), database.snapshot() as session:
        prove_entry(session, blobs, "none", None)
