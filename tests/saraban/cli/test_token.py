"""``saraban token``: shown once, listed without its secret, ended at once."""

from registry.accounts import api_tokens
from tests.saraban.office import OFFICER


def found(office, secret):
    runtime = office.runtime()
    try:
        with runtime.database.read() as session:
            return api_tokens.find(session, secret, runtime.clock.now())
    finally:
        runtime.close()


def test_a_token_is_printed_once_and_never_listed(office):
    scopes = ("--scope", "read", "--scope", "register", "--officer", OFFICER)
    secret = office.run("token", "add", "ระบบแผน", "--entity", "phrae", *scopes).stdout.strip()
    assert found(office, secret).officer.email == OFFICER
    [listed] = office.data("token", "list")
    assert listed["scopes"] == ["read", "register"]
    assert secret not in office.run("token", "list", "--json").output
    assert "ระบบแผน" in office.run("token", "list").output


def test_a_revoked_token_is_good_for_nothing(office):
    secret = office.run("token", "add", "x", "--entity", "phrae", "--scope", "read").stdout.strip()
    office.run("token", "revoke", "1", "--entity", "phrae")
    assert found(office, secret) is None
    assert office.data("token", "list")[0]["revoked_at"]


def test_a_token_that_acts_needs_an_officer(office):
    done = office.run("token", "add", "x", "--entity", "phrae", "--scope", "act", code=1)
    assert "ต้องระบุเจ้าหน้าที่" in done.output
