"""Codes from a telephone: taken once, within a step of our clock; and recovery codes."""

from datetime import timedelta

import pyotp
import pytest

from registry.accounts import people, second_factor
from registry.letter.entity import Role
from registry.models.people import OfficerRow
from registry.thai.numerals import to_thai

STEP = timedelta(seconds=second_factor.STEP)


@pytest.fixture
def officer(database, office, clock):
    with database.write() as session:
        return people.add_officer(
            session, office.phrae, email="one@phrae.example", role=Role.OFFICER, at=clock.now()
        )


@pytest.fixture
def secret(database, keys, officer, clock):
    """A secret in use; the code of the present step was used up by setting it up."""
    made = second_factor.new_secret()
    with database.write() as session:
        code = pyotp.TOTP(made).at(clock.now())
        assert second_factor.enrol(session, keys, officer.id, made, code, clock.now())
    return made


def check(database, keys, officer, code, at):
    with database.write() as session:
        return second_factor.check(session, keys, officer.id, code, at)


def test_a_wrong_code_takes_no_secret_into_use(database, keys, officer, clock):
    with database.write() as session:
        made = second_factor.new_secret()
        late = pyotp.TOTP(made).at(clock.now() + 5 * STEP)
        assert second_factor.enrol(session, keys, officer.id, made, late, clock.now()) == ()
        assert not second_factor.check(session, keys, officer.id, late, clock.now())
        assert session.get_one(OfficerRow, officer.id).totp_secret == ""


def test_the_secret_is_kept_where_a_copy_of_the_database_cannot_read_it(database, officer, secret):
    with database.read() as session:
        row = session.get_one(OfficerRow, officer.id)
    assert secret not in row.totp_secret
    assert len(row.recovery) == 10


def test_a_code_is_good_once_and_in_thai_digits_too(database, keys, officer, secret, clock):
    clock.advance(2 * STEP)
    code = pyotp.TOTP(secret).at(clock.now())
    assert check(database, keys, officer, to_thai(f"{code[:3]} {code[3:]}"), clock.now())
    assert not check(database, keys, officer, code, clock.now())


@pytest.mark.parametrize(("off", "right"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_clocks_may_be_off_by_one_step(database, keys, officer, secret, clock, off, right):
    clock.advance(10 * STEP)
    code = pyotp.TOTP(secret).at(clock.now() + off * STEP)
    assert check(database, keys, officer, code, clock.now()) is right


def test_an_older_code_is_refused_once_a_newer_one_was_taken(
    database, keys, officer, secret, clock
):
    clock.advance(10 * STEP)
    totp = pyotp.TOTP(secret)
    assert check(database, keys, officer, totp.at(clock.now() + STEP), clock.now())
    assert not check(database, keys, officer, totp.at(clock.now()), clock.now())


def test_a_recovery_code_is_good_once(database, keys, officer, clock):
    made = second_factor.new_secret()
    with database.write() as session:
        code = pyotp.TOTP(made).at(clock.now())
        codes = second_factor.enrol(session, keys, officer.id, made, code, clock.now())
    assert check(database, keys, officer, f" {codes[3].upper()} ", clock.now())
    assert not check(database, keys, officer, codes[3], clock.now())
    assert check(database, keys, officer, codes[4], clock.now())


def test_taken_away_no_code_is_good(database, keys, officer, secret, clock):
    clock.advance(2 * STEP)
    with database.write() as session:
        second_factor.remove(session, officer.id, "admin@phrae.example", clock.now())
    assert not check(database, keys, officer, pyotp.TOTP(secret).at(clock.now()), clock.now())
