"""Signing in by token: a command prints it, the server sees it, and no log ever does."""

import base64
import logging
import sys

import pytest
from imapclient.exceptions import LoginError

from gateway.inbound.imap import signed_in
from gateway.settings import CollectorSettings
from registry.errors import OutOfOrder
from tests.gateway.inbound.imap_server import ImapServer

TOKEN = "ya29.secret-token"


def settings_of(port, *command, **more):
    return CollectorSettings(
        entity="phrae", host="127.0.0.1", port=port, tls="none", username="box@phrae.go.th",
        token_command=command or (sys.executable, "-c", f"print('{TOKEN}')"), **more,
    )  # fmt: skip


@pytest.fixture
def serve():
    """A server that asks for a token; a token that is not the right one gets a reason first."""
    started = []

    def start(capabilities, *, right=True):
        def answer(line):
            tag = next(one.split()[0] for one in server.told if "AUTHENTICATE" in one)
            if not right and line:
                return b"+ " + base64.b64encode(b'{"status":"401"}') + b"\r\n"
            return f"{tag} {'OK' if right else 'NO'} done\r\n".encode()

        server = ImapServer({"AUTHENTICATE": "+ ", "$": answer}, capabilities)
        started.append(server)
        return server

    yield start
    for server in started:
        server.close()


@pytest.mark.parametrize(
    ("capabilities", "mechanism", "said"),
    [
        ("AUTH=XOAUTH2", "XOAUTH2", f"user=box@phrae.go.th\1auth=Bearer {TOKEN}\1\1"),
        (
            "AUTH=XOAUTH2 AUTH=OAUTHBEARER",
            "OAUTHBEARER",
            f"n,a=box@phrae.go.th,\1auth=Bearer {TOKEN}\1\1",
        ),
    ],
)
def test_the_token_that_the_command_printed_signs_in(serve, caplog, capabilities, mechanism, said):
    server = serve(capabilities)
    with caplog.at_level(logging.DEBUG), signed_in(settings_of(server.port)):
        pass
    at = server.commands().index(f"AUTHENTICATE {mechanism}")
    assert base64.b64decode(server.told[at + 1]).decode() == said
    assert TOKEN not in caplog.text
    assert base64.b64encode(TOKEN.encode()).decode()[:12] not in caplog.text


def test_a_token_that_is_refused_is_not_repeated_and_not_told(serve):
    server = serve("AUTH=XOAUTH2", right=False)
    with (
        pytest.raises(LoginError, match="refused the token") as caught,
        signed_in(settings_of(server.port)),
    ):
        pass
    assert TOKEN not in str(caught.value)
    sent = [line for line in server.told if TOKEN.encode() in base64.b64decode(line + "==" * 2)]
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("import sys; print('secret'); sys.exit(3)", "ended with 3"),
        ("print()", "no token"),
        ("print('two words')", "no token"),
    ],
)
def test_a_command_that_gives_no_token_is_named_without_what_it_said(serve, program, why):
    server = serve("AUTH=XOAUTH2")
    settings = settings_of(server.port, sys.executable, "-c", program)
    with pytest.raises(OutOfOrder, match=why) as caught, signed_in(settings):
        pass
    assert "secret" not in str(caught.value)


def test_a_command_that_is_not_there_is_named(serve):
    settings = settings_of(serve("").port, "/nowhere/token")
    with pytest.raises(OutOfOrder, match="could not be started"), signed_in(settings):
        pass


def test_a_password_with_thai_letters_and_quotes_signs_in(dovecot, tmp_path):
    box = dovecot.add_mailbox(password='ส้มตำ "ปลาร้า" \\')
    secret = tmp_path / "password"
    secret.write_text(box.password)
    settings = CollectorSettings(
        host=dovecot.host, port=dovecot.tls_port, username=box.username,
        password_file=str(secret), ca_file=str(dovecot.certificate.file),
    )  # fmt: skip
    with signed_in(settings) as imap:
        assert imap.select("INBOX").exists == 0
