"""The dialogue of port 25 as a client sees it, on real sockets."""

import asyncio
import contextlib
import hashlib
import smtplib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.errors import Refusal
from gateway.wake import WORKER, Bell
from registry.letter.message import Listener
from tests.gateway.inbound.client import stuffed
from tests.gateway.inbound.test_data import ODD_ENDINGS, PIECES, cut

LETTER = b"From: a@dla.example\r\nSubject: x\r\n\r\n.dot\r\n..\r\nend\r\n"
TOWN = "saraban@town.example"
PHRAE = "saraban@phrae.example"


def test_a_letter_is_in_the_spool_byte_for_byte_when_250_is_said(door):
    with door.call() as client:
        reply = client.mail(LETTER)
        letter = door.only_letter()
    assert reply == f"250 2.0.0 Ok: queued as {letter.name}"
    assert letter.raw() == LETTER


def test_the_envelope_tells_how_the_letter_came(door):
    with door.call() as client:
        client.mail(LETTER, PHRAE, TOWN)
    envelope = door.only_letter().envelope
    assert envelope.listener is Listener.MX
    assert (envelope.peer, envelope.helo, envelope.tls) == ("127.0.0.1", "client.example", False)
    assert (envelope.mail_from, envelope.recipients) == ("a@dla.example", (PHRAE, TOWN))
    assert (envelope.trusted_network, envelope.signed_in) == (False, "")
    assert envelope.raw_sha256 == hashlib.sha256(LETTER).hexdigest()


def test_the_null_sender_is_the_empty_string(door):
    with door.call() as client:
        client.mail(LETTER, sender="")
    assert door.only_letter().envelope.mail_from == ""


def test_ehlo_offers_what_is_true_and_no_more(door):
    with door.call(ehlo=False) as client:
        offers = client.say("EHLO x").splitlines()
    assert client.greeting == "220 mx.phrae.example ESMTP"
    assert [line[4:] for line in offers] == [
        "mx.phrae.example", "SIZE 1000000000", "PIPELINING", "8BITMIME", "SMTPUTF8", "DSN",
        "STARTTLS", "ENHANCEDSTATUSCODES",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("commands", "reply"),
    [
        (["MAIL FROM:<a@b.th>"], "503 5.5.1 Send EHLO first."),
        (["EHLO"], "501 5.5.4 Syntax: EHLO hostname"),
        (["HELO x"], "250 mx.phrae.example"),
        (["HELO x", f"RCPT TO:<{PHRAE}>"], "503 5.5.1 Send MAIL first."),
        (["HELO x", "DATA"], "503 5.5.1 No valid recipients."),
        (["HELO x", "MAIL FROM:<>", "MAIL FROM:<>"], "503 5.5.1 Bad sequence of commands."),
        (["HELO x", "MAIL FROM:<>", "RCPT TO:<>"], "501 5.5.4 Syntax: RCPT TO:<address>"),
        (["HELO x", "MAIL FROM:<>", f"RCPT TO:<{PHRAE}>", "DATA x"], "501 5.5.4 Syntax: DATA"),
        (["HELO x", "MAIL FROM:<>", "RSET", "DATA"], "503 5.5.1 No valid recipients."),
        (["EHLO x", "MAIL FROM:<> SIZE=x"], "501 5.5.4 SIZE is a number of bytes."),
        (["EHLO x", "MAIL FROM:<> BODY=BINARYMIME"], "501 5.5.4 BODY is 7BIT or 8BITMIME."),
        (["EHLO x", "MAIL FROM:<> SMTPUTF8=1"], "501 5.5.4 SMTPUTF8 takes no value."),
        (["EHLO x", "MAIL FROM:<> MT-PRIORITY=3"], "555 5.5.4 Parameter not recognized."),
        (["EHLO x", "MAIL FROM:<postmaster>"], "553 5.1.3 This is not a mail address"),
        (["EHLO x", "MAIL FROM:<>", f"RCPT TO:<{PHRAE}> RRVS=x"], "555 5.5.4 "),
        (["EHLO x", "AUTH PLAIN AGEAYg=="], "503 5.5.1 AUTH is not offered here."),
        (["VRFY saraban"], "252 2.5.0 "),
        (["EXPN saraban"], "502 5.5.1 "),
        (["HELP"], "214 2.0.0 "),
        (["NOOP"], "250 2.0.0 OK"),
        (["XYZZY\x00\x07"], "500 5.5.2 Error: command "),
        (["NOOP " + "x" * 600], "500 5.5.2 Command line too long"),
        (["QUIT"], "221 2.0.0 Bye"),
    ],
)
def test_every_command_has_its_answer(door, commands, reply):
    with door.call(ehlo=False) as client:
        for command in commands[:-1]:
            assert client.say(command).startswith("250")
        assert client.say(commands[-1]).startswith(reply)


def test_a_reply_never_repeats_control_characters_of_the_client(door):
    with door.call() as client:
        assert client.say("AB\rC\x00 x") == '500 5.5.2 Error: command "AB?C?" not recognized'


def test_a_transaction_is_forgotten_after_its_letter(door):
    with door.call() as client:
        client.mail(LETTER)
        assert client.say("DATA").startswith("503 ")
        assert client.mail(LETTER, TOWN).startswith("250 ")
    assert [letter.envelope.recipients for letter in door.letters()] == [(PHRAE,), (TOWN,)]


def test_a_recipient_named_twice_is_one_recipient(door):
    with door.call() as client:
        client.mail(LETTER, PHRAE, PHRAE)
    assert door.only_letter().envelope.recipients == (PHRAE,)


@pytest.mark.parametrize("ending", ODD_ENDINGS, ids=repr)
def test_odd_line_endings_smuggle_no_second_letter(door, ending):
    evil = b"x" + ending + b"MAIL FROM:<evil@x.th>\r\nRCPT TO:<" + TOWN.encode() + b">\r\nDATA\r\n"
    with door.call() as client:
        client.begin()
        client.send(evil + b"From: ceo@x.th\r\n\r\ny\r\n.\r\n")
        assert client.reply().startswith("250 ")
        assert client.say("NOOP") == "250 2.0.0 OK"
    content = (evil + b"From: ceo@x.th\r\n\r\ny\r\n").replace(b"\r\n.", b"\r\n")
    assert door.only_letter().raw() == content


def test_a_letter_split_at_every_byte_is_the_same_letter(door):
    wire = stuffed(LETTER)
    with door.call() as client:
        for place in range(1, len(wire)):
            client.begin()
            client.send(wire[:place])
            client.send(wire[place:])
            assert client.reply().startswith("250 ")
    assert {letter.envelope.raw_sha256 for letter in door.letters()} == {
        hashlib.sha256(LETTER).hexdigest()
    }


@given(PIECES, st.lists(st.integers(min_value=0), max_size=8))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_body_in_any_blocks_arrives_byte_for_byte(door, body, places):
    body = b"A: b\r\n\r\n" + body + b"\r\n"
    with door.call() as client:
        client.begin()
        for block in cut(stuffed(body), places):
            client.send(block)
        name = client.reply().rpartition(" ")[2]
    assert door.tray.read(name).raw() == body


def test_commands_may_be_pipelined_up_to_data_and_after_the_letter(door):
    with door.call() as client:
        client.send(f"MAIL FROM:<a@b.th>\r\nRCPT TO:<{PHRAE}>\r\nDATA\r\n".encode())
        assert [client.reply()[:3] for _ in range(3)] == ["250", "250", "354"]
        client.send(stuffed(LETTER) + b"NOOP\r\nQUIT\r\n")
        assert [client.reply()[:3] for _ in range(3)] == ["250", "250", "221"]


def test_a_letter_sent_before_354_ends_the_session(door):
    """Its lines would else be read as commands."""
    with door.call() as client:
        client.send(f"MAIL FROM:<a@b.th>\r\nRCPT TO:<{PHRAE}>\r\nDATA\r\nNOOP\r\n.\r\n".encode())
        assert [client.reply()[:9] for _ in range(3)] == ["250 2.1.0", "250 2.1.5", "503 5.5.1"]
        assert client.hung_up()
    door.nothing_is_left()


def test_thirty_greetings_leave_the_limits_as_they_were(door):
    with door.call() as client:
        for _ in range(30):
            client.say("EHLO x")
        long = "MAIL FROM:<a@b.th> X=" + "x" * 2100
        assert client.say(long).startswith("500 5.5.2 Command line too long")
        assert client.say("RSET " + "x" * 508).startswith("500 5.5.2 Command line too long")


def test_an_error_inside_is_a_451_with_an_id_and_no_word_from_within(door, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("secret of the house\r\n250 2.0.0 fake")

    monkeypatch.setattr("gateway.inbound.commit.commit_together", broken)
    with door.call() as client:
        reply = client.mail(LETTER)
        assert client.say("NOOP") == "250 2.0.0 OK"
    assert reply.startswith("451 4.3.0 Temporary failure, id=")
    assert "secret" not in reply
    number = reply.partition("id=")[2][:16]
    assert any(number in record.getMessage() for record in caplog.records)
    door.nothing_is_left()


def test_a_broken_disk_while_the_letter_streams_is_told_after_its_end(door, monkeypatch):
    def broken(*_):
        raise OSError("Input/output error")

    monkeypatch.setattr("gateway.inbound.spool.SpoolFile.write", broken)
    with door.call() as client:
        assert client.mail(b"A: b\r\n\r\nQUIT\r\n").startswith("451 4.3.0 ")
        assert client.say("NOOP") == "250 2.0.0 OK"
    door.nothing_is_left()


def test_an_inspection_may_turn_a_letter_away_before_it_is_promised(open_door, monkeypatch):
    class Infected(Refusal):
        text = "A virus was found; please clean the file and send it again."

    async def inspect(letter, envelope):
        if b"EICAR" in letter.path.read_bytes():
            raise Infected
        return replace(envelope, scan="clean")

    @contextlib.asynccontextmanager
    async def inspections(runtime):
        yield (inspect,)

    monkeypatch.setattr("gateway.inbound.smtpd.inspections_of", inspections)
    door = open_door()
    with door.call() as client:
        assert client.mail(LETTER + b"EICAR\r\n").startswith("550 5.7.1 A virus was found")
        door.nothing_is_left()
        assert client.mail(LETTER).startswith("250 ")
    assert door.only_letter().envelope.scan == "clean"


@pytest.mark.parametrize(
    ("subject", "priority"),
    [("ด่วนที่สุด ขอเชิญประชุม", 3), ("[ด่วนมาก] ขอ", 2), ("ด่วน ขอ", 1), ("ขอ", 0)],
)
def test_the_urgency_of_the_subject_is_the_priority_in_the_spool(door, subject, priority):
    with door.call() as client:
        client.mail(f"From: a@dla.example\r\nSubject: {subject}\r\n\r\nx\r\n".encode())
    assert door.only_letter().envelope.priority == priority


def test_letters_on_many_connections_all_arrive(door):
    def send(turn):
        with door.call() as client:
            for n in range(5):
                assert client.mail(b"A: %d-%d\r\n\r\nx\r\n" % (turn, n)).startswith("250 ")

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(send, range(20)))
    texts = {letter.raw() for letter in door.letters()}
    assert texts == {b"A: %d-%d\r\n\r\nx\r\n" % (t, n) for t in range(20) for n in range(5)}


def test_a_common_client_library_is_understood(door):
    with smtplib.SMTP("127.0.0.1", door.ports["smtp"]) as client:
        client.starttls()
        client.sendmail("a@dla.example", [PHRAE], LETTER)
    letter = door.only_letter()
    assert letter.raw() == LETTER
    assert letter.envelope.tls


def test_a_client_is_told_in_thai_only_when_it_reads_utf8(door):
    with door.call() as client:
        client.say("MAIL FROM:<ก@ไทย.th> SMTPUTF8")
        thai = client.say("RCPT TO:<nobody@phrae.example>")
        client.say("RSET")
        client.say("MAIL FROM:<a@b.th>")
        plain = client.say("RCPT TO:<nobody@phrae.example>")
    assert "ไม่มีที่อยู่นี้" in thai
    assert plain.isascii()


def test_the_worker_is_rung_for_when_a_letter_is_in(door):
    async def heard():
        async with Bell(door.runtime.data_dir, WORKER) as bell:
            waiting = asyncio.create_task(bell.wait(300, asyncio.Event()))
            await asyncio.to_thread(send)
            await asyncio.wait_for(waiting, 60)

    def send():
        with door.call() as client:
            client.mail(LETTER)

    asyncio.run(heard())
