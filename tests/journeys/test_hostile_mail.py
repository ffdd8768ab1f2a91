"""Bad input through the whole service: a clear answer, one line of log with the id, nothing lost.

One service takes all of it, one attack after the other, and is never started anew. After each
attack the next letter is registered, under the next number.
"""

import hashlib
import io
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest
from sqlalchemy import select

from gateway.inbound import rebuild
from registry import letters
from registry.blobs import BlobStore
from registry.models.letters import LetterRow
from tests.gateway.inbound.client import Client
from tests.gateway.inbound.nameserver import NameServer
from tests.gateway.inbound.test_data import ODD_ENDINGS
from tests.journeys import hostile, odd
from tests.journeys.installation import Installation
from tests.journeys.odd import DLA, PHRAE

MAILS = hostile.mails()
CLERK = "somjai@phrae.go.th"
DIALOGUE = f"EHLO x\r\nMAIL FROM:<{DLA}>\r\nRCPT TO:<{PHRAE}>\r\nDATA\r\n".encode()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An office that trusts one address, all others are strangers; at the end it is proven."""
    made = Installation(tmp_path_factory.mktemp("hostile") / "office")
    made.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    made.add_officer(CLERK)
    made.settings("smtp", trusted_networks=["127.0.0.1/32"])
    with NameServer(hostile.RECORDS) as dns:
        asked = f'["127.0.0.1:{dns.port}"]'
        with made.serving("smtp,submission,worker,mailq", SARABAN__TRUST__NAMESERVERS=asked):
            pids = dict(made.pids)
            yield made
            made.read_ports()
            assert made.pids == pids
    assert made.run("proof").returncode == 0
    assert list((made.folder / "spool").glob("*/*/*.eml")) == []


@pytest.fixture(autouse=True)
def next_letter(office: Installation, request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test did: the next letter takes the next number, and no error was logged."""
    yield
    subject = hashlib.sha256(request.node.name.encode()).hexdigest()
    assert office.hand_in(odd.mail(subject), DLA, PHRAE).startswith("250 ")
    office.wait(lambda: subject in [entry.subject for entry in office.entries("received")])
    numbers = [entry.number for entry in office.entries("received")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert not re.search(r"Traceback| ERROR ", office.log())


def call(port: int, peer: str) -> socket.socket:
    """Open a connection from an address of this machine."""
    return socket.create_connection(("127.0.0.1", port), timeout=30, source_address=(peer, 0))


def lines_about(office: Installation, what: str, words: str) -> list[str]:
    return [line for line in office.log().splitlines() if what in line and words in line]


def kept(office: Installation, raw: bytes) -> tuple[str, bytes]:
    """Give the state of the letter that came in these bytes, and the bytes as they are kept."""
    wanted = select(LetterRow).where(LetterRow.original_sha256 == hashlib.sha256(raw).hexdigest())
    out = io.BytesIO()
    with office.reading() as session:
        row = session.scalars(wanted).one()
        rebuild.write(letters.original_of(session, row.id), BlobStore(office.folder / "blobs"), out)
        return row.state, out.getvalue()


@pytest.mark.parametrize("name", MAILS)
def test_a_hostile_mail_is_answered_logged_and_kept_to_the_last_byte(
    office: Installation, name: str
):
    mail = MAILS[name]
    before = len(office.entries("received"))
    reply = office.hand_in(mail.raw, DLA, PHRAE, peer=mail.peer)
    assert reply.startswith("250 2.0.0 Ok: queued as ")
    letter = reply.rpartition(" ")[2]
    [entered] = office.wait(lambda: lines_about(office, letter, " at phrae: "))
    assert f"{letter} at phrae: {mail.state}" in entered
    assert len(lines_about(office, letter, " taken from ")) == 1
    assert kept(office, mail.raw) == (mail.state, mail.raw)
    assert len(office.entries("received")) == before + (mail.state == hostile.NUMBERED)


@pytest.mark.parametrize("ending", ODD_ENDINGS, ids=repr)
def test_what_is_smuggled_byte_by_byte_stays_text_of_the_one_letter(
    office: Installation, ending: bytes
):
    """Every byte comes alone, so the ending is cut at every place."""
    before = len(office.entries("received"))
    inner = ending + f"MAIL FROM:<ceo@dla.go.th>\r\nRCPT TO:<{PHRAE}>\r\nDATA\r\n".encode()
    raw = odd.mail(f"smuggled-{ending.hex()}", b"x" + inner + b"From: ceo@dla.go.th\r\n\r\ny\r\n")
    with Client(office.ports["smtp"]) as client:
        client.begin(PHRAE, sender=DLA)
        wire = raw + b".\r\n"
        for place in range(len(wire)):
            client.send(wire[place : place + 1])
        assert client.reply().startswith("250 ")
        assert client.say("NOOP") == "250 2.0.0 OK"
    office.wait(lambda: len(office.entries("received")) == before + 1)
    read = raw.replace(b"\r\n.", b"\r\n")
    assert kept(office, read) == ("registered", read)


@pytest.mark.parametrize("door", ["smtp", "submission"])
@pytest.mark.parametrize("cut", [0, 1, 9])
def test_what_is_said_behind_starttls_ends_the_session_and_is_never_done(
    office: Installation, door: str, cut: int
):
    with Client(office.ports[door]) as client:
        client.send(b"STARTTLS\r\n"[:cut])
        client.send(b"STARTTLS\r\n"[cut:] + DIALOGUE)
        assert client.reply() == "554 5.5.0 Out of step: wait for our reply before you go on."
        assert client.hung_up()
    office.wait(lambda: lines_about(office, " dismissed: 554 5.5.0", "session="))


def test_two_hundred_guesses_at_a_password_let_nobody_in(office: Installation):
    replies: list[str] = []
    while len(replies) < 200:
        with Client(office.ports["submission"]) as client:
            client.starttls()
            reply = ""
            while len(replies) < 200 and not reply.startswith("421"):
                reply = client.sign_in(CLERK, f"guess {len(replies)}")
                replies.append(reply)
    assert {reply[:3] for reply in replies} == {"535", "421", "454"}
    assert len(lines_about(office, "failed to sign in", "session=")) == 10


def test_five_hundred_silent_strangers_keep_the_agencys_own_server_not_out(office: Installation):
    """The letter behind this test is handed in while they are all there."""
    with ExitStack() as open_until_the_end:
        for place in range(500):
            peer = f"127.0.1.{1 + place // 50}"
            open_until_the_end.enter_context(call(office.ports["smtp"], peer))
        with call(office.ports["smtp"], "127.0.2.1") as stranger:
            assert stranger.recv(99).startswith(b"421 4.7.0 Too many connections")
        office.wait(lambda: lines_about(office, "127.0.2.1 session=", "dismissed: 421"))
        assert office.hand_in(odd.mail("meanwhile"), DLA, PHRAE).startswith("250 ")
        office.wait(lambda: office.entries("received")[-1].subject == "meanwhile")


def test_a_stranger_that_calls_a_thousand_times_keeps_nobody_out(office: Installation):
    for _ in range(1_000):
        with suppress(ConnectionError):
            call(office.ports["smtp"], "127.0.3.1").close()
    assert office.hand_in(odd.mail("after-the-calls"), DLA, PHRAE).startswith("250 ")


def test_letters_that_trickle_hold_up_nobody_and_leave_nothing(office: Installation):
    with ExitStack() as open_until_the_end:
        slow = [
            open_until_the_end.enter_context(call(office.ports["smtp"], "127.0.4.1"))
            for _ in range(40)
        ]
        for one in slow:
            one.sendall(DIALOGUE)
        for byte in b"Subj":
            for one in slow:
                one.sendall(bytes([byte]))
        assert office.hand_in(odd.mail("beside-the-slow"), DLA, PHRAE).startswith("250 ")
        office.wait(lambda: office.entries("received")[-1].subject == "beside-the-slow")
    office.wait(lambda: not list((office.folder / "spool").glob("*/tmp/*")))


def test_a_letter_that_went_round_too_often_is_refused_with_its_id_in_the_log(
    office: Installation,
):
    raw = b"Received: by a.example\r\n" * 101 + odd.mail("round")
    reply = office.hand_in(raw, DLA, PHRAE)
    assert reply.startswith("554 5.4.6 Too many hops")
    assert lines_about(office, " refused: ", " letter=smtp/")
