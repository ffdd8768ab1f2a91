"""Letters: found by what people call them, listed while they wait, shown only to who may see."""

from datetime import timedelta

import pytest

from registry import entries, letters
from registry.db import Database
from registry.errors import NotFound, NotUnderstood
from registry.letter.message import Original
from registry.models.letters import EnclosureRow, LetterRow, OriginalRow, ReferenceRow


def add(database: Database, entity_id: int, clock, letter_id: str, **fields) -> str:
    """Add a letter with a file and a reference."""
    row = LetterRow(
        id=letter_id * 16, entity_id=entity_id, accepted_at=clock.now(),
        **{"direction": "in", "state": "waiting", "subject": "เรื่อง", **fields},
    )  # fmt: skip
    with database.write() as session:
        session.add(row)
        session.flush()
        session.add(
            EnclosureRow(
                letter_id=row.id, position=0, role="letter", name="ก.pdf", bytes=1,
                sha256="0" * 64, media_type="application/pdf",
            )
        )  # fmt: skip
        session.add(ReferenceRow(letter_id=row.id, position=0, text="อ้างถึง"))
    return row.id


def test_a_letter_is_given_whole(database, office, clock):
    letter_id = add(database, office.phrae, clock, "a", defects=["no Subject"], facts={"n": 1})
    with database.read() as session:
        letter = letters.get_letter(session, letter_id)
    assert (letter.entity, letter.entry_id, letter.subject) == ("phrae", None, "เรื่อง")
    assert (letter.defects, letter.facts) == (("no Subject",), {"n": 1})
    assert [file.name for file in letter.enclosures] == ["ก.pdf"]
    assert [reference.text for reference in letter.references] == ["อ้างถึง"]


def test_a_letter_that_is_not_there_is_said_to_be_missing(database, office):
    with database.read() as session, pytest.raises(NotFound):
        letters.get_letter(session, "z" * 16)


def test_letters_wait_in_the_order_they_came(database, office, clock):
    later = add(database, office.phrae, clock, "a")
    clock.advance(timedelta(minutes=-5))
    first = add(database, office.town, clock, "b", state="secret")
    add(database, office.phrae, clock, "c", state="registered")
    add(database, office.phrae, clock, "d", direction="out", state="draft")
    with database.read() as session:
        assert [letter.id for letter in letters.waiting(session)] == [first, later]
        assert [letter.id for letter in letters.waiting(session, "PHRAE")] == [later]


def test_drafts_wait_apart(database, office, clock):
    draft = add(database, office.phrae, clock, "a", direction="out", state="draft")
    add(database, office.phrae, clock, "b", direction="out", state="sent")
    add(database, office.phrae, clock, "c")
    with database.read() as session:
        assert [letter.id for letter in letters.drafts(session)] == [draft]
        assert letters.drafts(session, "town") == []


def test_a_letter_is_named_by_its_id_its_entry_or_its_number(database, office, clock):
    letter_id = add(database, office.phrae, clock, "a")
    key = entries.BookKey(office.phrae, "", "received", "ordinary", 2568)
    with database.write() as session:
        assert letters.resolve(session, letter_id) == (letter_id, None)
        entry = entries.write(session, key, letter_id, entries.EntryFields(), "x", clock).id
        for ref in (letter_id, entry, "รับ/1/2568"):
            assert letters.resolve(session, ref, "phrae") == (letter_id, entry)
        assert letters.get_letter(session, letter_id).entry_id == entry


def test_a_reserved_number_is_an_entry_without_a_letter(database, office, clock):
    key = entries.BookKey(office.phrae, "", "sent", "ordinary", 2568)
    with database.write() as session:
        content = entries.EntryFields(state="reserved")
        entry = entries.write(session, key, None, content, "x", clock).id
        assert letters.resolve(session, "ส่ง/1/2568", "phrae") == (None, entry)


@pytest.mark.parametrize(("ref", "error"), [("z" * 16, NotFound), ("อะไร", NotUnderstood)])
def test_what_names_no_letter_is_said_so(database, office, ref, error):
    with database.read() as session, pytest.raises(error):
        letters.resolve(session, ref, "phrae")


def test_the_way_an_original_is_kept_is_told(database, office, clock):
    recipe = [{"at": 7, "sha256": "b" * 64}]
    with database.write() as session:
        session.add(
            OriginalRow(sha256="a" * 64, bytes=9, form="skeleton", blob="c" * 64, recipe=recipe)
        )
    letter_id = add(database, office.phrae, clock, "a", original_sha256="a" * 64)
    with database.read() as session:
        kept = letters.original_of(session, letter_id)
    assert kept == Original("a" * 64, 9, "skeleton", "c" * 64, tuple(recipe))


def test_a_letter_that_came_by_no_mail_has_no_original(database, office, clock):
    letter_id = add(database, office.phrae, clock, "a")
    with database.read() as session, pytest.raises(NotFound):
        letters.original_of(session, letter_id)


def test_a_secret_letter_shows_that_it_is_there_and_nothing_more(database, office, clock):
    letter_id = add(
        database, office.phrae, clock, "a", secrecy="ลับ", text="เนื้อหา", sender="a@b.example",
        sender_name="ผู้ส่ง", why_waiting="เหตุ",
    )  # fmt: skip
    with database.read() as session:
        shown = letters.redact(letters.get_letter(session, letter_id))
    assert (shown.id, shown.state, shown.secrecy) == (letter_id, "waiting", "ลับ")
    assert (shown.subject, shown.text, shown.sender, shown.sender_name) == ("", "", "", "")
    assert (shown.enclosures, shown.references) == ((), ())
