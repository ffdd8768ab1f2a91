"""A letter written on a page goes the way of all letters."""

from dataclasses import replace
from datetime import date

import pytest

from registry import entries, relations
from registry.desk import compose, draft
from registry.desk.cite import find_citations, resolve
from registry.desk.compose import ComposedFile, Composition
from registry.errors import Conflict, NotAllowed, NotFound, NotUnderstood
from registry.ids import new_id

PDF = ComposedFile("หนังสือลงนาม.pdf", 1000, "ab" * 32, "application/pdf")


def written(**fields):
    """What a form says of an ordinary letter to the town."""
    said = {"subject": "ขอเชิญประชุม", "text": "จึงเรียนมาเพื่อโปรดทราบ", "to": ("town",)}
    return Composition(new_id(), **(said | fields))


@pytest.fixture
def hand_over(database, desk, phrae):
    """Hand a letter over, as the registrar who sends it unless told otherwise."""

    def act(what, by=None, *, now=True, desk=desk):
        email = (by or phrae.registrar).email
        with database.write() as session:
            return compose.hand_over(session, desk, phrae.entity, email, what, now=now)

    return act


def test_an_officer_numbers_and_sends_at_once(hand_over, books):
    outcome = hand_over(written(urgency="ด่วนมาก", due=date(2025, 10, 20)))
    (entry,) = books.entries()
    assert (outcome.state, outcome.entry_id, outcome.number) == ("sent", entry.id, 1)
    assert (entry.urgency, entry.due.date()) == ("ด่วนมาก", date(2025, 10, 20))
    assert [one.state for one in books.jobs()] == ["queued"]


def test_a_clerks_letter_waits_for_an_officer(hand_over, books, phrae):
    assert hand_over(written(), phrae.clerk).state == "draft"
    assert books.entries() == []
    assert books.notices() == ["draft_waiting"]


def test_an_officer_may_leave_it_as_a_draft(hand_over, books, automatic):
    for desk in ({}, {"desk": automatic}):
        assert hand_over(written(), now=False, **desk).state == "draft"
    assert books.entries() == []


def test_a_clerk_sends_where_the_office_sends_automatically(hand_over, phrae, automatic):
    assert hand_over(written(), phrae.clerk, desk=automatic).state == "sent"


def test_the_same_form_handed_over_twice_is_one_letter(hand_over, books):
    what = written()
    hand_over(what)
    hand_over(what)
    assert len(books.entries()) == 1


def test_copies_are_sent_and_said_in_the_book(hand_over, books):
    hand_over(written(copies=("dopa",)))
    (entry,) = books.entries()
    assert entry.to_text == "เทศบาลเมืองแพร่ (สำเนาส่ง ที่ทำการปกครองจังหวัด)"
    assert len(books.deliveries()) == 3


def test_a_group_makes_a_circular(hand_over, books):
    hand_over(written(to=("taos",)))
    assert "/ว" in books.entries()[0].letter_number


@pytest.mark.parametrize(
    ("what", "error"),
    [
        (written(subject="[ลับ] แผน"), NotAllowed),
        (written(text="ลับที่สุด\nแผนรักษาความปลอดภัย"), NotAllowed),
        (written(subject=" "), NotUnderstood),
        (written(text=""), NotUnderstood),
        (written(to=("nobody",)), NotUnderstood),
        (written(answers="aaaaaaaaaaaaaaaa"), NotFound),
        (written(slip="aaaaaaaaaaaaaaaa"), NotFound),
    ],
)
def test_what_cannot_be_a_letter_is_refused(hand_over, books, what, error):
    with pytest.raises(error):
        hand_over(what)
    assert books.letters() == []


def test_a_stranger_writes_nothing(hand_over, phrae):
    with pytest.raises(NotAllowed):
        hand_over(written(), phrae.stranger)


def test_a_clerk_writes_for_their_own_unit_only(hand_over, phrae):
    assert hand_over(written(unit="fin"), phrae.colleague, now=False).state == "draft"
    with pytest.raises(NotAllowed):
        hand_over(written(unit="fin"), phrae.clerk)


def test_an_answer_begins_with_sender_subject_and_reference(database, phrae, received):
    entry_id = received()
    with database.read() as session:
        found = compose.answering(session, phrae.entity, entry_id, "k")
    assert (found.subject, found.answers) == ("แนวทางการปรับปรุงคู่มือ", entry_id)
    assert found.to == (phrae.department.central_address,)
    assert "ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔ ลงวันที่" in found.cites[0]


def test_the_reference_has_the_form_of_the_regulation(database, clock, phrae, received):
    """ข้อ 11: whose letter, its speed, ที่ and date, all in Thai digits; and it is found again."""
    entry_id = received()
    with database.write() as session:
        entries.amend(
            session, entry_id, "automatic", "", at=clock.now(), urgency="ด่วนที่สุด",
            from_text="กรมส่งเสริมการปกครองท้องถิ่น", dated=date(2019, 9, 16),
        )  # fmt: skip
        [line] = compose.answering(session, phrae.entity, entry_id, "k").cites
        [cited] = find_citations(f"อ้างถึง {line}")
        assert resolve(session, phrae.entity.id, cited).entry_id == entry_id
    assert line == ("หนังสือกรมส่งเสริมการปกครองท้องถิ่น ด่วนที่สุด ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔ ลงวันที่ ๑๖ กันยายน ๒๕๖๒")


def test_an_answer_is_linked_to_what_it_answers(database, hand_over, phrae, received):
    entry_id = received()
    with database.read() as session:
        begun = compose.answering(session, phrae.entity, entry_id, new_id())
    outcome = hand_over(replace(begun, text="ขอเรียนว่า"))
    with database.read() as session:
        links = relations.of(session, outcome.entry_id)
    assert [(one.entry, one.relation) for one in links] == [(entry_id, "answers")]


def test_a_secret_letter_is_not_answered_here(database, phrae, received):
    entry_id = received(secrecy="ลับ")
    with database.read() as session, pytest.raises(NotFound):
        compose.answering(session, phrae.entity, entry_id, "k")


@pytest.fixture
def numbered(database, desk, phrae):
    """Reserve a number for a letter as its clerk, and give the letter that bears it."""
    what = written()
    with database.write() as session:
        slip = compose.ask_number(session, desk, phrae.entity, phrae.clerk.email, what)
    return replace(what, slip=slip.id)


def test_a_clerk_sends_the_signed_letter_under_the_number_reserved(
    hand_over, numbered, books, phrae
):
    outcome = hand_over(replace(numbered, files=(PDF,)), phrae.clerk, now=False)
    assert (outcome.state, outcome.entry_id) == ("sent", numbered.slip)
    assert len(books.entries()) == 1


def test_an_officer_may_leave_a_letter_that_has_its_number(hand_over, numbered, books):
    assert hand_over(numbered, now=False).state == "draft"
    assert [one.state for one in books.entries()] == ["reserved"]


def test_without_the_signed_file_an_officer_looks_first(hand_over, numbered, phrae):
    assert hand_over(numbered, phrae.clerk, now=False).state == "draft"


def test_a_second_number_is_not_reserved_for_a_letter(database, desk, phrae, numbered):
    with database.write() as session, pytest.raises(Conflict):
        compose.ask_number(session, desk, phrae.entity, phrae.clerk.email, numbered)


def test_a_number_serves_one_letter(hand_over, numbered):
    hand_over(replace(numbered, files=(PDF,)))
    with pytest.raises(Conflict):
        hand_over(replace(numbered, key=new_id(), files=(PDF,)))


@pytest.mark.parametrize(
    "address", ["somchai@phrae,go.th", "abc@", "a b@c.d", "a@b.c\r\nBcc: d@e.f"]
)
def test_an_address_that_is_none_takes_no_number(hand_over, books, address):
    for fields in ({"to": (address,)}, {"copies": (address,)}):
        with pytest.raises(NotUnderstood):
            hand_over(written(**fields))
    assert books.entries() == []


def test_a_subject_is_one_line_of_the_register(hand_over, books):
    hand_over(written(subject="ขอเชิญ\r\n  ประชุม"))
    assert [one.subject for one in books.entries()] == ["ขอเชิญ ประชุม"]


def test_what_was_given_back_is_begun_again(database, desk, hand_over, phrae):
    outcome = hand_over(written(copies=("dopa",)), phrae.clerk)
    with database.write() as session:
        with pytest.raises(NotFound):
            compose.again(session, phrae.entity, phrae.clerk.email, outcome.letter_id, "new")
        draft.return_(session, desk, outcome.letter_id, phrae.registrar.email, "แก้เรื่อง")
        with pytest.raises(NotFound):
            compose.again(session, phrae.entity, phrae.registrar.email, outcome.letter_id, "new")
        begun = compose.again(session, phrae.entity, phrae.clerk.email, outcome.letter_id, "new")
    assert (begun.subject, begun.to, begun.copies) == (
        "ขอเชิญประชุม", (phrae.town.central_address,), ("dopa",),
    )  # fmt: skip
