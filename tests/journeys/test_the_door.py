"""What the door refuses, it refuses before 250 and plainly; what it took, nothing undoes."""

import random
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from registry.keys import KeyRing
from registry.tokens import reply_tag
from tests.gateway.inbound.client import Client
from tests.journeys import odd
from tests.journeys.installation import Installation, mail
from tests.journeys.odd import DLA, MIXED, PHRAE

CLERK = "somjai@phrae.go.th"
STRANGER = "127.0.0.2"
"""An address of this machine that the settings do not trust."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An office that takes 100,000 bytes and trusts one address only."""
    made = Installation(tmp_path_factory.mktemp("door") / "office")
    made.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    made.add_officer(CLERK)
    made.add_officer("officer@phrae.go.th", role="officer")
    made.settings("smtp", trusted_networks=["127.0.0.1/32"], max_message_bytes=100_000)
    with made.serving("smtp,submission,worker"):
        yield made


@pytest.fixture
def next_letter(office: Installation) -> Iterator[None]:
    """Whatever a test did: the next letter takes the next number, and there is none between."""
    before = len(office.entries("received"))
    yield
    office.send(mail(DLA, PHRAE, "ฉบับต่อไป"), DLA, PHRAE)
    office.wait(lambda: len(office.entries("received")) > before)
    entries = office.entries("received")
    assert [entry.number for entry in entries] == list(range(1, before + 2))
    assert list((office.folder / "spool").glob("*/tmp/*")) == []


@pytest.mark.usefixtures("next_letter")
@pytest.mark.parametrize(
    ("recipient", "reply"),
    [
        ("nobody@phrae.go.th", "550 5.1.1 "),
        ("saraban+nobody@phrae.go.th", "550 5.1.1 "),
        (CLERK, "550 5.1.1 "),
        ("somebody@elsewhere.example", "550 5.7.1 Relaying denied"),
    ],
)
def test_mail_for_nobody_here_is_refused_and_serves_no_spammer(
    office: Installation, recipient: str, reply: str
):
    with Client(office.ports["smtp"]) as client:
        client.say(f"MAIL FROM:<{DLA}>")
        assert client.say(f"RCPT TO:<{recipient}>").startswith(reply)
        assert client.say("DATA").startswith("503 ")


@pytest.mark.usefixtures("next_letter")
def test_a_letter_over_the_limit_is_refused_before_and_after_it_is_sent(office: Installation):
    with Client(office.ports["smtp"]) as client:
        assert client.say(f"MAIL FROM:<{DLA}> SIZE=100001").startswith("552 5.3.4 ")
        large = odd.mail("too-large", b"QUIT\r\n" * 17_000)
        assert client.mail(large, PHRAE, sender=DLA).startswith("552 5.3.4 ")
        assert client.say("NOOP").startswith("250 ")


@pytest.mark.usefixtures("next_letter")
def test_a_letter_cut_off_in_the_middle_leaves_nothing(office: Installation):
    with Client(office.ports["smtp"]) as client:
        client.begin(PHRAE, sender=DLA)
        client.send(odd.mail("cut-off", b"x" * 50_000)[:40_000])


@pytest.mark.usefixtures("next_letter")
@pytest.mark.parametrize("door", ["smtp", "submission"])
def test_noise_and_broken_sessions_harm_nobody(office: Installation, door: str):
    noise = random.Random(2562)
    begins = [b"", b"EHLO x\r\n", b"EHLO x\r\nSTARTTLS\r\n", b"EHLO x\r\nAUTH PLAIN "]
    begins += [f"EHLO x\r\nMAIL FROM:<{DLA}>\r\nRCPT TO:<{PHRAE}>\r\nDATA\r\n".encode()]
    for turn in range(40):
        with socket.create_connection(("127.0.0.1", office.ports[door])) as client:
            client.sendall(begins[turn % len(begins)] + noise.randbytes(noise.randrange(4000)))
    assert "Traceback" not in office.log()


def test_a_letter_in_the_name_of_our_own_clerk_waits_and_does_nothing(office: Installation):
    """From outside, without proof: neither sent, nor numbered, nor believed."""
    before, jobs = len(office.entries("received")), len(office.jobs())
    raw = odd.mail("forged", From=CLERK.encode(), To=b"saraban+dla@phrae.go.th", subject=b"forged")
    asked = odd.mail("asked", From=CLERK.encode(), To=b"saraban+number@phrae.go.th")
    agency = odd.mail("agency", subject=b"forged agency")
    office.hand_in(raw, CLERK, "saraban+dla@phrae.go.th", peer=STRANGER)
    office.hand_in(asked, CLERK, "saraban+number@phrae.go.th", peer=STRANGER)
    office.hand_in(agency, DLA, PHRAE, peer=STRANGER)
    office.wait(lambda: "forged agency" in [one.subject for one in office.waiting()])
    reasons = {one.subject: one.why_waiting for one in office.waiting()}
    assert "ปลอม" in reasons["forged"]
    assert "ปลอม" in reasons["asked"]
    assert "พิสูจน์ไม่ได้" in reasons["forged agency"]
    assert office.entries("sent") == []
    assert len(office.entries("received")) == before
    assert len(office.jobs()) == jobs


def test_a_stolen_reply_address_opens_nothing_for_who_is_not_the_clerk(office: Installation):
    """The token of a delivered copy lies in mailboxes and archives; it is no password."""
    office.send(mail(DLA, PHRAE, "ขอให้รายงาน"), DLA, PHRAE)
    entry = office.wait(
        lambda: [e for e in office.entries("received") if e.subject == "ขอให้รายงาน"]
    )
    tag = reply_tag(KeyRing.load(office.folder / "keys"), entry[0].id, "r")
    before, jobs, waiting = len(office.entries("received")), len(office.jobs()), office.waiting()
    to = f"saraban+{tag}@phrae.go.th"
    parts = odd.multipart(odd.file(b"%PDF", b'filename="a.pdf"'))
    letter = odd.mail("stolen", parts, From=CLERK.encode(), To=to.encode(), Content_Type=MIXED)
    note = odd.mail("stolen-words", "รับทราบ\r\n".encode(), From=CLERK.encode(), To=to.encode())
    office.hand_in(letter, CLERK, to, peer=STRANGER)
    office.hand_in(note, CLERK, to, peer=STRANGER)
    office.wait(lambda: len(office.waiting()) == len(waiting) + 2)
    assert {one.direction for one in office.waiting()} == {"in"}
    assert office.notes(entry[0].id) == []
    assert office.entries("sent") == []
    assert len(office.entries("received")) == before
    assert len(office.jobs()) == jobs


def test_the_same_letter_at_the_same_moment_takes_one_number(office: Installation):
    before = len(office.entries("received"))
    again = odd.mail("at-once")
    with ThreadPoolExecutor(3) as pool:
        replies = list(pool.map(lambda _: office.hand_in(again, DLA, PHRAE), range(3)))
    assert all(reply.startswith("250 ") for reply in replies)
    office.send(mail(DLA, PHRAE, "หลังจากนั้น"), DLA, PHRAE)
    office.wait(lambda: [one for one in office.entries("received") if one.subject == "หลังจากนั้น"])
    assert [one.number for one in office.entries("received")[before:]] == [before + 1, before + 2]


def test_the_same_message_id_on_other_words_is_another_letter(office: Installation):
    before = len(office.entries("received"))
    for words in (b"one\r\n", b"two\r\n"):
        office.hand_in(odd.mail("same-id", words), DLA, PHRAE)
    office.wait(lambda: len(office.entries("received")) == before + 2)
    assert office.run("proof").returncode == 0
