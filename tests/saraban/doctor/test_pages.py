"""The officers' pages as the doctor sees them: listener, encryption, address, who keeps them."""

import pytest

from saraban.installing import write_certificate


@pytest.fixture(autouse=True)
def served(monkeypatch):
    monkeypatch.setenv("SARABAN__WEB__LISTEN", "127.0.0.1:0")


def told(found, **settings):
    return [(one["state"], one["what"]) for one in found("web", **settings)]


def test_pages_on_this_machine_want_nothing_but_an_administrator(office, found):
    assert [one["state"] for one in found("web")] == ["look", "well"]
    office.run(
        "officer", "add", "admin@phrae.go.th", "--role", "admin", "--password-stdin",
        stdin="a long password\n",
    )  # fmt: skip
    assert all(one["state"] == "well" for one in found("web"))


def test_pages_that_are_switched_off_are_not_looked_at(found, monkeypatch):
    monkeypatch.setenv("SARABAN__WEB__LISTEN", "")
    assert found("web") == []


def test_pages_open_to_others_without_encryption_are_wrong(found, monkeypatch):
    monkeypatch.setenv("SARABAN__WEB__LISTEN", "0.0.0.0:0")
    assert any("ไม่เข้ารหัส" in what for state, what in told(found, code=1) if state == "wrong")


def test_an_address_without_encryption_is_wrong(found, monkeypatch):
    monkeypatch.setenv("SARABAN__INSTANCE__PUBLIC_URL", "http://saraban.phrae.go.th")
    assert ("wrong", "ที่อยู่ http://saraban.phrae.go.th ไม่เข้ารหัส") in told(found, code=1)


@pytest.mark.parametrize("whole", [True, False])
def test_the_pages_certificate_belongs_to_its_key(found, monkeypatch, tmp_path, whole):
    write_certificate(tmp_path, "saraban.phrae.go.th")
    key = tmp_path / "key.pem"
    if not whole:
        key.write_text("no key", encoding="utf-8")
    monkeypatch.setenv("SARABAN__WEB__TLS_CERT", str(tmp_path / "cert.pem"))
    monkeypatch.setenv("SARABAN__WEB__TLS_KEY", str(key))
    states = {one["state"] for one in found("web", code=0 if whole else 1)}
    assert ("wrong" in states) is not whole


def test_a_secret_of_the_provider_that_cannot_be_read_is_wrong(found, monkeypatch, tmp_path):
    monkeypatch.setenv("SARABAN__OIDC__ISSUER", "https://id.example")
    monkeypatch.setenv("SARABAN__OIDC__CLIENT_ID", "saraban")
    monkeypatch.setenv("SARABAN__OIDC__CLIENT_SECRET_FILE", str(tmp_path / "none"))
    assert any("client_secret_file" in what for _, what in told(found, code=1))
