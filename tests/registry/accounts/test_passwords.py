"""Passwords: only the right one of an officer who may act, and no hint about the others."""

import pytest

from registry import directory
from registry.accounts.passwords import set_password, verify_password
from registry.clock import FrozenClock
from registry.db import Database
from registry.errors import NotFound, NotUnderstood
from registry.letter.entity import Role
from registry.models.people import OfficerRow
from tests.registry.conftest import Office

EMAIL = "somsri@phrae.example"
PASSWORD = "รหัสผ่าน-ยาวพอ"


@pytest.fixture
def somsri(database: Database, office: Office, clock: FrozenClock) -> str:
    """An officer with a password."""
    with database.write() as session:
        directory.add_officer(session, office.phrae, email=EMAIL, role=Role.CLERK, at=clock.now())
        set_password(session, EMAIL, PASSWORD, at=clock.now())
    return EMAIL


def test_the_right_password_opens(database, somsri):
    with database.read() as session:
        officer = verify_password(session, "Somsri@PHRAE.example", PASSWORD)
    assert officer is not None
    assert officer.email == EMAIL


@pytest.mark.parametrize("password", ["", "รหัสผ่าน-ยาวพ", PASSWORD + " ", PASSWORD * 500])
def test_another_password_does_not(database, somsri, password):
    with database.read() as session:
        assert verify_password(session, EMAIL, password) is None


def test_an_unknown_officer_is_refused_after_the_same_work(database, somsri):
    with database.read() as session:
        assert verify_password(session, "nobody@phrae.example", PASSWORD) is None


def test_an_officer_without_a_password_cannot_sign_in(database, office, clock):
    with database.write() as session:
        directory.add_officer(session, office.phrae, email=EMAIL, role=Role.CLERK, at=clock.now())
        assert verify_password(session, EMAIL, "") is None


def test_a_disabled_officer_cannot_sign_in(database, somsri, clock):
    with database.write() as session:
        directory.disable_officer(session, EMAIL, by="admin", at=clock.now())
        assert verify_password(session, EMAIL, PASSWORD) is None


def test_passwords_are_kept_as_argon2id(database, somsri):
    with database.read() as session:
        stored = session.query(OfficerRow.password_hash).scalar()
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


@pytest.mark.parametrize("password", ["short", "x" * 257])
def test_a_password_too_short_or_too_long_is_not_set(database, somsri, clock, password):
    with pytest.raises(NotUnderstood), database.write() as session:
        set_password(session, EMAIL, password, at=clock.now())


def test_a_password_is_given_only_to_an_officer(database, office, clock):
    with pytest.raises(NotFound), database.write() as session:
        set_password(session, "nobody@phrae.example", PASSWORD, at=clock.now())
