"""The chain of a letter, and all that was done with it: near and far, by time, for whom it is."""

from datetime import timedelta

import pytest

from registry import deliveries, relations
from registry.chain import Stop, chain
from registry.desk.accept import accept
from registry.desk.order import endorse
from registry.dossier import dossier
from registry.letter.delivery import DeliveryState
from registry.letter.message import Means, Trust
from registry.models.books import EntryRow
from registry.models.outgoing import DeliveryRow
from registry.tokens import reply_tag
from tests.registry.desk.conftest import CLERK, OFFICER, SECRET_OFFICER, house, mail, workdays

__all__ = ["house", "mail", "workdays"]  # fixtures

PROVEN = Trust(Means.DKIM, domain="phrae.example")


@pytest.fixture
def three(house, mail):
    """Three letters: the second answers the first, the third the second."""
    ids = [house.one(mail()).entry_id for _ in range(3)]
    for later, earlier in ((ids[1], ids[0]), (ids[2], ids[1])):
        join(house, later, earlier)
    return ids


def join(house, here, there, *, confirmed=True, relation="answers"):
    with house.database.write() as session:
        relations.link(
            session, here, there, relation, "officer", confirmed=confirmed, by=OFFICER,
            at=house.clock.now(),
        )  # fmt: skip


def seen(house, entry_id, *, cleared=False):
    with house.database.read() as session:
        return chain(session, entry_id, cleared=cleared)


def test_a_letter_that_stands_alone_has_no_chain(house, mail):
    assert seen(house, house.one(mail()).entry_id) == []


def test_the_chain_reaches_beyond_the_next_letter_and_is_in_order_of_time(house, three):
    found = seen(house, three[0])
    assert [one.id for one in found] == three
    assert [one.link.relation if one.link else None for one in found] == [None, "answered_by", None]


def test_a_suggestion_is_shown_here_and_followed_no_further(house, mail, three):
    near, far = (house.one(mail()).entry_id for _ in range(2))
    join(house, three[0], near, confirmed=False, relation="cites")
    join(house, near, far)
    found = {one.id: one.link for one in seen(house, three[0])}
    assert found[near].confirmed is False
    assert far not in found
    assert near not in {one.id for one in seen(house, three[2])}


def test_a_link_that_was_undone_joins_nothing(house, three):
    with house.database.write() as session:
        relations.unlink(session, three[1], three[0], by=OFFICER, at=house.clock.now())
    assert seen(house, three[0]) == []


def test_a_secret_letter_in_the_chain_shows_its_number_alone(house, mail, three):
    outcome = house.one(mail(subject="[ลับ] แผนรักษาความปลอดภัย"))
    with house.database.write() as session:
        secret = accept(session, house.desk, outcome.letter_id, SECRET_OFFICER)
    join(house, secret.id, three[0], relation="cites")
    found = {one.id: one for one in seen(house, three[0])}[secret.id]
    assert (found.secret, found.subject, found.from_text) == (True, "", "")
    opened = {one.id: one for one in seen(house, three[0], cleared=True)}[secret.id]
    assert "แผนรักษาความปลอดภัย" in opened.subject


def test_a_letter_in_anothers_books_is_not_in_the_chain(house, mail, three):
    with house.database.write() as session:
        session.get_one(EntryRow, three[2]).entity_id = house.town.id
    assert [one.id for one in seen(house, three[0])] == three[:2]


def test_the_dossier_holds_notes_mails_copies_and_every_line_of_the_journal(house, mail):
    entry_id = house.one(mail(recipients=("saraban+local@phrae.example",))).entry_id
    tag = reply_tag(house.desk.keys, entry_id)
    note = house.one(
        mail(sender=CLERK, trust=PROVEN, recipients=(f"saraban+{tag}@phrae.example",), text="ทราบ")
    )
    with house.database.write() as session:
        endorse(session, house.desk, entry_id, OFFICER, "ดำเนินการ")
        found = dossier(session, entry_id, house.entry(entry_id).letter_id)
    assert [one.text for one in found.notes] == ["ทราบ"]
    assert [one.id for one in found.mails] == [note.letter_id]
    assert [(one.unit, one.state) for one in found.copies] == [("local", "queued")]
    acts = [one.act for one in found.lines if one.act != "witnessed"]
    assert acts[-2:] == ["note", "endorsed"]


def test_a_letter_stops_where_it_got_to_with_their_number_where_they_told_one(house, three):
    now = house.clock.now()
    ways = {
        "อำเภอเมือง": [("sent", ""), ("registered", "12/2568")], "อำเภอสอง": [("sent", "")],
        "อำเภอวังชิ้น": [("sent", ""), ("bounced", "")], "อำเภอลอง": [],
    }  # fmt: skip
    with house.database.write() as session:
        for place, (name, way) in enumerate(ways.items()):
            row = DeliveryRow(
                entry_id=three[0], position=place, to_name=name, at=now,
                to_address=f"{place}@district.example",
            )  # fmt: skip
            session.add(row)
            session.flush()
            for later, (state, number) in enumerate(way):
                at = now + timedelta(days=later)
                deliveries.move(session, row.id, state, at, remote_number=number)
            deliveries.reported(session, row.id, at=now + timedelta(days=9))
    [first, *_] = seen(house, three[0])
    assert (first.sent, first.answered) == (4, 1)
    assert first.stops == (
        Stop("อำเภอเมือง", "12/2568", DeliveryState.REGISTERED, now + timedelta(days=1)),
        Stop("อำเภอสอง", "", DeliveryState.SENT, now),
    )
