"""Signing in through a real provider: Debian's Glewlwyd, with PKCE asked of everybody."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from saraban.config.sections import OidcSettings
from tests.saraban.office import CLERK, OFFICER
from tests.servers import glewlwyd, running

BACK = "http://127.0.0.1:0/signin/oidc/back"  # where the desk of these tests says it is


@pytest.fixture(scope="module")
def provider() -> Iterator[glewlwyd.Glewlwyd]:
    server = glewlwyd.start(BACK)
    server.add("somying", OFFICER)
    server.add("somsak", CLERK, verified=False)
    yield server
    server.admin.close()
    running.end(server.folder)


@pytest.fixture
def trusted(desk, provider, tmp_path):
    file = tmp_path / "oidc.secret"
    file.write_text(glewlwyd.SECRET, encoding="utf-8")
    desk.runtime.oidc = OidcSettings(provider.issuer, glewlwyd.CLIENT, str(file), "ThaID")
    return provider


def come_in(desk, provider, name):
    """Go away to the provider as that person, and come back with what it says."""
    client = desk.browser()
    left = client.get("/signin/oidc?next=/account").headers["location"]
    assert parse_qs(urlsplit(left).query)["redirect_uri"] == [BACK]
    back = urlsplit(provider.sign_in(name, left))
    return client, client.get(f"{back.path}?{back.query}"), f"{back.path}?{back.query}"


def test_an_officer_whom_it_vouches_for_comes_in_and_is_the_same_next_time(desk, trusted):
    for _ in range(2):
        client, answer, _back = come_in(desk, trusted, "somying")
        assert answer.headers["location"] == "/account"
        assert OFFICER in client.get("/account").text


def test_an_address_that_it_does_not_vouch_for_opens_nothing(desk, trusted):
    client, answer, _back = come_in(desk, trusted, "somsak")
    assert answer.status_code == 403
    assert client.get("/account").status_code == 303


def test_a_code_of_its_own_is_good_once(desk, trusted):
    client, _answer, back = come_in(desk, trusted, "somying")
    client.cookies.clear()
    assert client.get(back).status_code == 403
