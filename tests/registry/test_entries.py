"""Entries: written whole, changed with a trace, never gone, and shown only to who may see them."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select

from registry import entries, journal, relations
from registry.clock import BANGKOK, FrozenClock
from registry.db import Database
from registry.entries import BookKey, EntryFields
from registry.errors import Conflict, NotFound, NotUnderstood
from registry.letter.number import SenderCode
from registry.letter.reference import EntryRef
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import EnclosureRow, LetterRow, NoteRow, ReferenceRow
from registry.models.outgoing import DeliveryRow
from tests.registry.conftest import Office

OFFICER = "somsri@phrae.example"


@pytest.fixture
def received(office: Office) -> BookKey:
    """Phrae's ordinary received book of 2568."""
    return BookKey(office.phrae, "", "received", "ordinary", 2568)


def write(database: Database, key: BookKey, clock: FrozenClock, letter=None, **fields) -> str:
    """Write an entry and give its id."""
    with database.write() as session:
        return entries.write(session, key, letter, EntryFields(**fields), OFFICER, clock).id


def add_letter(database: Database, office: Office, clock, letter_id="l" * 16) -> str:
    """Add a letter with two files and a reference."""
    with database.write() as session:
        session.add(
            LetterRow(
                id=letter_id, entity_id=office.phrae, direction="in", state="registered",
                accepted_at=clock.now(),
            )
        )  # fmt: skip
        session.flush()
        for position, role in enumerate(("letter", "enclosure")):
            session.add(
                EnclosureRow(
                    letter_id=letter_id, position=position, role=role, name=f"{role}.pdf", bytes=9,
                    sha256="0" * 64, media_type="application/pdf",
                )
            )  # fmt: skip
        session.add(
            ReferenceRow(
                letter_id=letter_id, position=0, text="หนังสือกรมฯ", number="มท 0810/1",
                dated=date(2025, 9, 1),
            )
        )  # fmt: skip
    return letter_id


def test_an_entry_is_read_back_as_it_was_written(database, office, received, clock):
    letter = add_letter(database, office, clock)
    entry_id = write(
        database, received, clock, letter, letter_number="มท 0810.7/ว 12", subject="แจ้งแนวทาง",
        dated=date(2025, 10, 1), from_text="กรม", to_text="ผู้ว่าราชการจังหวัด", urgency="ด่วนที่สุด",
        accepted_at=clock.now(), message_id="<1@dla.example>", original_sha256="a" * 64,
    )  # fmt: skip
    with database.read() as session:
        entry = entries.get(session, entry_id)
    shown = entry.as_json()
    assert json.loads(json.dumps(shown)) == shown
    assert (shown["entity"], shown["book"], shown["year"], shown["number"]) == (
        "phrae", "received", 2568, 1
    )  # fmt: skip
    assert shown["registered_at"] == "2025-10-03T10:42:00+07:00"
    assert shown["references"][0]["dated"] == "2025-09-01"
    assert [file["role"] for file in shown["enclosures"]] == ["letter", "enclosure"]
    assert (shown["state"], shown["message_id"]) == ("registered", "<1@dla.example>")


def test_the_letters_own_number_is_made_of_the_number_taken(database, office, clock):
    sent = BookKey(office.phrae, "", "sent", "ordinary", 2568)
    code = SenderCode.parse("พร ๐๐๒๓.๓")
    entry_id = write(database, sent, clock, numbered=lambda n: code.number(n, circular=True))
    with database.read() as session:
        assert entries.get(session, entry_id).letter_number == "พร 0023.3/ว 1"
        assert session.get(EntryRow, entry_id).letter_number_key == "พร0023.3/ว1"


def test_a_hundred_letters_over_twenty_threads_are_entered_one_to_a_hundred(
    database, received, clock
):
    def register(n: int) -> int:
        with database.write() as session:
            content = EntryFields(subject=f"เรื่องที่ {n}")
            return entries.write(session, received, None, content, "automatic", clock).number

    with ThreadPoolExecutor(20) as threads:
        assert sorted(threads.map(register, range(100))) == list(range(1, 101))
    with database.snapshot() as session:
        assert journal.verify(session) == []


def test_an_entry_that_fails_takes_its_number_and_its_journal_line_with_it(
    database, received, clock
):
    with pytest.raises(ZeroDivisionError), database.write() as session:
        entries.write(session, received, None, EntryFields(), OFFICER, clock).number / 0
    write(database, received, clock)
    with database.read() as session:
        assert [entry.number for entry in entries.listing(session, "phrae")] == [1]
        assert len(session.scalars(select(JournalRow)).all()) == 1


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        (datetime(2025, 12, 31, 16, 59, 59, tzinfo=UTC), 2568),
        (datetime(2025, 12, 31, 17, 0, 0, tzinfo=UTC), 2569),
    ],
)
def test_an_entry_stands_in_the_book_of_the_year_it_took_its_number(
    database, received, moment, year
):
    entry_id = write(database, received, FrozenClock(moment))
    with database.read() as session:
        entry = entries.get(session, entry_id)
    assert (entry.year, entry.number, entry.registered_at) == (year, 1, moment)


def test_a_batch_of_letters_to_two_entities_cannot_deadlock(database, office, clock):
    keys = [BookKey(e, "", "received", "ordinary", 2568) for e in (office.phrae, office.town)]

    def batch(n: int) -> None:
        with database.write() as session:
            entries.lock(session, set(keys))
            for key in keys if n % 2 else reversed(keys):
                entries.write(session, key, None, EntryFields(), "automatic", clock)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(batch, range(12)))
    with database.read() as session:
        assert [e.number for e in entries.listing(session, "town")] == list(range(1, 13))


def test_an_amended_entry_keeps_both_digests_and_the_reason(database, received, clock):
    entry_id = write(database, received, clock, subject="เรื่งอ")
    with database.write() as session:
        before = session.get(EntryRow, entry_id).digest
        after = entries.amend(
            session, entry_id, OFFICER, "พิมพ์ผิด", at=clock.now(), subject="เรื่อง"
        ).digest
        line = session.scalars(select(JournalRow).where(JournalRow.act == "amended")).one()
        note = session.get(NoteRow, line.facts["note"])
        assert entries.get(session, entry_id).subject == "เรื่อง"
    assert (line.facts["before"], line.digest, line.facts["fields"]) == (before, after, ["subject"])
    assert (note.text, note.by) == ("พิมพ์ผิด", OFFICER)


def test_the_journal_repeats_nothing_that_a_letter_says(database, received, clock):
    entry_id = write(database, received, clock, subject="ความลับหนึ่ง", from_text="ความลับสอง")
    with database.write() as session:
        entries.amend(session, entry_id, OFFICER, "ความลับสาม", at=clock.now(), subject="ความลับสี่")
        entries.void(session, entry_id, OFFICER, "ความลับห้า", at=clock.now())
        facts = [row.facts for row in session.scalars(select(JournalRow))]
    assert "ความลับ" not in json.dumps(facts, ensure_ascii=False)


@pytest.mark.parametrize("name", ["number", "year", "id", "digest", "state", "nonsense"])
def test_what_makes_an_entry_itself_is_never_amended(database, received, clock, name):
    entry_id = write(database, received, clock)
    with pytest.raises(TypeError, match=name), database.write() as session:
        entries.amend(session, entry_id, OFFICER, "", at=clock.now(), **{name: "x"})


def test_a_void_entry_keeps_number_reason_and_person(database, received, clock):
    entry_id = write(database, received, clock)
    with database.write() as session:
        entries.void(session, entry_id, OFFICER, "ลงซ้ำ", at=clock.now())
    write(database, received, clock)
    with database.read() as session:
        first, second = entries.listing(session, "phrae")
        assert session.get(EntryRow, entry_id).void_by == OFFICER
    assert (first.number, first.state, first.void_reason) == (1, "void", "ลงซ้ำ")
    assert second.number == 2


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_number_is_not_voided_without_a_reason(database, received, clock, reason):
    entry_id = write(database, received, clock)
    with pytest.raises(ValueError, match="reason"), database.write() as session:
        entries.void(session, entry_id, OFFICER, reason, at=clock.now())


def test_a_void_entry_is_changed_no_more(database, received, clock):
    entry_id = write(database, received, clock)
    with database.write() as session:
        entries.void(session, entry_id, OFFICER, "ลงซ้ำ", at=clock.now())
        with pytest.raises(Conflict):
            entries.void(session, entry_id, OFFICER, "อีกครั้ง", at=clock.now())
        with pytest.raises(Conflict):
            entries.amend(session, entry_id, OFFICER, "", at=clock.now(), subject="x")


def reserve(database: Database, office: Office, clock) -> str:
    """Reserve the next number of Phrae's sent book."""
    sent = BookKey(office.phrae, "", "sent", "ordinary", 2568)
    return write(database, sent, clock, state="reserved", reserved_for=OFFICER)


def test_a_reserved_number_keeps_its_own_date_and_year_when_it_is_used(database, office, clock):
    reserved_at = clock.now()
    entry_id = reserve(database, office, clock)
    clock.set(datetime(2026, 1, 5, 9, 0, tzinfo=BANGKOK))
    letter = add_letter(database, office, clock)
    with database.write() as session:
        entries.use(session, entry_id, letter, OFFICER, at=clock.now(), subject="ส่งรายงาน")
        entry = entries.get(session, entry_id)
    assert (entry.year, entry.number, entry.registered_at) == (2568, 1, reserved_at)
    assert (entry.state, entry.subject, len(entry.enclosures)) == ("registered", "ส่งรายงาน", 2)


def test_a_reserved_number_is_used_once(database, office, clock):
    entry_id = reserve(database, office, clock)
    letter = add_letter(database, office, clock)
    with database.write() as session:
        entries.use(session, entry_id, letter, OFFICER, at=clock.now())
        with pytest.raises(Conflict):
            entries.use(session, entry_id, letter, OFFICER, at=clock.now())


def test_a_reserved_number_can_be_voided(database, office, clock):
    entry_id = reserve(database, office, clock)
    with database.write() as session:
        entries.void(session, entry_id, OFFICER, "ไม่ใช้แล้ว", at=clock.now())
        assert entries.get(session, entry_id).state == "void"


def test_an_act_on_an_entry_that_is_not_there_is_refused(database, office, clock):
    with pytest.raises(NotFound), database.write() as session:
        entries.void(session, "z" * 16, OFFICER, "x", at=clock.now())


def test_characters_that_no_column_can_hold_are_left_out(database, received, clock):
    entry_id = write(database, received, clock, subject="เรื่\x00อง")
    with database.read() as session:
        assert entries.get(session, entry_id).subject == "เรื่อง"


@pytest.mark.parametrize("ref", ["รับ/2/2568", "รับ/๒/๒๕๖๘"])
def test_an_entry_is_found_by_book_number_and_year(database, received, clock, ref):
    write(database, received, clock)
    second = write(database, received, clock)
    with database.read() as session:
        assert entries.get(session, ref, "phrae").id == second
        assert entries.get(session, ref, "PHRAE").id == second


@pytest.mark.parametrize("ref", ["รับ/9/2568", "รับ/1/2569", "ส่ง/1/2568", "z" * 16])
def test_an_entry_that_is_not_there_is_said_to_be_missing(database, received, clock, ref):
    write(database, received, clock)
    with database.read() as session, pytest.raises(NotFound):
        entries.get(session, ref, "phrae")


def test_a_text_that_names_no_entry_is_not_understood(database):
    with database.read() as session, pytest.raises(NotUnderstood):
        entries.get(session, "นั่นแหละ")


def test_without_an_entity_a_number_must_mean_one_entry(database, office, received, clock):
    first = write(database, received, clock)
    with database.read() as session:
        assert entries.get(session, "รับ/1/2568").id == first
    write(database, BookKey(office.town, "", "received", "ordinary", 2568), clock)
    with database.read() as session, pytest.raises(NotFound):
        entries.get(session, "รับ/1/2568")


def test_a_units_own_book_is_named_behind_a_plus(database, office, received, clock):
    write(database, received, clock)
    own = write(database, BookKey(office.phrae, "finance", "received", "ordinary", 2568), clock)
    with database.read() as session:
        assert entries.get(session, "รับ/1/2568", "phrae+finance").id == own


def test_a_circular_is_found_in_either_series(database, office, clock):
    ordinary = BookKey(office.phrae, "", "sent", "ordinary", 2568)
    apart = BookKey(office.phrae, "", "sent", "circular", 2568)
    code = SenderCode.parse("พร 0023.3")
    write(database, ordinary, clock, numbered=code.number)
    mixed = write(database, ordinary, clock, numbered=lambda n: code.number(n, circular=True))
    own = write(database, apart, clock, numbered=lambda n: code.number(n, circular=True))
    with database.read() as session:
        assert entries.get(session, "ส่ง/ว 2/2568", "phrae").id == mixed
        assert entries.get(session, "ส่ง/ว 1/2568", "phrae").id == own
        with pytest.raises(NotFound):
            entries.get(session, "ส่ง/ว 3/2568", "phrae")


def test_a_secret_entry_is_named_by_its_mark(database, office, clock):
    secret = BookKey(office.phrae, "", "received", "secret", 2568)
    entry_id = write(database, secret, clock, secrecy="ลับ")
    with database.read() as session:
        assert entries.find(session, EntryRef.parse("รับ/ลับ 1/2568"), "phrae") == entry_id
        with pytest.raises(NotFound):
            entries.get(session, "รับ/1/2568", "phrae")


def test_a_book_is_listed_by_series_and_number(database, office, clock):
    for series in ("secret", "ordinary", "circular", "ordinary"):
        write(database, BookKey(office.phrae, "", "sent", series, 2568), clock)
    with database.read() as session:
        found = entries.listing(session, "phrae", "sent", 2568)
        only = entries.listing(session, "phrae", "sent", 2568, series="ordinary", unit="")
    assert [(e.series, e.number) for e in found] == [
        ("ordinary", 1), ("ordinary", 2), ("circular", 1), ("secret", 1)
    ]  # fmt: skip
    assert len(only) == 2


def test_a_listing_is_narrowed_by_entity_book_and_year(database, office, received, clock):
    write(database, received, clock)
    with database.read() as session:
        assert entries.listing(session, "town") == []
        assert entries.listing(session, "phrae", "sent") == []
        assert entries.listing(session, "phrae", "received", 2569) == []
        assert len(entries.listing(session)) == 1


def test_a_long_listing_costs_few_queries(database, office, received, clock):
    for n in range(30):
        letter = add_letter(
            database, office, clock, f"letter{'abcdefghijklmnopqrstuvwxyz2345'[n] * 10}"
        )
        write(database, received, clock, letter)
    statements: list[str] = []

    def count(_conn, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", count)
    with database.read() as session:
        listed = entries.listing(session, "phrae")
    event.remove(database.engine, "before_cursor_execute", count)
    assert len(listed) == 30
    assert all(len(entry.enclosures) == 2 for entry in listed)
    assert len(statements) <= 8


def test_a_secret_entry_shows_that_it_is_there_and_nothing_more(database, office, clock):
    secret = BookKey(office.phrae, "", "received", "secret", 2568)
    letter = add_letter(database, office, clock)
    entry_id = write(
        database, secret, clock, letter, secrecy="ลับมาก", subject="เนื้อหา", from_text="กรม",
        letter_number="มท 0810/1", note="บันทึก", message_id="<1@dla.example>",
    )  # fmt: skip
    with database.read() as session:
        shown = entries.get(session, entry_id)
        cleared = entries.get(session, entry_id, cleared=True)
        [listed] = entries.listing(session, "phrae")
    assert shown == listed
    assert (shown.number, shown.state, shown.secrecy) == (1, "registered", "ลับมาก")
    printed = json.dumps(shown.as_json(), ensure_ascii=False)
    for word in ("เนื้อหา", "กรม", "มท 0810/1", "บันทึก", "<1@dla.example>", ".pdf"):
        assert word not in printed
    assert shown.enclosures == ()
    assert (cleared.subject, len(cleared.enclosures)) == ("เนื้อหา", 2)


def test_the_addressees_of_a_letter_come_with_their_entities(database, office, clock):
    entry_id = write(database, BookKey(office.phrae, "", "sent", "ordinary", 2568), clock)
    with database.write() as session:
        for position, (to, entity) in enumerate(
            [("saraban@town.example", office.town), ("x@y.example", None)]
        ):
            session.add(
                DeliveryRow(
                    entry_id=entry_id, position=position, to_address=to, to_entity_id=entity,
                    at=clock.now(),
                )
            )  # fmt: skip
    with database.read() as session:
        entry = entries.get(session, entry_id)
    assert [(d.to, d.to_entity, d.state) for d in entry.deliveries] == [
        ("saraban@town.example", "town", "queued"), ("x@y.example", "", "queued")
    ]  # fmt: skip
    assert entry.as_json()["deliveries"][0]["remote_number"] is None


@pytest.fixture
def pair(database, office, received, clock) -> tuple[str, str]:
    """A letter received, and our answer to it."""
    question = write(database, received, clock)
    return write(database, BookKey(office.phrae, "", "sent", "ordinary", 2568), clock), question


def test_a_link_is_told_from_both_sides(database, pair, clock):
    answer, question = pair
    with database.write() as session:
        relations.link(
            session, answer, question, "answers", "token", confirmed=True, by="", at=clock.now()
        )
        [there] = entries.get(session, answer).links
        [back] = entries.get(session, question).links
        assert relations.of(session, answer) == [there]
        assert relations.of(session, question) == [back]
    assert (there.relation, there.entry, there.how, there.confirmed) == (
        "answers", question, "token", True
    )  # fmt: skip
    assert (back.relation, back.entry) == ("answered_by", answer)


def test_a_suggestion_becomes_a_link_when_an_officer_confirms_it(database, pair, clock):
    with database.write() as session:

        def link(how: str, *, confirmed: bool) -> bool:
            return relations.link(
                session, *pair, "answers", how, 60, confirmed=confirmed, by=OFFICER, at=clock.now()
            )

        assert link("subject", confirmed=False)
        assert not link("cited", confirmed=False)
        assert link("officer", confirmed=True)
        assert not link("token", confirmed=True)
        [found] = relations.of(session, pair[0])
    assert (found.how, found.confirmed) == ("officer", True)


def test_an_undone_link_is_not_suggested_again_but_can_be_made_again(database, pair, clock):
    with database.write() as session:

        def link(*, confirmed: bool) -> bool:
            return relations.link(
                session, *pair, "answers", "cited", confirmed=confirmed, by="", at=clock.now()
            )

        assert link(confirmed=False)
        assert relations.unlink(session, *pair, by=OFFICER, at=clock.now()) == 1
        assert relations.of(session, pair[0]) == []
        assert entries.get(session, pair[1]).links == ()
        assert not link(confirmed=False)
        assert link(confirmed=True)
        assert len(relations.of(session, pair[0])) == 1
        assert journal.verify(session) == []


def test_only_the_named_relation_is_undone(database, pair, clock):
    with database.write() as session:
        for relation in ("answers", "cites"):
            relations.link(session, *pair, relation, "cited", confirmed=True, by="", at=clock.now())
        relations.unlink(session, *pair, "cites", by=OFFICER, at=clock.now())
        assert [link.relation for link in relations.of(session, pair[0])] == ["answers"]


def test_links_that_make_no_sense_are_refused(database, pair, clock):
    with database.write() as session:

        def link(*args: str) -> bool:
            return relations.link(session, *args, "x", confirmed=True, by="", at=clock.now())

        with pytest.raises(ValueError, match="no relation"):
            link(*pair, "likes")
        with pytest.raises(ValueError, match="no relation"):
            link(pair[0], pair[0], "answers")
        with pytest.raises(NotFound):
            relations.unlink(session, *pair, by=OFFICER, at=clock.now())


def test_a_link_to_an_entry_that_is_not_there_is_refused(database, pair, clock):
    with pytest.raises(NotFound), database.write() as session:
        relations.link(
            session, "z" * 16, pair[0], "answers", "x", confirmed=True, by="", at=clock.now()
        )


def test_an_entry_dated_by_a_clock_behind_keeps_the_order_of_the_book(database, received, clock):
    first = clock.now()
    write(database, received, clock)
    clock.advance(timedelta(hours=-3))
    write(database, received, clock)
    with database.read() as session:
        assert [e.registered_at for e in entries.listing(session, "phrae")] == [first, first]
