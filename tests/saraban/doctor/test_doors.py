"""Ports, certificates, and whether the service that should answer does."""

import json
import os
import socket
from datetime import timedelta

import pytest

from registry.clock import FrozenClock, SystemClock
from saraban.doctor import doors
from saraban.installing import write_certificate
from tests.journeys.installation import Installation


@pytest.fixture
def taken():
    """A port on which another program listens and says nothing that we would."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def note(office, **ports):
    """Leave the note of a running service: this very process."""
    text = json.dumps({"pid": os.getpid(), "ports": ports, "pids": {"smtp": os.getpid()}})
    (office.folder / "run" / "serve.json").write_text(text)


def at(office, days):
    runtime = office.runtime()
    runtime.clock = FrozenClock(SystemClock().now() + timedelta(days=days))
    return runtime


def test_the_ports_of_a_service_that_rests_should_be_free(found):
    assert [one["state"] for one in found("ports")] == ["well"] * 3


def test_a_port_that_another_program_has_is_wrong(found, monkeypatch, taken):
    monkeypatch.setenv("SARABAN__SMTP__LISTEN", f"127.0.0.1:{taken}")
    states = [one["state"] for one in found("ports", code=1)]
    assert states == ["wrong", "well", "well"]


def test_an_address_that_is_not_of_this_host_is_wrong(found, monkeypatch):
    monkeypatch.setenv("SARABAN__LINKS__LISTEN", "192.0.2.1:8026")
    assert "192.0.2.1" in found("ports", code=1)[2]["what"]


def test_a_listener_that_is_switched_off_is_not_looked_for(found, monkeypatch):
    monkeypatch.setenv("SARABAN__LINKS__LISTEN", "")
    assert len(found("ports")) == 2


def test_a_service_that_does_not_answer_is_wrong(office, found, free_port):
    note(office, smtp=free_port())
    assert found("ports", code=1)[0]["state"] == "wrong"
    assert found("service", code=1)[0]["state"] == "well"


def test_a_note_of_a_service_that_died_is_not_believed(office, found):
    (office.folder / "run" / "serve.json").write_text(json.dumps({"pid": 2**22 + 1}))
    assert found("service")[0]["state"] == "look"


def test_a_service_that_runs_answers_at_all_its_ports(tmp_path):
    office = Installation(tmp_path / "office")
    with office.serving():
        findings = office.data("doctor")
    answered = [one["what"] for one in findings if one["check"] == "ports"]
    assert len(answered) == 3
    assert all("ตอบที่พอร์ต" in what for what in answered)


def test_a_certificate_that_signed_itself_is_told(found):
    [finding] = found("certificates")
    assert finding["state"] == "look"
    assert "ลงนามเอง" in finding["what"]


@pytest.mark.parametrize(("days", "state"), [(3630, "look"), (3700, "wrong")])
def test_a_certificate_is_told_before_it_ends_and_is_wrong_after(office, days, state):
    [finding] = doors.certificates(at(office, days))
    assert finding.state == state
    assert "ต่ออายุ" in finding.todo


def test_a_certificate_with_the_key_of_another_is_wrong(office, found, tmp_path):
    write_certificate(tmp_path, "other")
    key = office.folder / "tls" / "key.pem"
    key.write_bytes((tmp_path / "key.pem").read_bytes())
    assert found("certificates", code=1)[0]["state"] == "wrong"


def test_a_certificate_that_the_settings_name_is_looked_at_too(office, tmp_path):
    write_certificate(tmp_path, "links.example")
    runtime = office.runtime(
        {
            "SARABAN__LINKS__TLS_CERT": str(tmp_path / "cert.pem"),
            "SARABAN__LINKS__TLS_KEY": str(tmp_path / "key.pem"),
        }
    )
    found = list(doors.certificates(runtime))
    own, links = (one.what for one in found)
    assert str(office.folder) in own
    assert str(tmp_path / "cert.pem") in links
