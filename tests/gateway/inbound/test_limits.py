"""Clients that crowd, err or dawdle, and the service that stops while they are there."""

import socket
import time

import pytest

from registry.errors import OutOfOrder
from tests.gateway.inbound.client import stuffed
from tests.servers.waiting import wait_until

LETTER = b"A: b\r\n\r\nx\r\n"


def test_a_client_may_have_so_many_sessions_and_no_more(open_door):
    door = open_door(max_connections_per_client=2)
    with door.call() as one, door.call() as two:
        with door.call(ehlo=False) as three:
            assert three.greeting.startswith("421 4.7.0 Too many connections")
            assert three.hung_up()
        assert one.say("NOOP") == two.say("NOOP") == "250 2.0.0 OK"
    wait_until(lambda: _greeting(door).startswith("220"), "there is room again")


def test_hosts_of_trusted_networks_may_have_more(open_door):
    door = open_door(max_connections_per_client=1, trusted_networks=("127.0.0.1",))
    with door.call(), door.call() as second:
        assert second.greeting.startswith("220 ")


def test_there_is_room_for_so_many_sessions_in_all(open_door):
    door = open_door(max_connections=1, trusted_networks=("127.0.0.1",))
    with door.call(), door.call(ehlo=False) as second:
        assert second.greeting.startswith("421 4.7.0 ")


def test_too_many_errors_end_the_session(open_door):
    with open_door(max_errors=3).call() as client:
        client.say("MAIL FROM:<a@b.th>")
        replies = [client.say("RCPT TO:<nobody@phrae.example>")[:9] for _ in range(4)]
        assert replies == ["550 5.1.1"] * 3 + ["421 4.7.0"]
        assert client.hung_up()


def test_commands_behind_the_last_error_are_not_carried_out(open_door):
    door = open_door(max_errors=0)
    with door.call() as client:
        client.send(
            b"MAIL FROM:<x>\r\nMAIL FROM:<a@b.th>\r\nRCPT TO:<saraban@phrae.example>\r\nDATA\r\n"
        )
        assert client.reply().startswith("421 ")
        assert client.hung_up()


def test_unknown_commands_end_the_session_too(door):
    with door.call() as client:
        replies = [client.say("XYZZY")[:3] for _ in range(5)]
        assert (replies[-1], client.hung_up()) == ("502", True)


def test_a_silent_client_is_told_and_let_go(open_door):
    with open_door(timeout=0.3).call(ehlo=False) as client:
        assert client.reply().startswith("421 4.4.2 Timeout")
        assert client.hung_up()


def test_a_letter_that_trickles_is_broken_off_and_leaves_nothing(open_door):
    door = open_door(timeout=2.0, min_data_rate=1_000_000)
    with door.call() as client:
        client.begin()
        began = time.monotonic()
        client.socket.settimeout(0.02)
        told = _trickle(client)
        assert time.monotonic() - began > 1
    assert told.startswith(b"421 4.4.2 ")
    door.nothing_is_left()


def test_a_slow_letter_that_keeps_the_pace_arrives(open_door):
    """It takes longer than the timeout, which counts silence and not the whole."""
    door = open_door(timeout=2.0, min_data_rate=1)
    with door.call() as client:
        client.begin()
        end = time.monotonic() + 3.0
        client.send(b"A: b\r\n\r\n")
        while time.monotonic() < end:
            client.send(b"some bytes\r\n")
            _wait_for_the_peer(client, 0.05)
        assert client.say(".").startswith("250 ")


def test_an_overlong_line_is_refused_and_the_session_goes_on(door):
    with door.call() as client:
        assert client.say("NOOP " + "x" * 300_000).startswith("500 5.5.2 ")
        assert client.say("NOOP") == "250 2.0.0 OK"


def test_a_stopping_service_sends_idle_clients_home(door):
    with door.call() as client:
        door.stop()
        assert client.reply().startswith("421 4.3.2 ")
        assert client.hung_up()
    door.close()


def test_a_stopping_service_takes_the_letter_that_is_under_way(door):
    with door.call() as client, door.call() as idle:
        client.begin()
        client.send(b"A: b\r\n")
        door.stop()
        assert idle.reply().startswith("421 ")
        client.send(stuffed(b"\r\nx\r\n"))
        assert client.reply().startswith("250 2.0.0 Ok: queued as ")
        assert client.reply().startswith("421 4.3.2 ")
    door.close()
    assert door.only_letter().raw() == LETTER


def test_a_stopping_service_does_not_wait_for_ever(door, monkeypatch):
    monkeypatch.setattr("gateway.inbound.smtpd.GRACE", 0.2)
    with door.call() as client:
        client.begin()
        client.send(b"A: b\r\n")
        door.close()
        assert client.hung_up()
    door.nothing_is_left()


def test_a_port_in_use_says_so(open_door):
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OutOfOrder) as caught:
        open_door(listen=f"127.0.0.1:{taken.getsockname()[1]}")
    assert "cannot listen on" in str(caught.value)


@pytest.mark.parametrize("listen", ["here", "127.0.0.1:smtp", "127.0.0.1"])
def test_a_listener_without_host_and_port_is_refused(open_door, listen):
    with pytest.raises(OutOfOrder, match="not host:port"):
        open_door(listen=listen)


def test_an_empty_address_opens_no_listener(open_door):
    assert list(open_door(listen="").ports) == ["submission"]


def _trickle(client):
    """Send a byte now and then until the server says something."""
    while True:
        try:
            return client.socket.recv(4096)
        except TimeoutError:
            client.send(b"x")


def _wait_for_the_peer(client, seconds):
    client.socket.settimeout(seconds)
    with pytest.raises(TimeoutError):
        client.socket.recv(1)
    client.socket.settimeout(30)


def _greeting(door):
    with door.call(ehlo=False) as client:
        return client.greeting
