"""Outgoing secret letters: a number of their own book, for who is cleared, and never by mail."""

import pytest
from sqlalchemy import select

from registry import entries
from registry.desk.paper import Paper, send_on_paper
from registry.desk.secret_number import reserve_secret
from registry.errors import NotAllowed
from registry.letter.grades import Secrecy
from registry.models.letters import LetterRow
from registry.models.outgoing import OutboxRow
from tests.registry.desk.conftest import OFFICER, SECRET_OFFICER, House


def test_a_secret_letter_goes_on_paper_under_a_number_of_the_secret_sent_book(house: House):
    with house.database.write() as session:
        made = reserve_secret(
            session, house.desk, house.phrae, SECRET_OFFICER, Secrecy.SECRET, subject="เรื่องหนึ่ง"
        )
        sent = send_on_paper(
            session, house.desk, made.id, SECRET_OFFICER, Paper("เรื่องหนึ่ง", "กรมส่งเสริมฯ")
        )
    assert (sent.series, sent.number, sent.secrecy) == ("secret", 1, "ลับมาก")
    assert sent.letter_number == "ลับ พร 0023/1"
    with house.database.read() as session:
        assert session.scalars(select(LetterRow.secrecy)).all() == ["ลับมาก"]
        assert session.scalars(select(OutboxRow.id)).all() == []
        assert entries.get(session, made.id).subject == ""


def test_the_ordinary_book_does_not_notice(house: House):
    with house.database.write() as session:
        reserve_secret(session, house.desk, house.phrae, SECRET_OFFICER, Secrecy.SECRET)
    assert house.sent().number == 1


def test_nobody_else_reserves_one(house: House):
    with house.database.write() as session, pytest.raises(NotAllowed):
        reserve_secret(session, house.desk, house.phrae, OFFICER, Secrecy.SECRET)
