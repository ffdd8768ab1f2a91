"""What is written about a letter that is found secret is held with it, and freed with it."""

from dataclasses import replace

import pytest

from registry import entries, evidence
from registry.blobs import BlobStore
from registry.desk import compose, found_secret, free_secret
from registry.desk.compose import ComposedFile, Composition
from registry.dossier import NOT_SHOWN, dossier
from registry.errors import NotAllowed
from registry.ids import new_id
from registry.models.letters import LetterRow, NoteRow
from tests.registry.desk.conftest import DLA, OFFICER, SECRET_OFFICER, House, Mails, pdf, sha
from tests.registry.desk.secret_house import CANARY, GRADE, proven


@pytest.fixture
def received(house: House, mail: Mails):
    """A registered letter with its paper."""
    return house.one(mail(parts=[pdf()]))


def written(**fields) -> Composition:
    return replace(
        Composition(new_id(), subject=f"ตอบ {CANARY}", text="ข้อความ", to=(DLA,)), **fields
    )


def hand_over(house: House, what: Composition) -> str:
    with house.database.write() as session:
        done = compose.hand_over(session, house.desk, house.phrae, OFFICER, what, now=False)
    assert done.letter_id is not None
    return done.letter_id


def hide(house: House, letter_id: str) -> None:
    with house.database.write() as session:
        found_secret.hide(session, house.desk, letter_id, OFFICER, GRADE)


def free(house: House, letter_id: str) -> None:
    with house.database.write() as session:
        free_secret.free(session, house.desk, letter_id, SECRET_OFFICER, "ไม่ใช่ตรา")


PAPER = ComposedFile("หนังสือ.pdf", 90_000, sha("ลงนาม"), "application/pdf")


@pytest.fixture(params=["answers", "carries"])
def about(request, received) -> Composition:
    """A letter that answers the received one, or carries its paper."""
    if request.param == "answers":
        return written(answers=received.entry_id)
    return written(files=(PAPER,))


def test_a_draft_about_it_is_hidden_with_it_says_why_and_is_freed_with_it(house, received, about):
    draft = hand_over(house, about)
    other = hand_over(house, written())
    hide(house, received.letter_id)
    row = house.letter(draft)
    assert (row.state, row.secrecy) == ("returned", "ลับ")
    assert row.return_reason == found_secret.ABOUT_SECRET
    assert house.letter(other).state == "draft"
    free(house, received.letter_id)
    row = house.letter(draft)
    assert (row.state, row.secrecy, row.return_reason) == ("draft", None, "")
    assert proven(house) == []


def test_a_hidden_draft_is_freed_by_itself_and_not_hidden_again(house, received, about):
    draft = hand_over(house, about)
    hide(house, received.letter_id)
    free(house, draft)
    assert (house.letter(draft).state, house.letter(draft).secrecy) == ("draft", None)
    assert house.letter(received.letter_id).secrecy == "ลับ"


def test_a_hidden_draft_that_held_a_number_holds_it_again_when_it_is_freed(house):
    with house.database.write() as session:
        slip = compose.ask_number(session, house.desk, house.phrae, OFFICER, written())
    draft = hand_over(house, written(slip=slip.id))
    hide(house, draft)
    assert house.entry(slip.id).secrecy == "ลับ"
    free(house, draft)
    assert house.letter(draft).related_entry_id == slip.id
    assert house.entry(slip.id).secrecy is None
    assert proven(house) == []


def test_what_is_still_being_written_about_it_is_not_handed_in(house, received, about):
    hide(house, received.letter_id)
    with pytest.raises(NotAllowed) as refused:
        hand_over(house, about)
    assert refused.value.thai == compose.ABOUT_SECRET


def test_a_waiting_letter_that_was_hidden_waits_again_for_the_same_reason(house, mail):
    house.settle(receive="by_officer")
    waiting = house.one(mail()).letter_id
    why = house.letter(waiting).why_waiting
    hide(house, waiting)
    assert house.letter(waiting).state == "secret"
    free(house, waiting)
    row = house.letter(waiting)
    assert (row.state, row.secrecy, row.why_waiting) == ("waiting", None, why)


def test_a_note_that_came_with_a_secret_paper_is_read_by_the_cleared_alone(
    house, received, tmp_path
):
    with house.database.write() as session:
        now = house.clock.now()
        paper = LetterRow(
            id="n" * 16, entity_id=house.phrae.id, direction="in", state="note", accepted_at=now,
            related_entry_id=received.entry_id,
        )  # fmt: skip
        session.add(paper)
        session.flush()
        session.add(
            NoteRow(entry_id=received.entry_id, letter_id=paper.id, at=now, by=OFFICER, text=CANARY)
        )
    hide(house, "n" * 16)
    with house.database.read() as session:
        for cleared, text in ((False, NOT_SHOWN), (True, CANARY)):
            found = dossier(session, received.entry_id, received.letter_id, cleared=cleared)
            assert [one.text for one in found.notes] == [text]
        _, sections = evidence.gather(
            session, BlobStore(tmp_path / "blobs"), received.entry_id, None
        )
        assert CANARY not in str(sections)
        assert entries.get(session, received.entry_id).secrecy is None
