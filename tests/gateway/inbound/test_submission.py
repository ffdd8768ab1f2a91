"""The door for clerks: TLS, then a password, then letters in their own name only."""

import base64
import smtplib
import ssl
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import update

from registry import directory
from registry.letter.entity import Role
from registry.letter.message import Listener
from registry.models.people import OfficerRow
from tests.gateway.inbound.client import plain
from tests.gateway.inbound.conftest import CENTRAL, CLERK, PASSWORD

LETTER = b"From: =?utf-8?B?4Liq4Lih4Lio4Lij4Li1?= <somsri@phrae.example>\r\n\r\nx\r\n"


def _base64(text):
    return base64.b64encode(text.encode()).decode()


@pytest.fixture
def client(door):
    with door.call("submission") as client:
        yield client.starttls()


@pytest.fixture
def clerk(client):
    assert client.sign_in(CLERK, PASSWORD).startswith("235 ")
    return client


def test_a_clerk_sends_a_letter_to_anyone(door, clerk):
    assert clerk.mail(LETTER, "x@elsewhere.example", CENTRAL, sender=CLERK).startswith("250 ")
    envelope = door.only_letter().envelope
    assert envelope.listener is Listener.SUBMISSION
    assert (envelope.signed_in, envelope.tls, envelope.mail_from) == (CLERK, True, CLERK)
    assert envelope.recipients == ("x@elsewhere.example", CENTRAL)


def test_a_common_client_library_signs_in_and_checks_the_certificate(door, certificate):
    context = ssl.create_default_context(cafile=certificate / "cert.pem")
    with smtplib.SMTP("localhost", door.ports["submission"]) as client:
        client.starttls(context=context)
        client.ehlo()
        client.docmd("AUTH", "PLAIN " + plain(CLERK, PASSWORD))
        client.sendmail(CLERK, [CENTRAL], LETTER)
    assert door.only_letter().envelope.signed_in == CLERK


def test_auth_is_offered_only_under_tls(door):
    with door.call("submission", ehlo=False) as client:
        before = client.say("EHLO x")
        after = client.starttls().say("EHLO x")
    assert "STARTTLS" in before
    assert "AUTH" not in before
    assert "250-AUTH LOGIN PLAIN" in after.splitlines()
    assert "STARTTLS" not in after


def test_nothing_is_done_before_tls(door):
    with door.call("submission") as client:
        assert client.say("MAIL FROM:<a@b.th>").startswith("530 5.7.0 Must issue a STARTTLS")
        assert client.sign_in(CLERK, PASSWORD).startswith("538 5.7.11 ")


def test_nothing_is_done_before_signing_in(client):
    assert client.say(f"MAIL FROM:<{CLERK}>").startswith("530 5.7.0 Authentication required")


def test_old_tls_is_refused(door):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with door.call("submission") as client:
        client.say("STARTTLS")
        with pytest.raises(ssl.SSLError):
            context.wrap_socket(client.socket)


def test_garbage_instead_of_a_handshake_ends_the_session_and_no_other(door):
    with door.call("submission") as client:
        client.say("STARTTLS")
        client.send(b"EHLO again\r\n" * 10)
        client.socket.settimeout(10)
        rest = b"".join(iter(lambda: _recv(client), b""))
        assert b"250" not in rest
    with door.call("submission") as other:
        assert other.say("NOOP") == "250 2.0.0 OK"


def test_commands_slipped_in_behind_starttls_end_the_session(door):
    """What came in the clear must not be carried out under TLS (CVE-2024-34083)."""
    with door.call("submission") as client:
        client.send(b"STARTTLS\r\nNOOP injected\r\nEHLO injected\r\n")
        assert client.reply().startswith("554 5.5.0 Out of step")
        assert client.hung_up()


def test_what_was_said_before_tls_is_forgotten(door):
    with door.call("submission") as client:
        client.say("STARTTLS")
        client.handshake()
        assert client.say("MAIL FROM:<a@b.th>").startswith("503 5.5.1 Send EHLO first.")


@pytest.mark.parametrize("mechanism", ["PLAIN", "plain", "Plain"])
def test_mechanisms_are_known_in_any_case(client, mechanism):
    assert client.sign_in(CLERK, PASSWORD, mechanism).startswith("235 2.7.0 ")


def test_plain_may_wait_to_be_asked(client):
    assert client.say("AUTH PLAIN") == "334 "
    assert client.say(plain(CLERK, PASSWORD)).startswith("235 ")


def test_login_asks_for_name_and_password(client):
    assert client.say("AUTH login") == "334 VXNlcm5hbWU6"
    assert client.say(_base64(CLERK)) == "334 UGFzc3dvcmQ6"
    assert client.say(_base64(PASSWORD)).startswith("235 ")


def test_login_takes_the_name_at_once(client):
    client.say("AUTH LOGIN " + _base64(CLERK.upper()))
    assert client.say(_base64(PASSWORD)).startswith("235 ")


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("AUTH", "504 5.5.4 "),
        ("AUTH GSSAPI", "504 5.5.4 "),
        ("AUTH PLAIN =", "501 5.5.4 "),
        ("AUTH PLAIN !!!", "501 5.5.4 This is not base64"),
        ("AUTH PLAIN " + base64.b64encode(b"no fields").decode(), "501 5.5.4 "),
        (
            "AUTH PLAIN " + base64.b64encode(b"other\0somsri@phrae.example\0x").decode(),
            "535 5.7.8 ",
        ),
        ("AUTH PLAIN " + base64.b64encode(b"\0\xff\0\xff").decode(), "535 5.7.8 "),
        ("AUTH PLAIN " + base64.b64encode(b"\0\0").decode(), "535 5.7.8 "),
        ("AUTH PLAIN " + "A" * 12_000, "501 5.5.4 "),
        ("AUTH PLAIN " + "A" * 13_000, "500 5.5.2 "),
    ],
)
def test_bad_ways_to_sign_in_have_their_answers(client, command, reply):
    assert client.say(command).startswith(reply)


def test_a_client_may_break_off_signing_in(client):
    client.say("AUTH LOGIN")
    assert client.say("*").startswith("501 5.5.4 Authentication cancelled")
    assert client.sign_in(CLERK, PASSWORD).startswith("235 ")


def test_unknown_names_and_wrong_passwords_get_one_answer(client):
    wrong = client.sign_in(CLERK, "wrong password")
    unknown = client.sign_in("nobody@phrae.example", PASSWORD)
    assert wrong == unknown == "535 5.7.8 Authentication credentials invalid."


def test_a_disabled_officer_cannot_sign_in(door, client):
    with door.runtime.database.write() as session:
        directory.disable_officer(session, CLERK, at=door.runtime.clock.now(), by="test")
    assert client.sign_in(CLERK, PASSWORD).startswith("535 5.7.8 ")


def test_an_auditor_who_reads_everything_sends_nothing(door, client):
    with door.runtime.database.write() as session:
        session.execute(update(OfficerRow).values(role=str(Role.AUDITOR)))
    assert client.sign_in(CLERK, PASSWORD).startswith("535 5.7.8 ")


def test_an_officer_whose_term_is_over_sends_nothing(door, client):
    with door.runtime.database.write() as session:
        session.execute(update(OfficerRow).values(ends=date(2020, 9, 30)))
    assert client.sign_in(CLERK, PASSWORD).startswith("535 5.7.8 ")


def test_the_third_failure_ends_the_session(client):
    replies = [client.sign_in(CLERK, "wrong password")[:9] for _ in range(3)]
    assert replies == ["535 5.7.8", "535 5.7.8", "421 4.7.0"]
    assert client.hung_up()


def test_two_hundred_guesses_in_a_row_get_no_further_than_three(client):
    client.send(f"AUTH PLAIN {plain(CLERK, 'wrong password')}\r\n".encode() * 200)
    assert (client.reply()[:3], client.hung_up()) == ("554", True)


def test_one_does_not_sign_in_twice_nor_in_the_middle_of_a_letter(clerk):
    assert clerk.sign_in(CLERK, PASSWORD).startswith("503 5.5.1 ")


def test_signing_in_does_not_hold_up_the_others(open_door, monkeypatch):
    """Eight passwords are being checked; a client is answered before the first is."""
    door = open_door(trusted_networks=("127.0.0.1",))  # who may come eight times at once
    verify, begun, may_end = directory.verify_password, threading.Event(), threading.Event()

    def verify_later(*asked):
        begun.set()
        assert may_end.wait(60)
        return verify(*asked)

    def guess(_):
        with door.call("submission") as client:
            return client.starttls().sign_in(CLERK, "wrong password")

    monkeypatch.setattr(directory, "verify_password", verify_later)
    with door.call() as other, ThreadPoolExecutor(8) as pool:
        guesses = [pool.submit(guess, n) for n in range(8)]
        assert begun.wait(60)
        assert other.say("NOOP") == "250 2.0.0 OK"
        may_end.set()
    assert {one.result()[:3] for one in guesses} == {"535"}


def test_while_the_database_is_away_nobody_is_told_that_the_password_is_wrong(door, client):
    (door.runtime.data_dir / "saraban.db").rename(door.runtime.data_dir / "away.db")
    (door.runtime.data_dir / "saraban.db").mkdir()
    door.runtime.database.close()
    assert client.sign_in(CLERK, PASSWORD).startswith("454 4.7.0 ")


def test_a_clerk_may_write_as_the_offices_central_address(clerk):
    letter = LETTER.replace(CLERK.encode(), CENTRAL.upper().encode())
    assert clerk.mail(letter, "x@elsewhere.example", sender=CENTRAL).startswith("250 ")


@pytest.mark.parametrize("sender", ["", "saraban@town.example", "x@phrae.example", "a@b.th"])
def test_a_clerk_gives_no_other_envelope_sender(clerk, sender):
    reply = clerk.say(f"MAIL FROM:<{sender}>")
    assert reply.startswith("550 5.7.1 Send as yourself or as your office's central address")


@pytest.mark.parametrize(
    "header",
    [
        b"From: saraban@town.example\r\n",
        b"From: somsri@phrae.example, saraban@town.example\r\n",
        b"From: somsri@phrae.example\r\nFrom: saraban@town.example\r\n",
        b"From: somsri@phrae.example <saraban@town.example>\r\n",
        b"From: \r\n",
        b"Subject: no sender\r\n",
    ],
)
def test_a_clerk_gives_no_other_from(door, clerk, header):
    assert clerk.mail(header + b"\r\nx\r\n", "x@b.th", sender=CLERK).startswith("550 5.7.1 Send as")
    door.nothing_is_left()


@pytest.mark.parametrize("bare", [b"x\ny", b"x\ry", b"x\n.\r\ny"])
def test_a_letter_with_bare_line_endings_is_not_submitted(door, clerk, bare):
    reply = clerk.mail(LETTER + bare + b"\r\n", "x@b.th", sender=CLERK)
    assert reply.startswith("550 5.5.2 The letter has CR or LF alone")
    door.nothing_is_left()


def test_a_tag_that_names_nobody_is_refused_to_clerks_as_well(clerk):
    clerk.say(f"MAIL FROM:<{CLERK}>")
    assert clerk.say("RCPT TO:<saraban+dla@phrae.example>").startswith("250 ")
    assert clerk.say("RCPT TO:<saraban+dal@phrae.example>").startswith("550 5.1.1 ")
    assert clerk.say("RCPT TO:<other+tag@phrae.example>").startswith("250 ")
    assert clerk.say("RCPT TO:<postmaster>").startswith("250 ")


def test_a_submission_door_needs_a_certificate(runtime, open_door):
    (runtime.data_dir / "tls" / "cert.pem").unlink()
    with pytest.raises(Exception, match="submission needs a certificate"):
        open_door()


def test_the_password_is_never_written_anywhere(door, client, caplog):
    with caplog.at_level(0):
        client.sign_in(CLERK, "ความลับของฉัน")
    encoded = plain(CLERK, "ความลับของฉัน")
    assert not any(w in r.getMessage() for r in caplog.records for w in ("ความลับ", encoded))


def _recv(client):
    try:
        return client.socket.recv(4096)
    except (TimeoutError, ConnectionError):
        return b""
