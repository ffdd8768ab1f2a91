"""Clients that do not keep the rules of the dialogue: each hears why, and harms nobody else."""

import socket
import threading

import pytest

from gateway.dismissals import LongSession
from gateway.inbound.guests import Guests
from tests.gateway.inbound.client import Client, stuffed
from tests.servers.waiting import wait_until

LETTER = b"From: a@dla.example\r\n\r\nx\r\n"
PHRAE = "saraban@phrae.example"


def test_who_speaks_before_the_greeting_is_refused(open_door):
    door = open_door(greet_delay=0.5)
    with Client(door.ports["smtp"], greet=False) as client:
        client.send(b"EHLO early\r\n")
        assert client.reply() == "554 5.5.0 You spoke before the greeting."
        assert client.hung_up()


def test_bytes_that_are_there_already_are_seen_without_any_delay(door, monkeypatch):
    """The loop is held in the moment of the accept, until the bytes of the client have come."""
    sent = threading.Event()
    enter = Guests.enter

    def slow(self, guest, **options):
        assert sent.wait(30)
        return enter(self, guest, **options)

    monkeypatch.setattr(Guests, "enter", slow)
    with Client(door.ports["smtp"], greet=False) as client:
        client.send(b"EHLO early\r\n")
        sent.set()
        assert client.reply().startswith("554 5.5.0 You spoke before the greeting.")


def test_hosts_of_trusted_networks_are_greeted_at_once(open_door):
    door = open_door(greet_delay=3600.0, trusted_networks=("127.0.0.1",))
    with door.call(ehlo=False) as client:
        assert client.greeting.startswith("220 ")


@pytest.mark.parametrize(
    "group", [b"EHLO x\r\nMAIL FROM:<a@b.th>\r\n", b"HELO x\r\nNOOP\r\n", b"STARTTLS\r\nNOOP\r\n"]
)
def test_nothing_may_be_pipelined_behind_a_command_that_ends_a_group(door, group):
    with door.call() as client:
        client.send(group)
        assert client.reply().startswith("554 5.5.0 Out of step")
        assert client.hung_up()


def test_replies_to_pipelined_commands_come_together_and_in_order(door):
    commands = [b"MAIL FROM:<a@b.th>", *[b"RCPT TO:<saraban@phrae.example>"] * 3, b"RSET", b"NOOP"]
    with door.call() as client:
        client.send(b"\r\n".join(commands) + b"\r\n")
        first = client.socket.recv(65536)
    assert [line[:9] for line in first.decode().splitlines()] == [
        "250 2.1.0", "250 2.1.5", "250 2.1.5", "250 2.1.5", "250 2.0.0", "250 2.0.0"
    ]  # fmt: skip


def test_commands_that_bring_no_letter_on_become_errors_after_so_many(open_door):
    with open_door(max_junk_commands=5, max_errors=2).call() as client:  # EHLO was the first
        replies = [client.say(word)[:3] for word in ("NOOP", "RSET", "VRFY x", "HELP", "NOOP")]
        replies += [client.say("NOOP")[:3] for _ in range(2)]
        assert replies == ["250", "250", "252", "214", "250", "250", "421"]
        assert client.hung_up()


def test_a_letter_begins_the_count_of_commands_again(open_door):
    with open_door(max_junk_commands=3, max_errors=0, max_commands=8).call() as client:
        for _ in range(4):
            assert client.say("NOOP").startswith("250 ")
            assert client.say("RSET").startswith("250 ")
            assert client.mail(LETTER).startswith("250 ")


def test_a_session_has_so_many_commands_and_no_more(open_door):
    with open_door(max_commands=6).call() as client:
        client.say("MAIL FROM:<a@b.th>")
        replies = [client.say(f"RCPT TO:<{PHRAE}>")[:9] for _ in range(5)]
        assert replies == ["250 2.1.5"] * 4 + ["421 4.7.0"]
        assert client.hung_up()


def test_a_hundred_thousand_recipients_are_not_waited_for(open_door):
    door = open_door(max_recipients=100, max_commands=300)
    with door.call() as client:
        client.say("MAIL FROM:<a@b.th>")
        client.socket.settimeout(30)
        with pytest.raises(OSError):
            _send_for_ever(client, b"RCPT TO:<saraban@phrae.example>\r\n" * 1000)
    with door.call() as client:
        assert client.mail(LETTER).startswith("250 ")


def test_recipients_beyond_the_limit_are_put_off_one_by_one(open_door):
    with open_door(max_recipients=2).call() as client:
        client.say("MAIL FROM:<a@b.th>")
        replies = [client.say(f"RCPT TO:<saraban@{name}.example>") for name in ("phrae", "town")]
        assert all(reply.startswith("250 ") for reply in replies)
        assert client.say("RCPT TO:<postmaster@phrae.example>").startswith("452 4.5.3 ")


def test_a_session_ends_after_so_long(open_door):
    with open_door(max_session=0.0).call(ehlo=False) as client:
        assert client.say("NOOP").startswith("421 4.4.2 The session has lasted too long")
        assert client.hung_up()


def test_a_letter_under_way_is_let_finish_when_the_session_is_over(open_door, monkeypatch):
    door = open_door()
    with door.call() as client:
        client.begin()
        monkeypatch.setattr("gateway.inbound.conversation.Conversation._count", _over)
        client.send(stuffed(LETTER))
        assert client.reply().startswith("250 ")
        assert client.say("NOOP").startswith("421 ")


def test_a_command_that_trickles_is_not_waited_for(open_door):
    with open_door(line_timeout=0.3).call() as client:
        client.send(b"NO")
        assert client.reply().startswith("421 4.4.2 ")
        assert client.hung_up()


def test_silent_clients_go_sooner_while_the_door_is_crowded(open_door):
    door = open_door(max_connections=4, timeout_crowded=1.0)
    with door.call(), door.call(), door.call(), door.call() as last:
        assert last.say("NOOP").startswith("250 ")
        wait_until(lambda: _is_welcome(door), "there is room again")


def test_a_silent_client_may_stay_while_there_is_room(open_door):
    door = open_door(timeout_crowded=0.05)
    with door.call() as idle:
        idle.socket.settimeout(0.3)
        with pytest.raises(TimeoutError):
            idle.socket.recv(1)


def test_five_hundred_idle_connections_keep_nobody_out_for_long(open_door):
    door = open_door(max_connections=500, max_connections_per_client=1000, timeout_crowded=0.3)
    idle = [socket.create_connection(("127.0.0.1", door.ports["smtp"])) for _ in range(500)]
    wait_until(lambda: _is_welcome(door), "there is room for a letter")
    for one in idle:
        one.close()


def test_a_letter_far_beyond_the_limit_is_not_read_to_its_end(open_door):
    door = open_door(max_message_bytes=100_000, max_discarded_bytes=200_000)
    with door.call() as client:
        client.begin()
        with pytest.raises(OSError):
            _send_for_ever(client, b"x" * 64_000 + b"\r\n")
    door.nothing_is_left()


def test_who_sends_too_much_hears_552_before_the_end(open_door):
    door = open_door(max_message_bytes=100_000, max_discarded_bytes=200_000)
    with door.call() as client:
        client.begin()
        client.send(b"x" * 400_000)
        assert client.reply().startswith("552 5.3.4 The letter is larger than 100000 bytes")
        assert client.hung_up()
    door.nothing_is_left()


def test_a_letter_a_little_beyond_the_limit_is_read_and_the_session_goes_on(open_door):
    with open_door(max_message_bytes=100_000).call() as client:
        assert client.mail(b"A: b\r\n\r\n" + b"x" * 200_000).startswith("552 5.3.4 ")
        assert client.mail(LETTER).startswith("250 ")


def test_a_line_without_an_end_is_not_read_for_ever(door):
    with door.call() as client, pytest.raises(OSError):
        _send_for_ever(client, b"x" * 64_000)
    with door.call() as client:
        assert client.mail(LETTER).startswith("250 ")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"MAIL FROM:<a\x00b@c.th>", "553 5.1.3"),
        (b"MAIL FROM:<a\xe2\x80\xaeb@c.th>", "553 5.1.3"),
        (b"MAIL FROM:<a\xe2\x80\xaeb@c.th> SMTPUTF8", "553 5.1.3"),
        (b"MAIL FROM:<a\xff\xfe@c.th> SMTPUTF8", "553 5.1.3"),
        (b"MAIL FROM:<a@b.th> ENVID=\xe0\xb8\x81", "501 5.5.4"),
        (b"\xe0\xb8\x81\xe0\xb8\x81", "500 5.5.2"),
        (b"MAIL\x00 FROM:<a@b.th>", "500 5.5.2"),
        (b"", "500 5.5.2"),
        (b"EHLO \x00\x1b[2J", "250-"),
        (b"MAIL FROM:<" + b"a" * 65 + b"@b.th>", "553 5.1.3"),
        (b"MAIL FROM:<a@" + b"b" * 256 + b".th>", "553 5.1.3"),
        (b"MAIL FROM:<a@b.th> X=" + b"x" * 3000, "500 5.5.2"),
        (b"NOOP " + b"x" * 20_000, "500 5.5.2"),
    ],
    ids=repr,
)
def test_strange_bytes_in_commands_get_a_clear_answer(door, line, code, caplog):
    with door.call() as client:
        reply = client.say(line)
        assert reply.startswith(code)
        assert reply.replace("\n", "").isprintable()
        client.say("RSET")
        assert client.mail(LETTER).startswith("250 ")


def test_what_is_refused_leaves_one_line_in_the_log_with_the_session_and_the_letter(
    open_door, caplog
):
    caplog.set_level("INFO", "gateway")
    door = open_door(max_message_bytes=100)
    with door.call() as client:
        client.mail(b"A: b\r\n\r\n" + b"x" * 200)
    (line,) = [text for text in caplog.messages if "refused" in text]
    assert line.startswith("127.0.0.1 session=")
    assert " letter=smtp/" in line


def _over(self, verb):
    raise LongSession


def _send_for_ever(client, block):
    """Send until the connection is reset, or the pipe broken."""
    while True:
        client.send(block)


def _is_welcome(door):
    with Client(door.ports["smtp"], greet=False) as client:
        return client.reply().startswith("220 ")
