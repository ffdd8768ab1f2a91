"""Accounts as an administrator keeps them: of one entity, journaled, never without an admin."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from registry import directory, once
from registry.accounts import officers, people, sessions
from registry.errors import Conflict, NotFound
from registry.letter.entity import Role
from registry.models.access import OnceRow, WebSessionRow
from registry.models.evidence import JournalRow

ADMIN = "admin@phrae.example"
IDLE, LIFE = timedelta(hours=2), timedelta(hours=12)


@pytest.fixture
def made(database, office, clock):
    """An administrator and a clerk of Phrae."""
    with database.write() as session:
        return [
            people.add_officer(
                session, office.phrae, email=email, role=role, at=clock.now()
            )
            for email, role in ((ADMIN, Role.ADMIN), ("clerk@phrae.example", Role.CLERK))
        ]  # fmt: skip


def begin(session, officer, clock):
    return sessions.begin(session, officer.id, at=clock.now(), life=LIFE, complete=True)


def acts(session):
    return list(session.scalars(select(JournalRow.act).order_by(JournalRow.id)))


def change(session, office, officer, clock, **changes):
    return officers.edit(
        session, office.phrae, officer.id, by=ADMIN, at=clock.now(), **changes
    )  # fmt: skip


def test_a_new_role_ends_the_sessions_of_the_old_one_and_is_journaled(
    database, office, made, clock
):
    with database.write() as session:
        token = begin(session, made[1], clock)
        changed = change(session, office, made[1], clock, role=Role.OFFICER, name="สมใจ")
        assert (changed.role, changed.name) == (Role.OFFICER, "สมใจ")
        assert sessions.find(session, token, at=clock.now(), idle=IDLE) is None
    with database.read() as session:
        line = session.scalars(select(JournalRow).where(JournalRow.act == "officer-changed")).one()
    assert line.facts == {"officer": made[1].id, "fields": ["name", "role"], "role": "officer"}


def test_what_is_the_same_changes_nothing(database, office, made, clock):
    with database.write() as session:
        token = begin(session, made[1], clock)
        change(session, office, made[1], clock, role=Role.CLERK, name="")
        assert "officer-changed" not in acts(session)
        assert sessions.find(session, token, at=clock.now(), idle=IDLE) is not None


def test_an_officer_of_another_entity_is_not_there(database, office, made, clock):
    with database.write() as session:
        for act in (officers.disable, officers.enable, officers.sign_out):
            with pytest.raises(NotFound):
                act(session, office.town, made[1].id, by=ADMIN, at=clock.now())
        with pytest.raises(NotFound):
            officers.account(session, office.town, made[1].id, clock.now())
        assert officers.accounts(session, office.town, clock.now()) == []


def test_a_unit_that_is_not_the_entitys_is_refused(database, office, made, clock):
    with database.write() as session:
        people.add_unit(session, office.town, code="local", name="กองช่าง")
        with pytest.raises(NotFound):
            change(session, office, made[1], clock, unit_code="local")


@pytest.mark.parametrize("loss", ["disable", "role", "ends"])
def test_the_last_administrator_stays_until_there_is_another(database, office, made, clock, loss):
    def lose(session):
        if loss == "disable":
            officers.disable(session, office.phrae, made[0].id, by=ADMIN, at=clock.now())
        else:
            new = {"role": Role.CLERK} if loss == "role" else {"ends": date(2025, 10, 2)}
            change(session, office, made[0], clock, **new)

    with database.write() as session, pytest.raises(Conflict):
        lose(session)
    with database.write() as session:
        change(session, office, made[1], clock, role=Role.ADMIN)
        lose(session)


def test_whoever_is_disabled_loses_their_sessions_and_may_come_back(database, office, made, clock):
    with database.write() as session:
        token = begin(session, made[1], clock)
        officers.disable(session, office.phrae, made[1].id, by=ADMIN, at=clock.now())
        officers.enable(session, office.phrae, made[1].id, by=ADMIN, at=clock.now())
        assert sessions.find(session, token, at=clock.now(), idle=IDLE) is None
        assert officers.account(session, office.phrae, made[1].id, clock.now()).may_enter
        assert acts(session)[-2:] == ["officer-disabled", "officer-enabled"]


def test_a_term_that_is_over_ends_by_itself_and_bars_coming_back(database, office, made, clock):
    with database.write() as session:
        change(session, office, made[1], clock, ends=date(2025, 10, 3))
        officers.end_terms(session, None, clock.now())
        assert officers.account(session, office.phrae, made[1].id, clock.now()).may_enter
    clock.advance(timedelta(days=1))
    with database.write() as session:
        officers.end_terms(session, None, clock.now())
        officers.end_terms(session, None, clock.now())
        found = directory.officer_by_email(session, made[1].email)
        assert found.disabled
        assert acts(session).count("officer-term-ended") == 1
        with pytest.raises(Conflict):
            officers.enable(session, office.phrae, made[1].id, by=ADMIN, at=clock.now())


def test_signing_somebody_out_counts_their_sessions(database, office, made, clock):
    with database.write() as session:
        tokens = [begin(session, made[1], clock) for _ in range(2)]
        ended = officers.sign_out(session, office.phrae, made[1].id, by=ADMIN, at=clock.now())
        assert ended == 2
        assert not any(sessions.find(session, t, at=clock.now(), idle=IDLE) for t in tokens)


def test_the_list_says_who_was_here_last_and_who_has_what(database, office, made, clock):
    with database.write() as session:
        begin(session, made[1], clock)
    with database.read() as session:
        admin, clerk = officers.accounts(session, office.phrae, clock.now())
    assert (admin.last_seen, clerk.last_seen) == (None, clock.now())
    assert (admin.has_password, admin.has_second_factor, admin.bound) == (False, False, False)


def test_old_sessions_and_keys_of_forms_are_forgotten_and_others_kept(
    database, office, made, clock
):
    with database.write() as session:
        begin(session, made[1], clock)
        once.claim(session, "officer:1", "old", clock.now())
    clock.advance(timedelta(days=31))
    with database.write() as session:
        begin(session, made[1], clock)
        once.claim(session, "officer:1", "new", clock.now())
        officers.forget_sessions(session, clock.now())
        once.forget_old(session, clock.now())
        assert len(list(session.scalars(select(WebSessionRow)))) == 1
        assert list(session.scalars(select(OnceRow.key))) == ["new"]
