"""What a proven clerk of our own may ask for by mail, and what a forged one may not."""

import pytest

from registry import directory
from registry.letter.message import Listener, Means, Trust
from registry.letter.sorting import Kind
from registry.models.letters import LetterRow, NoteRow
from registry.outbox import Kind as Job
from registry.tokens import reply_tag
from tests.registry.desk.conftest import (
    CLERK,
    DLA,
    LOCAL_BOX,
    NOBODY,
    OFFICER,
    PHRAE,
    House,
    Mails,
    pdf,
)

PROVEN = Trust(Means.DKIM, domain="phrae.example")
SIGNED_IN = Trust(Means.SIGNED_IN, domain="phrae.example", signed_in=CLERK)


@pytest.fixture
def received(house: House, mail: Mails) -> str:
    """A letter that was delivered to the clerk's unit."""
    with house.database.write() as session:
        directory.set_default_unit(session, house.phrae.id, "local")
    entry_id = house.one(mail(parts=[pdf()], message_id="<theirs@dla.example>")).entry_id
    assert entry_id is not None
    assert house.boxes(entry_id) == [LOCAL_BOX]
    return entry_id


def answer(house: House, mail: Mails, entry_id: str, **fields):
    tag = reply_tag(house.desk.keys, entry_id)
    fields = {"sender": CLERK, "trust": PROVEN} | fields
    return mail(**{"recipients": (f"saraban+{tag}@phrae.example",)} | fields)


def test_a_text_only_answer_is_a_note_and_leaves_nowhere(house: House, mail: Mails, received):
    outcome = house.one(answer(house, mail, received, text="รับทราบค่ะ"))

    assert (outcome.kind, outcome.state, outcome.number) == (Kind.NOTE, "note", None)
    (note,) = house.rows(NoteRow, entry_id=received)
    assert (note.text, note.by) == ("รับทราบค่ะ", CLERK)
    assert house.told("note_taken") == [CLERK]
    assert house.jobs(Job.LETTER) == []
    assert len(house.received()) == 1


def test_whoever_answers_the_mail_about_a_note_is_noted_and_hears_nothing_more(
    house: House, mail: Mails, received
):
    """A clerk's vacation program that says in no header what it is."""
    house.one(answer(house, mail, received, text="รับทราบค่ะ"))
    for n in range(4):
        told = house.jobs(Job.NOTICE)[-1].message_id
        house.one(answer(house, mail, received, text=f"ไม่อยู่ {n}", references=(told,)))

    assert len(house.rows(NoteRow)) == 5
    assert len(house.told("note_taken")) == 1


def test_a_program_that_writes_notes_in_new_threads_is_ended_by_the_breaker(
    house: House, mail: Mails, received
):
    house.settle(answers_per_hour=3)
    for n in range(8):
        house.one(answer(house, mail, received, text=f"ไม่อยู่ {n}"))

    assert len(house.rows(NoteRow)) == 8
    assert len(house.told("note_taken")) == 3
    assert house.told("loop_stopped") == [OFFICER]


def test_the_same_note_again_is_taken_once(house: House, mail: Mails, received):
    for _ in range(2):
        house.one(
            answer(house, mail, received, text="รับทราบค่ะ", raw="n", message_id="<n@phrae.example>")
        )

    assert len(house.rows(NoteRow)) == len(house.told("note_taken")) == 1


def test_an_answer_with_a_file_is_a_letter_that_goes_out(house: House, mail: Mails, received):
    outcome = house.one(answer(house, mail, received, parts=[pdf("ตอบ.pdf", "answer")]))

    assert (outcome.kind, outcome.state) == (Kind.DISPATCH, "draft")
    assert house.letter(outcome.letter_id).direction == "out"
    assert house.told("draft_waiting") == [CLERK]


def test_an_answer_in_a_mailbox_without_tags_is_known_by_its_thread(
    house: House, mail: Mails, received
):
    (copy,) = house.jobs(Job.COPY)
    message = mail(
        sender=CLERK, trust=PROVEN, text="รับทราบ",
        references=(copy.message_id, "<theirs@dla.example>"),
    )  # fmt: skip

    assert house.one(message).kind is Kind.NOTE


def test_a_vacation_answer_of_a_clerk_is_nothing(house: House, mail: Mails, received):
    outcome = house.one(answer(house, mail, received, text="ลาพักผ่อน", automatic=True))

    assert outcome.state == "automatic"
    assert house.rows(NoteRow) == []


def test_an_empty_answer_of_a_clerk_is_nothing(house: House, mail: Mails, received):
    assert house.one(answer(house, mail, received, text=" ")).state == "automatic"


def test_an_answer_that_is_only_a_picture_is_a_note_not_nothing(
    house: House, mail: Mails, received
):
    picture = pdf("ลายมือ.png", media_type="image/png", inline=True)
    outcome = house.one(answer(house, mail, received, text="", parts=[picture]))

    assert outcome.kind is Kind.NOTE


def test_a_forged_answer_of_a_clerk_waits_and_sends_nothing(house: House, mail: Mails, received):
    outcome = house.one(
        answer(house, mail, received, trust=NOBODY, parts=[pdf()], text="โอนเงินด้วย")
    )

    assert (outcome.kind, outcome.state) == (Kind.LETTER, "waiting")
    assert house.rows(LetterRow, direction="out") == house.rows(NoteRow) == []


def test_a_clerk_of_another_entity_is_no_clerk_here(house: House, mail: Mails, received):
    with house.database.write() as session:
        directory.add_officer(
            session, house.town.id, email="dao@town.example", role="clerk", at=house.clock.now()
        )
    trust = Trust(Means.DKIM, domain="town.example")
    outcome = house.one(
        answer(house, mail, received, sender="dao@town.example", trust=trust, text="รับทราบ")
    )

    assert outcome.state == "waiting"
    assert house.rows(NoteRow) == []


def test_a_disabled_clerk_is_no_clerk(house: House, mail: Mails, received):
    with house.database.write() as session:
        directory.disable_officer(session, CLERK, by="admin", at=house.clock.now())

    assert house.one(answer(house, mail, received, text="รับทราบ")).state == "waiting"


def test_a_dispatch_address_makes_a_draft(house: House, mail: Mails):
    message = mail(
        sender=CLERK, trust=PROVEN, recipients=("saraban+dla@phrae.example",), parts=[pdf()]
    )
    outcome = house.one(message)

    assert (outcome.kind, outcome.state) == (Kind.DISPATCH, "draft")
    assert house.told("draft_waiting") == [CLERK]


def test_a_code_that_means_nobody_is_told_to_the_clerk(house: House, mail: Mails):
    message = mail(
        sender=CLERK, trust=PROVEN, recipients=("saraban+gone@phrae.example",), parts=[pdf()]
    )

    assert house.one(message).kind is Kind.DISPATCH
    assert house.told("refused_code") == [CLERK]


def test_a_clerk_asks_for_a_number_by_mail(house: House, mail: Mails):
    message = mail(sender=CLERK, trust=PROVEN, recipients=("saraban+number@phrae.example",))
    outcome = house.one(message)

    assert (outcome.kind, outcome.number) == (Kind.SLIP, 1)
    assert house.told("number_slip") == [CLERK]


def test_asking_again_under_the_same_spool_name_reserves_no_second_number(
    house: House, mail: Mails
):
    message = mail(sender=CLERK, trust=PROVEN, recipients=("saraban+number@phrae.example",))

    assert house.take(message) == house.take(message)


def test_what_comes_through_submission_is_sent(house: House, mail: Mails):
    message = mail(
        sender=CLERK,
        trust=SIGNED_IN,
        listener=Listener.SUBMISSION,
        recipients=(DLA,),
        parts=[pdf()],
    )
    outcome = house.one(message)

    assert (outcome.kind, outcome.state, outcome.number) == (Kind.DISPATCH, "sent", 1)
    assert house.told("letter_sent") == [CLERK]


def test_an_answer_through_submission_to_the_plain_address_is_a_note(
    house: House, mail: Mails, received
):
    (copy,) = house.jobs(Job.COPY)
    message = mail(
        sender=CLERK, trust=SIGNED_IN, listener=Listener.SUBMISSION, recipients=(PHRAE,),
        references=(copy.message_id,), text="รับทราบค่ะ",
    )  # fmt: skip

    assert house.one(message).kind is Kind.NOTE
    assert house.jobs(Job.LETTER) == []


def test_a_signed_in_clerk_who_is_none_any_more_sends_nothing(house: House, mail: Mails):
    from registry.errors import NotAllowed

    with house.database.write() as session:
        directory.disable_officer(session, CLERK, by="admin", at=house.clock.now())
    message = mail(
        sender=CLERK,
        trust=SIGNED_IN,
        listener=Listener.SUBMISSION,
        recipients=(DLA,),
        parts=[pdf()],
    )

    with pytest.raises(NotAllowed):
        house.one(message)
    assert house.rows(LetterRow) == []
