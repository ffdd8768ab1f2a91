"""A clerk answers the delivered copy of a letter that we received."""

import pytest

from registry import entries
from registry.desk import dispatch
from registry.letter.message import Listener
from registry.letter.sorting import Kind
from registry.tokens import reply_tag
from tests.registry.desk_out.conftest import pdf


@pytest.fixture
def answer(database, automatic, phrae):
    """Answer an entry as Somchai, where sending is automatic."""

    def act(message, entry_id, desk=automatic):
        with database.write() as session:
            return dispatch.answer(session, desk, message, phrae.entity, phrae.clerk, entry_id)

    return act


def test_an_answer_with_a_file_goes_to_the_entity_that_wrote(answer, mail, books, received):
    entry_id = received()
    answer(mail(parts=[pdf()]), entry_id)
    (delivery,) = books.deliveries()
    assert (delivery.to_address, delivery.to_name) == (
        "saraban@dla.example",
        "กรมส่งเสริมการปกครองท้องถิ่น",
    )


def test_an_answer_answers_the_entry_for_certain_and_names_its_message_id(
    database, answer, mail, books, received
):
    entry_id = received()
    sent = answer(mail(parts=[pdf()]), entry_id)
    with database.read() as session:
        (link,) = entries.get(session, sent.entry_id).links
    assert (link.relation, link.entry, link.how, link.confirmed) == (
        "answers", entry_id, "token", True,
    )  # fmt: skip
    assert books.jobs()[0].facts["references"] == ["<circular@dla.example>"]


def test_an_answer_waits_for_an_officer_where_officers_send(answer, desk, mail, books, received):
    outcome = answer(mail(parts=[pdf()]), received(), desk)
    assert outcome.state == "draft"
    assert (books.entries(), books.notices()) == ([], ["draft_waiting"])


def test_an_answer_goes_to_reply_to_only_within_the_domain_of_the_entity(
    answer, mail, books, received
):
    answer(mail(parts=[pdf()]), received(reply_to="saraban+r-x@mail.dla.example"))
    answer(mail(parts=[pdf("2.pdf")]), received(reply_to="thief@elsewhere.example"))
    assert sorted(row.to_address for row in books.deliveries()) == [
        "saraban+r-x@mail.dla.example",
        "saraban@dla.example",
    ]


def test_an_answer_to_a_citizen_goes_where_they_wrote_from(answer, mail, books, received):
    entry_id = received(from_entity_id=None, sender="citizen@mail.example")
    answer(mail(parts=[pdf()]), entry_id)
    assert books.deliveries()[0].to_address == "citizen@mail.example"


def test_an_answer_to_an_address_nobody_proved_waits_even_where_sending_is_automatic(
    answer, mail, books, received
):
    entry_id = received(from_entity_id=None, sender="x@mail.example", authenticated=False)
    assert answer(mail(parts=[pdf()]), entry_id).state == "draft"
    assert "ยังไม่ได้พิสูจน์" in books.letters()[0].why_waiting


def test_words_without_a_file_are_a_note_that_leaves_nowhere(
    database, answer, mail, books, received
):
    outcome = answer(mail(text="รับทราบค่ะ"), received())
    assert outcome.kind is Kind.NOTE
    assert (books.entries(), books.jobs(), books.letters()) == ([], [], [])
    assert books.notices() == ["note_taken"]


def test_a_picture_in_the_signature_is_not_a_file(answer, mail, books, received):
    logo = pdf("logo.png", media_type="image/png", inline=True)
    assert answer(mail(text="รับทราบ", parts=[logo]), received()).kind is Kind.NOTE


@pytest.mark.parametrize(
    "fields", [{"automatic": True, "parts": [pdf()]}, {"text": ""}, {"bounce": True}]
)
def test_machine_mail_and_empty_mail_never_become_anything(answer, mail, books, received, fields):
    assert answer(mail(**fields), received()).kind is Kind.AUTOMATIC
    assert (books.entries(), books.jobs("notice")) == ([], [])


def test_quoted_history_is_not_sent(answer, mail, books, received):
    message = mail(parts=[pdf()], text="ขอรายงาน\n> ความเห็นภายใน", own_text="ขอรายงาน")
    answer(message, received())
    assert books.letters()[0].text == "ขอรายงาน"


def test_an_answer_that_keeps_the_subject_repeats_that_of_the_letter(answer, mail, books, received):
    subject = "Re: [รับ ๒๒๓๑/๒๕๖๘] ด่วนมาก แนวทางการปรับปรุงคู่มือ"
    answer(mail(parts=[pdf()], subject=subject), received())
    assert books.entries()[0].subject == "แนวทางการปรับปรุงคู่มือ"


def test_an_answer_through_submission_is_known_by_its_token(
    database, desk, phrae, mail, books, received
):
    entry_id = received()
    tag = reply_tag(desk.keys, entry_id)
    message = mail.submitted(tags=[tag.upper()], parts=[pdf()])
    with database.write() as session:
        outcome = dispatch.from_submission(session, desk, message, phrae.clerk)
    assert books.letters()[0].facts["answers"] == [entry_id]
    assert outcome.state == "draft"


def test_an_answer_with_a_copy_to_others_goes_to_all_of_them(answer, mail, books, received):
    message = mail("town", plain=["me@else.example"], parts=[pdf()])
    answer(message, received())
    assert [row.to_address for row in books.deliveries()] == [
        "saraban@dla.example", "saraban@town.example",
    ]  # fmt: skip


def test_an_answer_handed_to_submission_reaches_its_plain_copies_too(answer, mail, books, received):
    message = mail(plain=["me@else.example"], parts=[pdf()], listener=Listener.SUBMISSION)
    answer(message, received())
    assert [row.to_address for row in books.deliveries()] == [
        "saraban@dla.example", "me@else.example",
    ]  # fmt: skip


def test_an_answer_to_a_letter_we_sent_waits_lest_it_goes_twice(answer, mail, books, received):
    sent = answer(mail(parts=[pdf()]), received())
    again = answer(mail(parts=[pdf("แก้ไข.pdf")]), sent.entry_id)
    assert again.state == "draft"
    assert books.letters()[1].to_text == "กรมส่งเสริมการปกครองท้องถิ่น"


def test_an_answer_to_a_secret_letter_is_hidden_and_goes_back(answer, mail, books, received):
    assert answer(mail(parts=[pdf()]), received(secrecy="ลับ")).state == "returned"
    assert books.letters()[-1].secrecy == "ลับ"
    assert books.deliveries() == []


def test_one_mail_that_answers_two_letters_is_one_letter_with_two_links(
    database, answer, mail, books, received
):
    first, second = received(), received(from_entity_id=None, sender="citizen@mail.example")
    message = mail(parts=[pdf()])
    sent = answer(message, first)
    answer(message, second)
    with database.read() as session:
        entry = entries.get(session, sent.entry_id)
    assert len(books.entries()) == 1
    assert {link.entry for link in entry.links} == {first, second}
    assert {row.to_address for row in books.deliveries()} == {
        "saraban@dla.example", "citizen@mail.example",
    }  # fmt: skip
