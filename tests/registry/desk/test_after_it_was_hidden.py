"""What comes in about a letter after it was hidden or moved is as secret as that letter."""

from dataclasses import replace

import pytest

from registry import outbox
from registry.desk import found_secret, free_secret, unseal
from registry.letter.message import Listener, Means, Trust
from registry.models.letters import NoteRow
from registry.models.secrets import SecretLetterRow
from registry.tokens import reply_tag
from tests.registry.desk.conftest import CLERK, OFFICER, SECRET_OFFICER, House, Mails, pdf
from tests.registry.desk.secret_house import GRADE, move


def hide(house: House, letter_id: str | None) -> None:
    """Let an officer find a marking that no program can read."""
    assert letter_id is not None
    with house.database.write() as session:
        found_secret.hide(session, house.desk, letter_id, OFFICER, GRADE)


@pytest.mark.parametrize("moves", [False, True])
def test_the_same_mail_again_is_secret_and_is_encrypted(house: House, mail: Mails, moves: bool):
    sent = mail(raw="once", parts=[pdf()])
    first = house.one(sent)
    hide(house, first.letter_id)
    if moves:
        move(house, first.entry_id)
    again = house.one(replace(sent, spool_name="spool-again"))
    assert again.letter_id != first.letter_id
    assert house.letter(again.letter_id).secrecy == "ลับ"
    assert house.rows(SecretLetterRow, letter_id=again.letter_id)


def test_the_same_mail_as_one_that_an_officer_held_is_secret(house: House, mail: Mails):
    sent = mail(raw="once", sender="nid@gmail.example", parts=[pdf()])
    first = house.one(sent).letter_id
    with house.database.write() as session:
        unseal.mark(session, house.desk, first, OFFICER, GRADE)
    again = house.one(replace(sent, spool_name="spool-again")).letter_id
    assert house.letter(again).secrecy == "ลับ"


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_note_of_who_answers_an_old_copy_stands_at_the_new_line(house, mail, signed_in):
    first = house.one(mail(parts=[pdf()]))
    new = move(house, first.entry_id).entry.id
    tag = reply_tag(house.desk.keys, first.entry_id)
    fields = {"trust": Trust(Means.DKIM, domain="phrae.example")}
    if signed_in:
        trust = Trust(Means.SIGNED_IN, domain="phrae.example", signed_in=CLERK)
        fields = {"trust": trust, "listener": Listener.SUBMISSION}
    to = (f"saraban+{tag}@phrae.example",)
    outcome = house.one(mail(sender=CLERK, recipients=to, text="ทราบเรื่องลับ", **fields))
    assert [note.text for note in house.rows(NoteRow, entry_id=first.entry_id)] == []
    assert "ทราบเรื่องลับ" in [note.text for note in house.rows(NoteRow, entry_id=new)]
    assert house.letter(outcome.letter_id).secrecy == "ลับ"


def test_no_unit_that_the_second_copy_names_gets_it(house, mail):
    sent = mail(raw="once", parts=[pdf()])
    first = house.one(sent)
    hide(house, first.letter_id)
    before = len(house.jobs(outbox.Kind.COPY))
    house.one(
        replace(sent, spool_name="spool-again", recipients=("saraban+finance@phrae.example",))
    )
    assert len(house.jobs(outbox.Kind.COPY)) == before


def test_what_came_while_it_was_hidden_opens_when_it_is_freed(house, mail):
    sent = mail(raw="once", parts=[pdf()])
    first = house.one(sent)
    hide(house, first.letter_id)
    again = house.one(replace(sent, spool_name="spool-again")).letter_id
    assert house.letter(again).secrecy == "ลับ"
    with house.database.write() as session:
        free_secret.free(session, house.desk, first.letter_id, SECRET_OFFICER, "กลับ")
    assert house.letter(again).secrecy is None
