"""The same mail of a clerk once more adds addressees, never a number."""

from dataclasses import replace

import pytest

from registry.desk import dispatch, draft
from registry.letter.sorting import Kind
from tests.registry.desk_out.conftest import pdf


@pytest.fixture
def submit(database, desk, phrae):
    """Hand a mail to the submission port as Somchai."""

    def act(message):
        with database.write() as session:
            return dispatch.from_submission(session, desk, message, phrae.clerk)

    return act


def copy(message, *recipients):
    """The same mail as a server hands it in for other recipients."""
    spool = f"{message.spool_name}-copy-{'-'.join(recipients)}"[:80]
    return replace(message, spool_name=spool, recipients=recipients)


def test_a_server_that_splits_by_recipient_makes_one_letter(submit, mail, books):
    message = mail.submitted("saraban@dla.example")
    first = submit(message)
    second = submit(copy(message, "saraban@town.example"))
    assert (second.entry_id, second.number) == (first.entry_id, 1)
    assert [row.to_address for row in books.deliveries()] == [
        "saraban@dla.example", "saraban@town.example",
    ]  # fmt: skip
    assert len({job.message_id for job in books.jobs()}) == 1


def test_the_book_and_the_clerk_hear_of_the_added_addressee(submit, mail, books):
    message = mail.submitted("saraban@dla.example")
    submit(message)
    submit(copy(message, "saraban@town.example"))
    assert books.entries()[0].to_text == "กรมส่งเสริมการปกครองท้องถิ่น, เทศบาลเมืองแพร่"
    assert [job.facts.get("added") for job in books.jobs("notice")] == [None, "เทศบาลเมืองแพร่"]


def test_a_resend_to_the_same_addressees_does_nothing(submit, mail, books):
    message = mail.submitted("saraban@dla.example")
    submit(message)
    assert submit(copy(message, "saraban@dla.example")).kind is Kind.DUPLICATE
    assert (len(books.entries()), len(books.jobs()), len(books.notices())) == (1, 1, 1)


def test_a_copy_adds_to_a_draft_without_telling_again(database, desk, phrae, mail, books):
    message = mail("dla")
    with database.write() as session:
        dispatch.from_tags(session, desk, message, phrae.entity, (), phrae.clerk)
        other = copy(message, "saraban+town@phrae.example")
        dispatch.from_tags(session, desk, other, phrae.entity, (), phrae.clerk)
    (letter,) = books.letters()
    assert letter.to_text == "กรมส่งเสริมการปกครองท้องถิ่น, เทศบาลเมืองแพร่"
    assert books.notices() == ["draft_waiting"]


def test_one_message_id_with_other_content_is_another_letter_that_waits(submit, mail, books):
    message = mail.submitted("saraban@dla.example", parts=[pdf()])
    submit(message)
    other = copy(message, "saraban@dla.example")
    assert submit(replace(other, parts=(pdf(content="อื่น"),))).state == "draft"
    assert "Message-ID ซ้ำ" in books.letters()[1].why_waiting
    assert len(books.entries()) == 1


def test_a_mail_without_message_id_is_known_by_what_it_says(submit, mail, books):
    message = mail.submitted("saraban@dla.example", message_id=None)
    submit(message)
    submit(copy(message, "saraban@town.example"))
    assert (len(books.entries()), len(books.deliveries())) == (1, 2)


def test_two_clerks_may_have_used_the_same_message_id(database, desk, phrae, mail, books):
    message = replace(mail.submitted("saraban@dla.example"), senders=())
    with database.write() as session:
        dispatch.from_submission(session, desk, message, phrae.clerk)
        other = copy(message, "saraban@dla.example")
        dispatch.from_submission(session, desk, other, phrae.colleague)
    assert len(books.entries()) == 2


def test_a_copy_does_not_revive_a_returned_draft(database, desk, phrae, mail, books):
    message = mail("dla")
    with database.write() as session:
        first = dispatch.from_tags(session, desk, message, phrae.entity, (), phrae.clerk)
        draft.return_(session, desk, first.letter_id, phrae.registrar.email, "ไฟล์ไม่ครบ")
        other = copy(message, "saraban+town@phrae.example")
        again = dispatch.from_tags(session, desk, other, phrae.entity, (), phrae.clerk)
    assert (again.letter_id, again.state) == (first.letter_id, "returned")
    assert books.letters()[0].to_text == "กรมส่งเสริมการปกครองท้องถิ่น"


def test_a_refused_mail_that_comes_again_is_refused_once(submit, mail, books):
    message = mail.submitted("saraban@dla.example", text="")
    submit(message)
    assert submit(copy(message, "saraban@dla.example")).kind is Kind.DUPLICATE
    assert books.notices() == ["draft_returned"]
