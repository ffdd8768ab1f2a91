"""Signing in through another house: the whole protocol with a provider on this machine."""

import dataclasses
import socket
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import select, update

from registry.models.evidence import JournalRow
from registry.models.people import OfficerRow
from saraban.config.load import BadConfig, build
from saraban.config.sections import OidcSettings
from saraban.web import openid
from tests.saraban.office import CLERK, OFFICER
from tests.saraban.web.pages.test_people import number_of, press
from tests.saraban.web.seed import ADMIN
from tests.servers.openid import CLIENT, SECRET, OpenId


@pytest.fixture
def house(desk, tmp_path):
    """A provider that the office trusts, and that vouches for its officer."""
    with OpenId() as provider:
        file = tmp_path / "oidc.secret"
        file.write_text(f"{SECRET}\n", encoding="utf-8")
        desk.runtime.oidc = OidcSettings(provider.issuer, CLIENT, str(file), "ThaID")
        provider.person["email"] = OFFICER
        yield provider


def away(client):
    """Press the button and let the provider send the browser back; give the address there."""
    left = client.get("/signin/oidc?next=/account")
    return httpx.get(left.headers["location"]).headers["location"]


def sign_in(client):
    back = urlsplit(away(client))
    return client.get(f"{back.path}?{back.query}")


def test_an_officer_comes_in_is_bound_once_and_goes_on_to_where_they_were(desk, house):
    client = desk.browser()
    assert "เข้าระบบด้วย ThaID" in client.get("/signin?next=/account").text
    answer = sign_in(client)
    assert answer.headers["location"] == "/account"
    assert client.get("/account").status_code == 200
    with desk.runtime.database.read() as session:
        row = session.scalar(select(OfficerRow).where(OfficerRow.email == OFFICER))
        assert row.oidc_subject == f"{house.issuer} 1001"
        assert session.scalar(select(JournalRow.id).where(JournalRow.act == "oidc-bound"))


def test_once_bound_the_subject_counts_and_not_the_address(desk, house):
    sign_in(desk.browser())
    house.person = {"sub": "1001", "email": CLERK, "email_verified": True}
    client = desk.browser()
    sign_in(client)
    assert OFFICER in client.get("/account").text
    house.person = {"sub": "another", "email": OFFICER, "email_verified": True}
    assert sign_in(desk.browser()).status_code == 403


def test_whoever_is_no_officer_or_not_vouched_for_stays_outside(desk, house):
    known = dict(house.person)
    for change in (
        {"email": "stranger@phrae.go.th"}, {"email_verified": False}, {"email_verified": "true"},
        {"email_verified": None}, {"email": ""},
    ):  # fmt: skip
        house.person = known | change
        client = desk.browser()
        answer = sign_in(client)
        assert answer.status_code == 403, change
        assert "ไม่มีบัญชีเจ้าหน้าที่" in answer.text
        assert client.get("/account").status_code == 303


def test_whoever_was_dismissed_or_whose_term_is_over_stays_outside(desk, house):
    sign_in(desk.browser())
    for values in ({"ends": date(2020, 9, 30)}, {"ends": None, "disabled": True}):
        with desk.runtime.database.write() as session:
            session.execute(update(OfficerRow).where(OfficerRow.email == OFFICER).values(values))
        assert sign_in(desk.browser()).status_code == 403


def test_a_token_that_is_not_for_this_sign_in_opens_nothing(desk, house):
    for bend in (
        {"iss": "https://other.example"}, {"aud": "another"}, {"aud": [CLIENT, "another"]},
        {"azp": "another"}, {"nonce": "of another sign-in"}, {"nonce": None}, {"exp": 1},
        {"exp": None}, {"iat": int(time.time()) + 4000}, {"sub": ""},
    ):  # fmt: skip
        house.bend = bend
        assert sign_in(desk.browser()).status_code == 403, bend


def test_a_browser_that_did_not_begin_the_sign_in_cannot_end_it(desk, house):
    back = urlsplit(away(desk.browser()))
    thief = desk.browser()
    assert "หมดเวลา" in thief.get(f"{back.path}?{back.query}").text
    thief.get("/signin/oidc")
    assert thief.get(f"{back.path}?{back.query}").status_code == 403
    assert house.codes


def test_an_answer_of_another_issuer_or_none_is_not_taken(desk, house):
    for change in ("iss=https%3A%2F%2Fother.example", ""):
        client = desk.browser()
        back = urlsplit(away(client))
        query = "&".join(q for q in back.query.split("&") if not q.startswith("iss="))
        assert client.get(f"{back.path}?{query}&{change}").status_code == 403


def test_a_code_is_good_once_and_a_refusal_is_told(desk, house):
    client = desk.browser()
    back = urlsplit(away(client))
    client.get(f"{back.path}?{back.query}")
    assert client.get(f"{back.path}?{back.query}").status_code == 403
    left = client.get("/signin/oidc")
    state = parse_qs(urlsplit(left.headers["location"]).query)["state"][0]
    answer = client.get(f"/signin/oidc/back?error=access_denied&state={state}")
    assert "ไม่อนุญาต" in answer.text


def test_keys_that_were_turned_are_fetched_again_and_strangers_keys_are_not(desk, house):
    assert sign_in(desk.browser()).status_code == 303
    house.turn_keys()
    assert sign_in(desk.browser()).status_code == 303
    house.metadata = {"jwks_uri": "http://elsewhere.example/jwks"}
    house.turn_keys()
    assert sign_in(desk.browser()).status_code == 403


def test_an_address_that_only_userinfo_tells_is_taken(desk, house):
    house.in_userinfo = True
    assert sign_in(desk.browser()).headers["location"] == "/account"


def test_a_second_factor_that_was_set_up_here_is_still_asked_for(desk, house):
    with desk.runtime.database.write() as session:
        wanted = update(OfficerRow).where(OfficerRow.email == OFFICER)
        session.execute(wanted.values(totp_secret="sealed"))
    client = desk.browser()
    assert sign_in(client).headers["location"].startswith("/signin/code")
    assert client.get("/account").headers["location"].startswith("/signin/code")


def test_a_provider_that_names_itself_otherwise_or_is_away_is_not_believed(
    desk, house, monkeypatch
):
    monkeypatch.setattr(openid, "_REMEMBERED", 0.0)
    house.metadata = {"issuer": "https://other.example"}
    answer = desk.browser().get("/signin/oidc")
    assert answer.status_code == 403
    assert "ไม่ตอบ" in answer.text
    house.metadata = {}
    secret = Path(desk.runtime.oidc.client_secret_file)
    secret.write_text("another secret", encoding="utf-8")
    assert sign_in(desk.browser()).status_code == 403


def test_a_silent_provider_keeps_nobody_from_the_pages(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(openid, "_SECONDS", 1.5)
    with socket.create_server(("127.0.0.1", 0), backlog=200) as silent:
        issuer = f"http://127.0.0.1:{silent.getsockname()[1]}"
        desk.runtime.oidc = OidcSettings(issuer, CLIENT, "", "ThaID")
        officer = desk.signed_in()
        with ThreadPoolExecutor(60) as many:
            away = [many.submit(desk.browser().get, "/signin/oidc") for _ in range(60)]
            wait(away, return_when=FIRST_COMPLETED)
            began = time.monotonic()
            assert officer.get("/account").status_code == 200
            waited = time.monotonic() - began
            assert {one.result().status_code for one in away} == {403}
        asked = _waiting_at(silent)
        assert desk.browser().get("/signin/oidc").status_code == 403
        assert _waiting_at(silent) == 0  # it is remembered, and not asked again
    assert asked == 1
    assert waited < 1.5 * 10  # not in their queue: sixty would wait a second and a half each


def _waiting_at(server):
    """Count those who came to a server that answers nobody."""
    server.setblocking(False)
    count = 0
    try:
        while True:
            server.accept()[0].close()
            count += 1
    except BlockingIOError:
        return count


def test_an_administrator_takes_a_bond_away(desk, house):
    client = desk.browser()
    sign_in(client)
    admin, way = desk.signed_in(ADMIN), f"/people/{number_of(desk, OFFICER)}"
    press(admin, way, f"{way}/unbind")
    assert client.get("/inbox").status_code == 303
    house.person["sub"] = "2002"
    assert sign_in(desk.browser()).status_code == 303


def test_no_open_redirect_and_nothing_without_a_provider(desk, house):
    client = desk.browser()
    left = client.get("/signin/oidc?next=//evil.example").headers["location"]
    back = urlsplit(httpx.get(left).headers["location"])
    assert client.get(f"{back.path}?{back.query}").headers["location"] == "/"
    desk.runtime.oidc = dataclasses.replace(desk.runtime.oidc, issuer="", client_id="")
    fresh = desk.browser()
    assert fresh.get("/signin/oidc").status_code == 404
    assert "/signin/oidc" not in fresh.get("/signin").text


@pytest.mark.parametrize(
    "given",
    [{"issuer": "http://id.example", "client_id": "x"}, {"issuer": "https://id.example"}],
)
def test_a_provider_is_https_and_knows_us_by_a_name(tmp_path, given):
    with pytest.raises(BadConfig):
        build({"oidc": given}, tmp_path / "saraban.toml", {})
