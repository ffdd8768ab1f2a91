"""Who has not answered is reminded; who reported by another way counts as having done so."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from registry import deliveries, entries, following
from registry.desk import compose, elsewhere, remind
from registry.desk.compose import Composition
from registry.errors import Conflict, NotAllowed, NotUnderstood
from registry.ids import new_id
from registry.models.outgoing import DeliveryRow


@pytest.fixture
def sent(database, desk, phrae, books):
    """A letter to town and department that has left; gives its entry and deliveries by address."""
    what = Composition(
        new_id(), subject="ขอรายงาน", text="โปรดรายงาน", to=("town", "dla"), due=date(2025, 10, 20)
    )
    with database.write() as session:
        done = compose.hand_over(session, desk, phrae.entity, phrae.registrar.email, what, now=True)
    rows = books.deliveries()
    with database.write() as session:
        for row in rows:
            deliveries.move(session, row.id, "sent", desk.now())
    return done.entry_id, [row.id for row in rows]


@pytest.fixture
def act(database, desk, phrae):
    """Do an act on a letter as the registrar, or as somebody else."""

    def do(which, *arguments, by=None):
        email = (by or phrae.registrar).email
        with database.write() as session:
            return which(session, desk, arguments[0], email, *arguments[1:])

    return do


def move(database, desk, delivery_id, state):
    with database.write() as session:
        deliveries.move(session, delivery_id, state, desk.now(), remote_number="7")


def test_only_who_owes_something_is_reminded(database, desk, act, sent, books):
    entry_id, (first, second) = sent
    move(database, desk, first, "registered")
    act(elsewhere.reported, entry_id, [first], "กรอกแบบออนไลน์")
    assert act(remind.remind, entry_id, [first, second], "โปรดเร่งรัด") == 1
    (job,) = (one for one in books.jobs("notice") if one.facts["text"] == "reminder")
    assert (job.facts["report"], job.facts["words"]) == (False, "โปรดเร่งรัด")


def test_who_has_registered_is_asked_for_the_report(database, desk, act, sent, books):
    entry_id, (first, _) = sent
    move(database, desk, first, "registered")
    act(remind.remind, entry_id, [first])
    assert [one.facts["report"] for one in books.jobs("notice") if "report" in one.facts] == [True]


def test_one_reminder_a_day(act, sent, clock):
    entry_id, (first, _) = sent
    act(remind.remind, entry_id, [first])
    with pytest.raises(Conflict):
        act(remind.remind, entry_id, [first])
    clock.advance(timedelta(days=1))
    assert act(remind.remind, entry_id, [first]) == 1


def test_strangers_and_other_clerks_remind_nobody(act, sent, phrae):
    entry_id, chosen = sent
    for who in (phrae.stranger, phrae.clerk):
        with pytest.raises(NotAllowed):
            act(remind.remind, entry_id, chosen, by=who)


def test_deliveries_of_another_letter_are_not_reached(act, sent):
    entry_id, chosen = sent
    with pytest.raises(Conflict):
        act(remind.remind, entry_id, [max(chosen) + 1])


def test_reported_elsewhere_says_how_and_may_be_taken_back(database, act, sent, books):
    entry_id, (first, _) = sent
    assert act(elsewhere.reported, entry_id, [first], "ส่งทางไลน์") == 1
    with database.read() as session:
        assert deliveries.history(session, [first])[first][-1].detail == "รายงานทางอื่นแล้ว: ส่งทางไลน์"
    with pytest.raises(Conflict):
        act(elsewhere.reported, entry_id, [first], "อีกครั้ง")
    assert act(elsewhere.not_reported, entry_id, [first]) == 1
    assert [row.reported_at for row in books.deliveries()] == [None, None]


def test_reported_needs_a_word_on_how(act, sent):
    entry_id, chosen = sent
    with pytest.raises(NotUnderstood):
        act(elsewhere.reported, entry_id, chosen, "  ")


def test_who_got_a_copy_owes_an_acknowledgement_at_most(database, desk, phrae, act, books):
    """สำเนาส่ง is for information: no report is asked, counted as missing or reminded of."""
    what = Composition(
        new_id(), subject="ขอรายงาน", text="โปรดรายงาน", to=("town",), copies=("dla",),
        due=date(2025, 10, 20),
    )  # fmt: skip
    with database.write() as session:
        done = compose.hand_over(session, desk, phrae.entity, phrae.registrar.email, what, now=True)
        town, copy = [one.id for one in session.scalars(select(DeliveryRow))]
        deliveries.move(session, town, "sent", desk.now())
        deliveries.move(session, copy, "sent", desk.now())
    with database.read() as session:
        entry = entries.get(session, done.entry_id)
        assert [one.awaited for one in following.steps(session, entry)] == ["receipt", "receipt"]
    with database.write() as session:
        deliveries.move(session, town, "registered", desk.now())
        deliveries.move(session, copy, "registered", desk.now())
    with database.read() as session:
        entry = entries.get(session, done.entry_id)
        [one] = following.letters(session, phrae.entity.id, "open", desk.now(), cleared=False)
        assert [one.awaited for one in following.steps(session, entry)] == ["report", ""]
    assert (one.total, one.received, one.asked, one.reported) == (2, 2, 1, 0)
    with pytest.raises(Conflict):
        act(remind.remind, done.entry_id, [copy])

    with database.write() as session:
        deliveries.reported(session, town, at=desk.now())
    with database.read() as session:
        assert following.letters(session, phrae.entity.id, "open", desk.now(), cleared=False) == []
