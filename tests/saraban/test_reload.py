"""SIGHUP on a running service: certificates and log level, without dropping anybody."""

import os
import signal
import smtplib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from saraban.config.load import load
from saraban.reload import changes
from tests.journeys.installation import Installation, mail
from tests.servers.certificates import make_certificate

DLA, PHRAE = "saraban@dla.go.th", "saraban@phrae.go.th"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "office")
    made.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    yield made
    made.end()


def shown(port: int) -> bytes:
    """Give the certificate that the door shows at STARTTLS."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
        client.starttls(context=context)
        assert isinstance(client.sock, ssl.SSLSocket)
        return client.sock.getpeercert(binary_form=True) or b""


def test_new_certificates_and_the_level_are_taken_over_and_no_session_ends(office: Installation):
    process = office.start("smtp,worker")
    port, pids = office.ports["smtp"], office.pids
    old = shown(port)
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as waiting:
        waiting.ehlo()
        waiting.mail(DLA)
        make_certificate(office.folder / "tls")
        office.settings("log", level="warning")
        office.settings("smtp", max_recipients=7)
        os.kill(process.pid, signal.SIGHUP)
        office.wait(lambda: "certificate read again" in office.log())
        assert "only in use after a restart: smtp.max_recipients" in office.log()
        assert shown(port) != old
        assert waiting.rcpt(PHRAE)[0] == 250
        assert waiting.data(mail(DLA, PHRAE, "ระหว่างนั้น").as_bytes())[0] == 250
    office.wait(lambda: office.entries("received"))
    office.read_ports()
    assert office.pids == pids
    office.stop(process)
    assert " taken from " not in office.log()  # the level is warning by now


def test_settings_that_cannot_be_read_change_nothing(office: Installation):
    process = office.start("smtp,worker")
    written = office.config.read_text(encoding="utf-8")
    office.config.write_text("[smtp]\nlissen = 1\n", encoding="utf-8")
    os.kill(process.pid, signal.SIGHUP)
    office.wait(lambda: "settings stay as they are: " in office.log())
    office.config.write_text(written, encoding="utf-8")
    office.send(mail(DLA, PHRAE, "ขอข้อมูล"), DLA, PHRAE)
    office.wait(lambda: office.entries("received"))
    office.stop(process)


def test_systemd_hears_when_the_doors_are_open_of_a_reload_and_of_the_end(
    office: Installation, tmp_path: Path
):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(60)
        process = office.start("smtp,worker", NOTIFY_SOCKET=str(tmp_path / "notify"))
        heard = [systemd.recv(200)]
        os.kill(process.pid, signal.SIGHUP)
        heard += [systemd.recv(200), systemd.recv(200)]
        office.stop(process)
        heard.append(systemd.recv(200))
    told = [one.partition(b"\n")[0] for one in heard]
    assert told == [b"READY=1", b"RELOADING=1", b"READY=1", b"STOPPING=1"]


def test_changes_are_named_by_section_and_key(office: Installation):
    before = load(office.config)
    office.settings("links", life_days=9)
    office.settings("database", url="sqlite:///elsewhere.db")
    office.settings("relay", host="127.0.0.1")
    after = load(office.config)
    assert changes(before, before) == []
    assert sorted(changes(before, after)) == ["database.url", "links.life_days", "relay"]
