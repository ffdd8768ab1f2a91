"""PROXY headers: listed load balancers say for whom they speak; from others they are not taken."""

import socket
import struct

import pytest

from tests.gateway.inbound.client import Client
from tests.gateway.inbound.test_submission import CLERK, PASSWORD

LETTER = b"From: a@dla.example\r\n\r\nx\r\n"
V1 = b"PROXY TCP4 192.0.2.7 198.51.100.1 40000 25\r\n"


def v2(address="192.0.2.7", command=1):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    packed = socket.inet_pton(family, address)
    body = packed + packed + struct.pack("!HH", 40000, 25)
    kind = 0x21 if family == socket.AF_INET6 else 0x11
    head = b"\r\n\r\n\x00\r\nQUIT\n" + struct.pack("!BBH", 0x20 | command, kind, len(body))
    return head + body


@pytest.fixture
def proxied(open_door):
    return open_door(proxy_from=("127.0.0.0/8",), max_connections_per_client=1)


def call(door, header, port="smtp"):
    client = Client(door.ports[port], greet=False)
    client.send(header)
    client.greeting = client.reply()
    if client.greeting.startswith("220 "):
        client.say("EHLO client.example")
    return client


@pytest.mark.parametrize(
    ("header", "peer"),
    [
        (V1, "192.0.2.7"),
        (b"PROXY TCP6 2001:db8::7 2001:db8::1 40000 25\r\n", "2001:db8::7"),
        (b"PROXY UNKNOWN\r\n", "127.0.0.1"),
        (v2(), "192.0.2.7"),
        (v2("2001:db8::7"), "2001:db8::7"),
    ],
    ids=repr,
)
def test_the_client_is_who_the_header_names(proxied, header, peer):
    with call(proxied, header) as client:
        assert client.mail(LETTER).startswith("250 ")
    assert proxied.only_letter().envelope.peer == peer


def test_what_is_known_of_the_client_holds_under_tls_too(proxied):
    with call(proxied, V1) as client:
        assert client.starttls().mail(LETTER).startswith("250 ")
    envelope = proxied.only_letter().envelope
    assert (envelope.peer, envelope.tls) == ("192.0.2.7", True)


def test_sessions_are_counted_for_the_client_and_not_for_the_proxy(proxied):
    with call(proxied, V1), call(proxied, V1.replace(b".7 ", b".8 ")) as other:
        assert other.greeting.startswith("220 ")
        with call(proxied, V1) as again:
            assert again.greeting.startswith("421 4.7.0 Too many connections")


def test_a_client_behind_the_proxy_may_be_trusted(open_door):
    door = open_door(proxy_from=("127.0.0.1",), trusted_networks=("192.0.2.0/24",))
    with call(door, V1) as client:
        client.mail(LETTER)
    assert door.only_letter().envelope.trusted_network


@pytest.mark.parametrize(
    "header",
    [
        b"EHLO client.example\r\n",
        b"PROXY\r\n",
        b"PROXY TCP4 192.0.2.7\r\n",
        b"PROXY TCP4 1.2.3.4.5 1.2.3.4 1 2\r\n",
        b"PROXY TCP4 ::1 ::1 1 2\r\n",
        b"PROXY " + b"x" * 200 + b"\r\n",
        b"\r\n\r\n\x00\r\nQUIT\n\x31\x11\x00\x00",
    ],
    ids=repr,
)
def test_a_proxy_that_sends_no_proper_header_is_told_and_let_go(proxied, header):
    with call(proxied, header) as client:
        assert client.greeting.startswith("421 4.3.5 A PROXY header is expected")
        assert client.hung_up()


def test_nobody_else_may_send_a_header(door):
    with door.call(ehlo=False) as client:
        assert client.say(V1.strip()).startswith("500 5.5.2 ")
        client.say("EHLO x")
        client.mail(LETTER)
    assert door.only_letter().envelope.peer == "127.0.0.1"


def test_a_header_may_come_before_tls_that_comes_first(proxied_tls):
    with Client(proxied_tls.ports["submissions"], greet=False) as client:
        client.send(V1)
        client.handshake()
        assert client.reply().startswith("220 ")
        client.say("EHLO x")
        assert client.sign_in(CLERK, PASSWORD).startswith("235 ")


@pytest.fixture
def proxied_tls(open_door, runtime):
    return open_door(proxy_from=("127.0.0.0/8",), submission={"listen_tls": "127.0.0.1:0"})
