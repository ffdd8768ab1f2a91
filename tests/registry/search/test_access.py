"""Who finds what: entity, unit, clearance; what becomes secret is gone from the index."""

from sqlalchemy import func, select

from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.search import SearchDocRow
from registry.search import segments
from registry.search.engine import postings
from registry.search.grams import ANYWHERE, piece_grams
from registry.search.terms import Reader
from tests.registry.conftest import Office
from tests.registry.search.books import Shelf


def _fill(shelf: Shelf, subject: str = "อื่น") -> None:
    """Register enough for the first letters to be in a segment."""
    for _each in range(64):
        shelf.register(subject)


def test_one_entity_never_finds_a_letter_of_another(shelf: Shelf, office: Office):
    """Not in hits, not in totals, not in what is offered or explained."""
    theirs = shelf.register("ลับสุดยอดของเทศบาล", entity_id=office.town)
    shelf.settle()
    reader = Reader(frozenset({office.phrae}))
    for line in ("สุดยอด", "สุดยอต", "รับ 1/2568", "รับ 2/2568"):
        page = shelf.page(line, reader)
        assert (page.hits, page.offers) == ((), ())
        assert page.total is not None
        assert page.total.number == 0
        assert "๐ ฉบับแล้ว" in page.explained[0]
    assert shelf.found("สุดยอด", Reader(frozenset({office.town}))) == [theirs]
    assert shelf.found("สุดยอด", Reader(frozenset())) == []


def test_access_holds_in_segments_as_in_the_tail(shelf: Shelf, office: Office):
    """What is filed in the index is narrowed by it, what is not yet is looked at."""
    mine = shelf.register("งบประมาณ")
    shelf.register("งบประมาณ", entity_id=office.town)
    _fill(shelf)
    shelf.register("งบประมาณ", entity_id=office.town)
    shelf.settle()
    page = shelf.page("งบ", Reader(frozenset({office.phrae})))
    assert [hit.letter_id for hit in page.hits] == [mine]
    assert page.total is not None
    assert page.total.number == 1


def test_a_clerk_of_a_unit_finds_the_letters_of_that_unit(shelf: Shelf, office: Office):
    """Units see their own letters where the office wants it so."""
    mine = shelf.register("งบ", unit_code="คลัง")
    shelf.register("งบ", unit_code="ช่าง")
    _fill(shelf)
    shelf.settle()
    reader = Reader(frozenset({office.phrae}), frozenset({"คลัง"}))
    assert shelf.found("งบ", reader) == [mine]
    assert shelf.found("งบ", reader, unit="ช่าง") == []
    assert shelf.found("งบ", unit="คลัง") == [mine]


def test_a_secret_entry_is_found_by_the_cleared_alone(shelf: Shelf, office: Office):
    """And never by the ordinary index."""
    shelf.register("แผนลับ", secrecy="ลับ", series="secret", number=7)
    shelf.settle()
    cleared = Reader(frozenset({office.phrae}), cleared=True)
    assert shelf.found("แผน") == []
    assert [hit.place for hit in shelf.page("แผน", cleared).hits] == ["รับ/ลับ 7/2568"]
    assert [hit.secrecy for hit in shelf.page("ลับ", cleared).hits] == ["ลับ"]
    assert shelf.page("แผน ปี 2567", cleared).hits == ()
    with shelf.database.read() as session:
        assert session.scalar(select(func.count()).select_from(SearchDocRow)) == 0


def test_for_others_the_word_secret_is_a_word(shelf: Shelf):
    """The line tells nobody whether there are secret letters."""
    wanted = shelf.register("ระเบียบว่าด้วยการรักษาความลับ")
    shelf.settle()
    assert shelf.found("ลับ") == [wanted]


def test_what_becomes_secret_leaves_no_trace_in_the_index(shelf: Shelf):
    """Not in the documents, and not among the grams."""
    letter = shelf.register("ฌาปนกิจ", "ฌ" * 5)
    _fill(shelf)
    shelf.settle()
    assert shelf.found("ฌาปน") == [letter]
    shelf.change(LetterRow, letter, secrecy="ลับ")
    assert shelf.found("ฌาปน") == [], "truth is asked before a hit is shown"
    shelf.settle()
    with shelf.database.read() as session:
        grams = [piece_grams(piece, ANYWHERE)[0][0] for piece in ("ฌ", "อื่")]
        places = [one.id for one in segments.ready(session)]
        assert {row[1] for row in postings(session, places, grams)} == {grams[1]}
        wanted = select(SearchDocRow.doc).where(SearchDocRow.ref == letter)
        assert session.scalar(wanted) is None


def test_an_entry_that_becomes_secret_takes_its_letter_with_it(shelf: Shelf):
    """The mark may be set on the line of the book."""
    letter = shelf.register("ฌาปนกิจ")
    shelf.settle()
    with shelf.database.read() as session:
        entry = session.scalars(select(EntryRow.id).where(EntryRow.letter_id == letter)).one()
    shelf.change(EntryRow, entry, secrecy="ลับ")
    shelf.settle()
    with shelf.database.read() as session:
        assert session.scalar(select(func.count()).select_from(SearchDocRow)) == 0


def test_what_could_not_be_read_is_not_found_until_it_was_opened(shelf: Shelf):
    """It may be secret: an officer has to look first."""
    letter = shelf.wait("งบ", facts={"unread": True})
    shelf.settle()
    assert shelf.found("งบ") == []
    shelf.change(LetterRow, letter, facts={"unread": True, "opened_by": "a@phrae.example"})
    shelf.settle()
    assert shelf.found("งบ") == [letter]


def test_a_void_entry_is_found_and_says_so(shelf: Shelf):
    """A number is never taken out of the book."""
    letter = shelf.register("งบ")
    shelf.settle()
    with shelf.database.read() as session:
        entry = session.scalars(select(EntryRow.id).where(EntryRow.letter_id == letter)).one()
    shelf.change(EntryRow, entry, state="void", void_reason="ซ้ำ")
    shelf.settle()
    [hit] = shelf.page("งบ").hits
    assert hit.state == "void"
