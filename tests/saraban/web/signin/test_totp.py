"""The code from a telephone: set up, asked for, refused when wrong, late or used, and recovered."""

import re
from datetime import timedelta

import pyotp
import pytest

from tests.saraban.office import OFFICER
from tests.saraban.web.desk import token_of
from tests.saraban.web.seed import PASSWORD


class Telephone:
    """An authenticator that was given the secret of one officer's page."""

    def __init__(self, desk):
        self.desk, self.client = desk, desk.signed_in()
        html = self.client.get("/account/second-factor").text
        self.totp = pyotp.TOTP(re.search(r'class="secret">(\w+)<', html)[1])
        sealed = html.partition('name="secret" value="')[2].partition('"')[0]
        data = {"_token": token_of(html), "secret": sealed, "code": self.code()}
        answer = self.client.post("/account/second-factor", data=data)
        self.recovery = re.findall(r"<code>([a-z0-9-]+)</code>", answer.text)

    def code(self, seconds=0):
        return self.totp.at(int(self.desk.clock.now().timestamp()) + seconds)

    def try_with(self, code):
        """Sign in with the right password and this code."""
        client = self.desk.browser()
        half = self.desk.post(client, "/signin", email=OFFICER, password=PASSWORD)
        assert half.headers["location"].startswith("/signin/code")
        assert client.get("/inbox").headers["location"].startswith("/signin/code")
        return self.desk.post(client, "/signin/code", code=code).status_code


@pytest.fixture
def telephone(desk):
    return Telephone(desk)


def test_setting_up_gives_ten_recovery_codes_and_a_session_that_goes_on(telephone):
    assert len(telephone.recovery) == 10
    assert telephone.client.get("/inbox").status_code == 200


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_a_code_one_step_off_is_taken(telephone, seconds):
    telephone.desk.clock.advance(timedelta(minutes=2))
    assert telephone.try_with(telephone.code(seconds)) == 303


@pytest.mark.parametrize("seconds", [-90, 90])
def test_a_code_two_steps_off_is_refused(telephone, seconds):
    telephone.desk.clock.advance(timedelta(minutes=4))
    assert telephone.try_with(telephone.code(seconds)) == 403


def test_a_code_is_good_once_and_none_before_it_either(telephone):
    telephone.desk.clock.advance(timedelta(minutes=2))
    code, older = telephone.code(), telephone.code(-30)
    assert [telephone.try_with(one) for one in (code, code, older)] == [303, 403, 403]


def test_a_code_may_be_typed_in_thai_digits(telephone):
    telephone.desk.clock.advance(timedelta(minutes=2))
    thai = telephone.code().translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    assert telephone.try_with(thai) == 303


def test_a_recovery_code_is_good_once(telephone):
    code = telephone.recovery[3]
    assert [telephone.try_with(code), telephone.try_with(code)] == [303, 403]


def test_codes_that_are_guessed_make_whoever_guesses_wait(telephone):
    telephone.desk.clock.advance(timedelta(minutes=2))
    assert {telephone.try_with("000000") for _ in range(5)} == {403}
    assert telephone.try_with(telephone.code()) == 403
    telephone.desk.clock.advance(timedelta(minutes=2))
    assert telephone.try_with(telephone.code()) == 303


@pytest.mark.parametrize("given", [{}, {"code": "000000"}])
def test_a_session_alone_does_not_take_the_second_factor_away(telephone, given):
    way = "/account/second-factor/remove"
    refused = telephone.desk.post(telephone.client, way, page="/account", **given)
    assert refused.status_code == 403
    assert "รหัสไม่ถูกต้อง" in refused.text
    assert 'action="/account/second-factor/remove"' in telephone.client.get("/account").text
    code = telephone.recovery[0]
    done = telephone.desk.post(telephone.client, way, page="/account", code=code)
    assert done.headers["location"] == "/account"
    assert 'action="/account/second-factor/remove"' not in telephone.client.get("/account").text


def test_nor_does_it_put_another_telephone_in_its_place(telephone):
    html = telephone.client.get("/account/second-factor").text
    other = pyotp.TOTP(re.search(r'class="secret">(\w+)<', html)[1])
    sealed = html.partition('name="secret" value="')[2].partition('"')[0]
    telephone.desk.clock.advance(timedelta(minutes=2))
    code = other.at(int(telephone.desk.clock.now().timestamp()))
    data = {"_token": token_of(html), "secret": sealed, "code": code}
    way = "/account/second-factor"
    assert telephone.client.post(way, data=data).status_code == 403
    assert telephone.client.post(way, data=data | {"before": "000000"}).status_code == 403
    done = telephone.client.post(way, data=data | {"before": telephone.code()})
    assert done.status_code == 200
    assert "<code>" in done.text
