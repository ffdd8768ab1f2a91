"""Signing in by password: who may, who waits, and where it leads."""

from datetime import timedelta

import pytest

from tests.saraban.office import CLERK, OFFICER
from tests.saraban.web.seed import PASSWORD


def try_it(desk, client, password="wrong password", email=OFFICER, **more):
    return desk.post(client, "/signin", email=email, password=password, **more)


def test_who_is_not_signed_in_is_sent_to_the_form_and_then_back(desk):
    client = desk.browser()
    sent = client.get("/inbox?show=failed")
    assert sent.headers["location"] == "/signin?next=/inbox%3Fshow%3Dfailed"
    done = desk.post(client, "/signin", email=OFFICER, password=PASSWORD, next="/inbox?show=failed")
    assert done.headers["location"] == "/inbox?show=failed"
    assert client.get("/inbox?show=failed").status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1", "/\t/x"],
)
def test_a_sign_in_never_leads_to_another_site(desk, elsewhere):
    done = desk.post(desk.browser(), "/signin", email=OFFICER, password=PASSWORD, next=elsewhere)
    assert done.headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_officer_are_told_the_same(desk):
    answers = [try_it(desk, desk.browser(), email=email) for email in (OFFICER, "no@phrae.go.th")]
    assert {answer.status_code for answer in answers} == {403}
    assert all("อีเมลหรือรหัสผ่านไม่ถูกต้อง" in answer.text for answer in answers)


def test_whoever_guesses_waits_longer_each_time_and_then_may_try_again(desk):
    client = desk.browser()
    for _ in range(5):
        answer = try_it(desk, client)
    assert "ลองใหม่ได้ในอีก ๖๐ วินาที" in answer.text or "๖๑ วินาที" in answer.text
    assert try_it(desk, client, PASSWORD).status_code == 403
    desk.clock.advance(timedelta(seconds=61))
    assert "๒ นาที" in try_it(desk, client).text or "นาที" in try_it(desk, client).text
    desk.clock.advance(timedelta(minutes=16))
    assert try_it(desk, client, PASSWORD).status_code == 303


def test_a_session_ends_when_it_is_not_used_and_when_its_day_is_over(desk):
    client = desk.signed_in()
    for _ in range(7):
        desk.clock.advance(timedelta(minutes=100))
        assert client.get("/inbox").status_code == 200
    desk.clock.advance(timedelta(minutes=100))
    assert client.get("/inbox").status_code == 303
    other = desk.signed_in()
    desk.clock.advance(timedelta(minutes=121))
    assert other.get("/inbox").status_code == 303


def test_the_session_of_a_dismissed_officer_is_over_at_once(desk):
    client = desk.signed_in(CLERK)
    desk.office.run("officer", "disable", CLERK)
    assert client.get("/inbox").headers["location"].startswith("/signin")


def test_signing_out_ends_the_session_for_whoever_kept_the_cookie(desk):
    client = desk.signed_in()
    other = desk.browser()
    other.cookies.update(client.cookies)
    assert other.get("/inbox").status_code == 200
    assert desk.post(client, "/signout", page="/account").status_code == 303
    assert other.get("/inbox").status_code == 303


def test_signing_out_everywhere_leaves_only_this_machine(desk):
    here, there = desk.signed_in(), desk.signed_in()
    desk.post(here, "/signout/everywhere", page="/account")
    assert here.get("/inbox").status_code == 200
    assert there.get("/inbox").status_code == 303


def test_a_new_password_ends_the_other_sessions_and_the_old_one_opens_nothing(desk):
    here, there = desk.signed_in(), desk.signed_in()
    new = "รหัสใหม่ของฉัน ๙"
    done = desk.post(here, "/account/password", page="/account", old=PASSWORD, new=new, again=new)
    assert done.status_code == 303
    assert there.get("/inbox").status_code == 303
    assert try_it(desk, desk.browser(), PASSWORD).status_code == 403
    assert try_it(desk, desk.browser(), new).status_code == 303
