"""What servers may do to us: lie about lengths, answer for ever, be far away, know no MOVE."""

import re
import threading
from contextlib import contextmanager
from datetime import date

import pytest

from gateway.inbound.imap import LEAST_BLOCK, MOST_BLOCK, Unfetchable, signed_in
from gateway.settings import CollectorSettings
from registry.errors import OutOfOrder
from tests.gateway.inbound.imap_server import ImapServer


@pytest.fixture
def serve(tmp_path):
    """Start servers, and give the settings with which each is reached."""
    started = []
    password = tmp_path / "password"
    password.write_text("x")

    def start(answers, capabilities=""):
        server = ImapServer(answers, capabilities)
        started.append(server)
        settings = CollectorSettings(
            entity="phrae", host="127.0.0.1", port=server.port, tls="none", username="u ser",
            password_file=str(password), timeout=10.0,
        )  # fmt: skip
        return server, settings

    yield start
    for server in started:
        server.close()


@contextmanager
def opened(settings):
    """Sign in and open the inbox."""
    with signed_in(settings) as imap:
        imap.select("INBOX")
        yield imap


def test_a_literal_of_nine_gigabytes_is_not_waited_for(serve):
    _, settings = serve({"UID FETCH": b"* 1 FETCH (UID 1 BODY[]<0> {9000000000}\r\n"})
    with opened(settings) as imap, pytest.raises(Unfetchable, match="9000000000") as caught:
        list(imap.blocks(1))
    assert caught.value.line_lost


def test_an_answer_without_an_end_is_cut_off(serve):
    flood = b"* OK " + b"x" * 900_000 + b"\r\n"
    _, settings = serve({"NOOP": flood * 80})
    with signed_in(settings) as imap, pytest.raises(Exception, match="without an end"):
        imap.ask()


def test_garbage_in_an_answer_is_trouble_with_that_mail_only(serve):
    _, settings = serve({"UID FETCH": "* 1 FETCH (UID 1 RFC822.SIZE many)\r\n{tag} OK done"})
    with opened(settings) as imap, pytest.raises(Unfetchable) as caught:
        imap.facts([1])
    assert not caught.value.line_lost


def test_blocks_grow_where_the_server_is_far_away(serve):
    """Each answer takes a while; 7 MB come in a handful of round trips, none over 4 MiB."""
    whole = 7_000_000

    def fetch(line):
        threading.Event().wait(0.02)
        tag = line.split()[0].encode()
        if "SIZE" in line:
            what = b'RFC822.SIZE 7000000 INTERNALDATE "01-Oct-2025 10:00:00 +0700"'
            return b"* 1 FETCH (UID 1 " + what + b")\r\n" + tag + b" OK done\r\n"
        start, asked = map(int, re.search(r"<(\d+)\.(\d+)>", line).groups())
        size = max(min(asked, whole - start), 0)
        head = f"* 1 FETCH (UID 1 BODY[]<{start}> {{{size}}}\r\n".encode()
        return head + bytes(size) + b")\r\n" + tag + b" OK done\r\n"

    server, settings = serve({"UID FETCH": fetch})
    with opened(settings) as imap:
        imap.facts([1])
        assert sum(map(len, imap.blocks(1))) == whole
    sizes = [int(size) for line in server.told for size in re.findall(r"<\d+\.(\d+)>", line)]
    assert sizes[0] == LEAST_BLOCK
    assert sizes[1] == 2 * LEAST_BLOCK
    assert max(sizes) <= MOST_BLOCK


@pytest.mark.parametrize(("capabilities", "last"), [("UIDPLUS", ["UID EXPUNGE 4"]), ("", [])])
def test_without_move_only_our_own_mail_is_expunged(serve, capabilities, last):
    """A plain EXPUNGE would take along what others marked as deleted."""
    done = "{tag} OK done"
    folders = '* LIST () "/" Done\r\n' + done
    server, settings = serve(
        {"LIST": folders, "UID COPY": done, "UID STORE": done, "UID EXPUNGE": done}, capabilities
    )
    with opened(settings) as imap:
        imap.move([4], "Done")
    told = [one for one in server.commands() if re.match("UID |EXPUNGE", one)]
    assert told == ['UID COPY 4 "Done"', r"UID STORE 4 +FLAGS.SILENT (\Deleted)", *last]


def test_a_folder_above_fifty_thousand_mails_is_asked_for_in_parts(serve):
    opened = "* 60000 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 120000] x\r\n{tag} OK open"
    server, settings = serve({"SELECT": opened, "UID SEARCH": "* SEARCH 5 9\r\n{tag} OK done"})
    with signed_in(settings) as imap:
        assert imap.uids(date(2025, 1, 1), imap.select("INBOX"), above=5) == [9]
    spans = [one.split()[3] for one in server.commands() if one.startswith("UID SEARCH")]
    assert spans == ["6:50005", "50006:100005", "100006:150005"]


@pytest.mark.parametrize("name", ["INBOX\r\nx LOGOUT", "in\0box", "", "\ud800"])
def test_a_folder_name_that_could_carry_a_command_is_refused(serve, name):
    server, settings = serve({})
    with signed_in(settings) as imap, pytest.raises(OutOfOrder):
        imap.select(name)
    assert not any("SELECT" in one for one in server.commands())


def test_a_user_name_is_quoted_in_login(serve):
    server, settings = serve({})
    with signed_in(settings):
        pass
    assert 'LOGIN "u ser" "x"' in server.commands()


def test_a_quota_that_cannot_be_read_is_unknown(serve):
    _, settings = serve({"GETQUOTAROOT": "* QUOTAROOT x\r\n* QUOTA (\r\n{tag} OK done"}, "QUOTA")
    with signed_in(settings) as imap:
        assert imap.usage("INBOX") is None
