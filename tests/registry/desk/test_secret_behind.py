"""What answers a secret letter or carries its paper does not leave, whoever made it secret."""

from dataclasses import replace
from datetime import timedelta

import pytest

from registry import directory
from registry.desk import compose, dispatch, draft, found_secret, free_secret, unseal
from registry.desk.accept import accept, return_letter
from registry.desk.compose import ComposedFile, Composition
from registry.desk.secret_drafts import is_secret_paper
from registry.errors import Conflict, NotAllowed
from registry.ids import new_id
from registry.letter.message import Listener, Means, Trust
from registry.letter.sorting import Kind as Sorted
from registry.outbox import Kind
from registry.secret.moves import moved_to
from tests.registry.desk.conftest import (
    CLERK,
    DLA,
    NOBODY,
    OFFICER,
    SECRET_OFFICER,
    TOWN,
    House,
    Mails,
    pdf,
    sha,
)  # fmt: skip
from tests.registry.desk.secret_house import GRADE, move, proven

PAPER = ComposedFile("หนังสือ.pdf", 90_000, sha("ลงนาม"), "application/pdf")
OTHER = pdf(content="อีกฉบับ")
CITIZEN = {"sender": "nid@gmail.example", "sender_name": "นิด ใจดี", "trust": NOBODY}


@pytest.fixture
def received(house: House, mail: Mails):
    """A registered letter with its paper."""
    return house.one(mail(parts=[pdf()]))


@pytest.fixture
def waiting(house: House, mail: Mails) -> str:
    """A letter that waits for an officer, with the same paper."""
    letter_id = house.one(mail(**CITIZEN, parts=[pdf()])).letter_id
    assert letter_id is not None
    return letter_id


def hand_over(house: House, *, now: bool = False, **fields) -> str:
    what = replace(Composition(new_id(), subject="ตอบ", text="ข้อความ", to=(DLA,)), **fields)
    with house.database.write() as session:
        done = compose.hand_over(session, house.desk, house.phrae, OFFICER, what, now=now)
    assert done.letter_id is not None
    return done.letter_id


def hide(house: House, letter_id: str | None) -> None:
    assert letter_id is not None
    with house.database.write() as session:
        found_secret.hide(session, house.desk, letter_id, OFFICER, GRADE)


def free(house: House, letter_id: str) -> None:
    with house.database.write() as session:
        free_secret.free(session, house.desk, letter_id, SECRET_OFFICER, "ไม่ใช่ตรา")


def send_back(house: House, letter_id: str, reason: str) -> None:
    with house.database.write() as session:
        draft.return_(session, house.desk, letter_id, OFFICER, reason)


def mark(house: House, letter_id: str) -> None:
    with house.database.write() as session:
        unseal.mark(session, house.desk, letter_id, OFFICER, GRADE)


def state(house: House, letter_id: str) -> tuple[str, str | None, str]:
    row = house.letter(letter_id)
    return row.state, row.secrecy, row.return_reason


HIDDEN = ("returned", "ลับ", found_secret.ABOUT_SECRET)
OPEN = ("draft", None, "")


def test_moving_a_letter_straight_away_hides_the_drafts_about_it(house, received):
    answer, carrying = hand_over(house, answers=received.entry_id), hand_over(house, files=(PAPER,))
    move(house, received.entry_id)
    assert [state(house, one) for one in (answer, carrying)] == [HIDDEN, HIDDEN]
    assert proven(house) == []


def test_marking_a_letter_that_waits_hides_the_drafts_that_carry_its_paper(house, waiting):
    carrying = hand_over(house, files=(PAPER,))
    mark(house, waiting)
    assert state(house, carrying) == HIDDEN


def test_accepting_a_letter_as_secret_hides_the_drafts_that_carry_its_paper(house, waiting):
    carrying = hand_over(house, files=(PAPER,))
    with house.database.write() as session:
        accept(session, house.desk, waiting, SECRET_OFFICER, secrecy="ลับ")
    assert state(house, carrying) == HIDDEN


def test_a_marking_that_the_officer_takes_off_frees_the_drafts_hidden_with_it(house, waiting):
    carrying = hand_over(house, files=(PAPER,))
    mark(house, waiting)
    with house.database.write() as session:
        accept(session, house.desk, waiting, SECRET_OFFICER, secrecy="")
    assert state(house, carrying) == OPEN


def test_a_form_that_answers_the_old_line_of_a_moved_letter_is_not_handed_in(house, received):
    move(house, received.entry_id)
    with pytest.raises(NotAllowed):
        hand_over(house, answers=received.entry_id)


@pytest.mark.parametrize("moves", [False, True])
@pytest.mark.parametrize("content", ["ลงนาม", "คำตอบ"])
def test_the_clerks_own_mail_about_it_is_hidden_and_nobody_sends_it(
    house, received, mail, moves, content
):
    hide(house, received.letter_id)
    if moves:
        move(house, received.entry_id)
    house.settle(send="automatic")
    trust = Trust(Means.SIGNED_IN, domain="phrae.example", signed_in=CLERK)
    message = mail(
        sender=CLERK, recipients=(DLA,), to=(DLA,), parts=[pdf(content=content)], trust=trust,
        listener=Listener.SUBMISSION,
    )  # fmt: skip
    with house.database.write() as session:
        clerk = directory.officer_by_email(session, CLERK)
        if content == "ลงนาม":
            done = dispatch.from_submission(session, house.desk, message, clerk)
        else:
            done = dispatch.answer(
                session, house.desk, message, house.phrae, clerk, _line(house, received, moves)
            )
    assert (done.state, done.entry_id) == ("returned", None)
    assert state(house, done.letter_id) == HIDDEN
    assert house.told("draft_returned") == [CLERK]
    with pytest.raises((NotAllowed, Conflict)), house.database.write() as session:
        draft.accept(session, house.desk, done.letter_id, OFFICER)
    free(house, done.letter_id)
    with house.database.write() as session:
        draft.accept(session, house.desk, done.letter_id, OFFICER)
    assert house.letter(done.letter_id).state == "sent"


def test_a_letter_about_it_that_was_sent_before_goes_to_nobody_else(house, received, mail):
    house.settle(send="automatic")
    trust = Trust(Means.SIGNED_IN, domain="phrae.example", signed_in=CLERK)
    once = {"sender": CLERK, "parts": [pdf(content="คำตอบ")], "message_id": "<once@phrae.example>"}
    first = mail(recipients=(DLA,), to=(DLA,), trust=trust, listener=Listener.SUBMISSION, **once)
    more = replace(first, recipients=(TOWN,), to=(TOWN,))
    with house.database.write() as session:
        clerk = directory.officer_by_email(session, CLERK)
        line = received.entry_id
        sent = dispatch.answer(session, house.desk, first, house.phrae, clerk, line)
        assert sent.state == "sent"
    hide(house, received.letter_id)
    before = len(house.jobs(Kind.LETTER))
    with house.database.write() as session:
        again = dispatch.answer(session, house.desk, more, house.phrae, clerk, line)
    assert (again.kind, again.letter_id) == (Sorted.DUPLICATE, sent.letter_id)
    assert len(house.jobs(Kind.LETTER)) == before
    assert house.told("draft_returned") == [CLERK]


def _line(house: House, received, moved: bool) -> str:
    if not moved:
        return received.entry_id
    with house.database.read() as session:
        return moved_to(session, received.entry_id)


def test_a_draft_about_two_secret_letters_is_freed_with_the_second(house, received, mail):
    other = house.one(mail(parts=[OTHER]))
    about_both = hand_over(house, answers=other.entry_id, files=(PAPER,))
    hide(house, other.letter_id)
    hide(house, received.letter_id)
    free(house, other.letter_id)
    assert state(house, about_both) == HIDDEN
    free(house, received.letter_id)
    assert state(house, about_both) == OPEN
    hide(house, other.letter_id)
    assert state(house, about_both) == HIDDEN


def test_two_drafts_with_one_paper_do_not_keep_each_other_hidden(house, received):
    paper = replace(PAPER, sha256=sha("คำตอบ"))
    both = [hand_over(house, answers=received.entry_id, files=(paper,)) for _ in range(2)]
    hide(house, received.letter_id)
    assert [state(house, one) for one in both] == [HIDDEN, HIDDEN]
    free(house, received.letter_id)
    assert [state(house, one) for one in both] == [OPEN, OPEN]


def test_a_draft_that_was_given_back_is_hidden_and_is_given_back_again(house, received):
    given_back = hand_over(house, files=(PAPER,))
    send_back(house, given_back, "แก้คำผิด")
    hide(house, received.letter_id)
    assert state(house, given_back) == HIDDEN
    free(house, received.letter_id)
    assert state(house, given_back) == ("returned", None, "แก้คำผิด")


def test_a_draft_freed_with_its_letter_is_not_hidden_when_the_paper_is_read_again(house, received):
    carrying = hand_over(house, files=(PAPER,))
    hide(house, received.letter_id)
    free(house, received.letter_id)
    with house.database.write() as session:
        assert found_secret.found_on_paper(session, house.desk, sha("ลงนาม"), GRADE) == []
    assert state(house, carrying) == OPEN


def test_our_own_paper_under_a_strangers_marking_is_no_secret(house, mail):
    """Whoever mails an office its circular marked ลับ neither hides its drafts nor stops it."""
    sent = hand_over(house, files=(PAPER,), now=True)
    waits = hand_over(house, files=(PAPER,))
    house.clock.advance(timedelta(minutes=1))
    spam = house.one(mail(**CITIZEN, subject="(ลับ) x", parts=[pdf()])).letter_id
    with house.database.write() as session:
        accept(session, house.desk, spam, SECRET_OFFICER)
    assert (house.letter(sent).state, house.letter(spam).secrecy) == ("sent", "ลับ")
    assert state(house, waits) == OPEN
    assert house.letter(hand_over(house, files=(PAPER,), now=True)).state == "sent"


def test_a_paper_new_to_the_books_is_no_secret_once_its_letter_was_sent_back(house, mail):
    spam = house.one(mail(**CITIZEN, subject="(ลับ) x", parts=[pdf()])).letter_id
    with house.database.read() as session:
        assert is_secret_paper(session, PAPER.sha256, house.phrae.id)
        assert not is_secret_paper(session, PAPER.sha256, house.town.id)
    with house.database.write() as session:
        return_letter(session, house.desk, spam, SECRET_OFFICER, "ไม่ใช่หนังสือราชการ")
    assert house.letter(hand_over(house, files=(PAPER,), now=True)).state == "sent"


def test_a_draft_of_ours_does_not_make_the_letter_that_came_of_it_ordinary(house):
    began = hand_over(house, files=(PAPER,))
    send_back(house, began, "แก้คำผิด")
    house.clock.advance(timedelta(minutes=1))
    hide(house, hand_over(house, files=(PAPER,), now=True))
    assert state(house, began) == HIDDEN


def test_a_marking_on_a_second_file_makes_no_secret_of_the_first(house, mail):
    waits = hand_over(house, files=(PAPER,))
    came = house.one(mail(**CITIZEN, parts=[pdf(), OTHER])).letter_id
    with house.database.write() as session:
        assert found_secret.found_on_paper(session, house.desk, OTHER.sha256, GRADE) == [came]
    assert state(house, waits) == OPEN


def test_drafts_that_answer_a_letter_marked_on_any_file_are_hidden(house, mail):
    came = house.one(mail(parts=[pdf(), OTHER]))
    answer = hand_over(house, answers=came.entry_id)
    with house.database.write() as session:
        found_secret.found_on_paper(session, house.desk, OTHER.sha256, GRADE)
    assert state(house, answer) == HIDDEN
