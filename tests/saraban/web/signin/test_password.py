"""Signing in by password: who may, who waits, and where it leads."""

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.accounts import officers
from registry.models.people import OfficerRow
from tests.saraban.office import CLERK, OFFICER
from tests.saraban.web.desk import token_of
from tests.saraban.web.seed import AUDITOR, PASSWORD


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


def test_who_comes_after_the_last_day_is_told_so_but_only_with_the_right_password(desk):
    with desk.runtime.database.write() as session:
        officer = session.scalars(select(OfficerRow).where(OfficerRow.email == AUDITOR)).one()
        officer.ends = desk.clock.now().date() - timedelta(days=1)
    assert "ครบกำหนดใช้งานแล้ว" in try_it(desk, desk.browser(), PASSWORD, AUDITOR).text
    with desk.runtime.database.write() as session:
        officers.end_terms(session, None, desk.clock.now())
    late = try_it(desk, desk.browser(), PASSWORD, AUDITOR)
    assert (late.status_code, "ครบกำหนดใช้งานแล้ว" in late.text) == (403, True)
    guessed = try_it(desk, desk.browser(), email=AUDITOR).text
    assert "ครบกำหนดใช้งานแล้ว" not in guessed
    assert "อีเมลหรือรหัสผ่านไม่ถูกต้อง" in guessed


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


def test_a_stranger_who_guesses_keeps_nobody_else_out(desk):
    stranger, here, known = desk.browser(), desk.browser(), desk.browser()
    here.headers["X-Forwarded-For"] = "198.51.100.7"
    assert try_it(desk, known, PASSWORD).status_code == 303
    for _ in range(8):
        desk.clock.advance(timedelta(minutes=9))
        try_it(desk, stranger)
    assert try_it(desk, stranger, PASSWORD).status_code == 403
    assert try_it(desk, here, PASSWORD).status_code == 303
    known.cookies.delete("saraban")
    assert try_it(desk, known, PASSWORD).status_code == 303


def test_a_browser_that_is_known_opens_nothing_by_that_and_waits_by_itself(desk):
    client = desk.browser()
    try_it(desk, client, PASSWORD)
    client.cookies.delete("saraban")
    for _ in range(5):
        answer = try_it(desk, client)
    assert "ลองใหม่ได้ในอีก" in answer.text
    assert try_it(desk, client, PASSWORD).status_code == 403
    assert try_it(desk, client, email=CLERK).status_code == 403


def test_whoever_floods_the_form_waits_behind_themselves_alone(desk):
    strangers, officer = [desk.browser() for _ in range(40)], desk.browser()
    officer.headers["X-Forwarded-For"] = "198.51.100.7"
    tokens = [token_of(one.get("/signin").text) for one in strangers]
    mine = token_of(officer.get("/signin").text)

    def guess(at):
        data = {"_token": tokens[at], "email": f"x{at}@phrae.go.th", "password": "x"}
        return strangers[at].post("/signin", data=data).status_code

    with ThreadPoolExecutor(40) as many:
        heard = [many.submit(guess, at) for at in range(40)]
        wait(heard, return_when=FIRST_COMPLETED)
        data = {"_token": mine, "email": OFFICER, "password": PASSWORD}
        assert officer.post("/signin", data=data).status_code == 303
        statuses = [one.result() for one in heard]
    assert set(statuses) == {403, 429}
    assert statuses.count(429) > 10


def test_the_old_password_is_not_guessed_at_either(desk):
    client = desk.signed_in()
    fields = {"new": "รหัสใหม่ของฉัน ๙", "again": "รหัสใหม่ของฉัน ๙"}
    for _ in range(5):
        refused = desk.post(client, "/account/password", page="/account", old="guess", **fields)
    assert "ลองใหม่ได้ในอีก" in refused.text
    late = desk.post(client, "/account/password", page="/account", old=PASSWORD, **fields)
    assert late.status_code == 422


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
