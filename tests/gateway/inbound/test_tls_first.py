"""Port 465: TLS from the first byte, and certificates that are renewed while the door is open."""

import gc
import shutil
import ssl
import time
import warnings

import pytest

from gateway import tls
from gateway.inbound.smtpd import GRACE
from gateway.tls import reload_certificates
from saraban.installing import write_certificate
from tests.gateway.inbound.client import Client
from tests.gateway.inbound.test_submission import CLERK, PASSWORD
from tests.servers.waiting import wait_until

LETTER = f"From: {CLERK}\r\nTo: saraban@dla.example\r\nSubject: x\r\n\r\nx\r\n".encode()


HALF = b"\x16\x03\x01\x02\x00\x01\x00\x01"  # of a ClientHello
UNFINISHED = pytest.mark.parametrize("how", ["silent", "half", "starttls"])


@pytest.fixture
def door(open_door):
    return open_door(submission={"listen_tls": "127.0.0.1:0"})


def call(door):
    client = Client(door.ports["submissions"], greet=False)
    client.handshake()
    client.greeting = client.reply()
    return client


def serial(door, port="smtp"):
    """Give the certificate that a new handshake shows."""
    with door.call(port) as client:
        assert client.say("STARTTLS").startswith("220 ")
        client.handshake()
        return client.socket.getpeercert(binary_form=True)


def in_a_handshake(door, how):
    """Begin a handshake and leave it there."""
    client = Client(door.ports["smtp" if how == "starttls" else "submissions"], greet=False)
    if how == "starttls":
        client.reply()
        client.say("STARTTLS")
    if how == "half":
        client.send(HALF)
    return client


def stops_at_once(door):
    """Stop the door, and see that it takes no time and leaves nothing open."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        began = time.monotonic()
        door.close()
        took = time.monotonic() - began
        gc.collect()
    assert [str(one.message) for one in told] == []
    assert took < GRACE / 3


def renew(door):
    """Put a new pair in the place of the old one, as a renewing program does."""
    folder = door.runtime.data_dir / "tls"
    fresh = door.runtime.data_dir / "fresh"
    fresh.mkdir()
    write_certificate(fresh, "localhost")
    for file in fresh.iterdir():
        file.replace(folder / file.name)


def test_a_clerk_signs_in_and_sends_without_starttls(door):
    with call(door) as client:
        offers = client.say("EHLO x")
        assert "AUTH LOGIN PLAIN" in offers
        assert "STARTTLS" not in offers
        assert client.say("STARTTLS").startswith("503 ")
        assert client.sign_in(CLERK, PASSWORD).startswith("235 ")
        assert client.mail(LETTER, "saraban@dla.example", sender=CLERK).startswith("250 ")
    assert door.only_letter().envelope.tls


def test_nothing_older_than_tls_1_2_is_spoken(door):
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        Client(door.ports["submissions"], greet=False) as client,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        old.wrap_socket(client.socket)


def test_who_speaks_no_tls_is_let_go_and_counted_out(open_door):
    door = open_door(max_connections=1, submission={"listen_tls": "127.0.0.1:0"})
    with Client(door.ports["submissions"], greet=False) as client:
        client.send(b"EHLO x\r\n" * 10)
        client.hung_up()
    wait_until(lambda: _greeting(door).startswith("220 "), "the place is free again")


def test_who_leaves_in_the_handshake_is_counted_out(open_door):
    door = open_door(max_connections=1)
    for _ in range(3):
        wait_until(lambda: _greeting(door).startswith("220 "), "there is room")
        with door.call() as client:
            client.say("STARTTLS")
    wait_until(lambda: _greeting(door).startswith("220 "), "the place is free again")


@UNFINISHED
def test_who_stops_in_the_handshake_is_counted_out(open_door, how):
    impatient = {"line_timeout": 0.5, "timeout": 0.5}
    door = open_door(max_connections=1, submission={"listen_tls": "127.0.0.1:0"}, **impatient)
    with in_a_handshake(door, how) as client:
        assert client.hung_up()
        wait_until(lambda: _greeting(door).startswith("220 "), "the place is free again")


@UNFINISHED
def test_a_stop_breaks_handshakes_off(door, how):
    with in_a_handshake(door, how) as client:
        call(door).socket.close()  # who comes later is served: the other one is in its handshake
        stops_at_once(door)
        assert client.hung_up()


def test_a_stop_just_after_a_handshake_that_failed_leaves_no_socket(door):
    with Client(door.ports["submissions"], greet=False) as client:
        client.send(b"EHLO x\r\n")
        client.hung_up()
        stops_at_once(door)


def test_a_stop_closes_the_sockets_of_those_who_came_at_the_last_moment(door):
    clients = [Client(door.ports["submissions"], greet=False) for _ in range(20)]
    stops_at_once(door)
    assert all(client.hung_up() for client in clients)
    for client in clients:
        client.socket.close()


def test_a_renewed_certificate_is_shown_without_a_restart(door, monkeypatch):
    monkeypatch.setattr(tls, "LOOK_EVERY", 0.0)
    before = serial(door)
    renew(door)
    assert serial(door) != before
    assert serial(door) == serial(door, "submission")
    with call(door) as client:
        assert client.socket.getpeercert(binary_form=True) == serial(door)


def test_files_are_not_looked_at_for_every_handshake(door):
    before = serial(door)
    renew(door)
    assert serial(door) == before
    reload_certificates()
    assert serial(door) != before


def test_a_broken_certificate_changes_nothing_and_is_told(door, monkeypatch, caplog):
    monkeypatch.setattr(tls, "LOOK_EVERY", 0.0)
    before = serial(door)
    shutil.copy(__file__, door.runtime.data_dir / "tls" / "cert.pem")
    assert serial(door) == before
    assert serial(door) == before
    told = [line for line in caplog.messages if "the old certificate stays in use" in line]
    assert 1 <= len(told) <= 2  # each of the two listeners
    renew(door)
    assert serial(door) != before


def _greeting(door):
    with Client(door.ports["smtp"], greet=False) as client:
        return client.reply()
