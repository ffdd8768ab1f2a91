"""A relay that talks nonsense, hangs up, says 4xx for days: the letter leaves once, or is given up.

Nothing is lost and nothing doubled that the receiver could not tell apart: what went out twice
was the same to the last byte. The clerk hears of what was given up, and the next letter leaves.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from registry.letter.entry import Entry
from tests.gateway.outbound.peer import CUT
from tests.journeys import sick
from tests.journeys.installation import Installation, mail
from tests.journeys.province import CLERK, DLA, text_of
from tests.journeys.sick import SickRelay

GARBAGE = "\udcff\udcfe\x00\x1b[31m\u202e ok"
NAN = "saraban@nan.go.th"


@pytest.fixture(scope="module")
def relay() -> Iterator[SickRelay]:
    with SickRelay(sick_for=DLA) as made:
        yield made


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, relay: SickRelay) -> Iterator[Installation]:
    made = beside(relay, tmp_path_factory.mktemp("sick") / "office")
    with made.serving("submission,worker,mailq"):
        yield made
    assert made.run("proof").returncode == 0


def beside(relay: SickRelay, folder: Path, **send: float) -> Installation:
    """Make an office that sends through the relay and tries again soon."""
    made = Installation(folder)
    made.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    made.add_entity("nan", "จังหวัดน่าน", "nan.go.th", "นน ๐๐๒๓")
    made.add_officer(CLERK)
    made.settings("send", retry_first=0.2, retry_most=0.2, **send)
    made.settings("relay", host="127.0.0.1", port=relay.port, tls="none")
    return made


@pytest.fixture(autouse=True)
def next_letter(office: Installation, relay: SickRelay) -> Iterator[None]:
    """Whatever a test did: the next letter takes the next number and leaves, once."""
    yield
    relay.well()
    subject = f"ฉบับต่อไป {len(office.entries('sent'))}"
    office.submit(letter(subject, NAN), CLERK, NAN)
    office.wait(lambda: states(office, subject) == {NAN: "sent"})
    numbers = [entry.number for entry in office.entries("sent")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert "Traceback" not in office.log()
    assert not re.search("[\x00\x1b\u202e]", office.log())


def letter(subject: str, to: str, content: bytes = b"%PDF-1.7") -> EmailMessage:
    message = mail(CLERK, to, subject)
    message.add_attachment(content, maintype="application", subtype="pdf", filename="a.pdf")
    return message


def entry_of(office: Installation, subject: str) -> Entry | None:
    return next((one for one in office.entries("sent") if one.subject == subject), None)


def states(office: Installation, subject: str) -> dict[str, str]:
    entry = entry_of(office, subject)
    return {one.to: str(one.state) for one in entry.deliveries} if entry else {}


def put_off(office: Installation, entry: Entry) -> list[str]:
    """Give the lines of the log that say that the letter of an entry could not leave yet."""
    late = re.compile(rf"letter to dla.go.th\): (deferred|uncertain).* entry={entry.id}")
    return [line for line in office.log().splitlines() if late.search(line)]


@pytest.mark.parametrize(
    ("verb", "reply"),
    [
        ("GREETING", GARBAGE), ("MAIL", GARBAGE), ("DOT", GARBAGE),
        ("EHLO", CUT), ("RCPT", CUT), ("DATA", CUT), ("DOT", CUT),
    ],
    ids=["greeting", "mail", "dot", "ehlo-cut", "rcpt-cut", "data-cut", "dot-cut"],
)  # fmt: skip
def test_a_letter_leaves_when_the_relay_talks_sense_again(
    office: Installation, relay: SickRelay, verb: str, reply: str
):
    subject = f"ระหว่างเสีย {verb} {len(reply)}"
    relay.says(verb, reply)
    office.submit(letter(subject, DLA), CLERK, DLA)
    entry = office.wait(lambda: entry_of(office, subject))
    office.wait(lambda: put_off(office, entry))
    relay.well()
    office.wait(lambda: states(office, subject) == {DLA: "sent"})
    sent = relay.mails_to(DLA, entry.message_id.encode())
    assert len(set(sent)) == 1
    assert len(sent) == 1 or verb == "DOT"


def test_a_relay_that_hangs_up_behind_its_250_has_the_letter_and_gets_it_no_second_time(
    office: Installation, relay: SickRelay
):
    relay.says("QUIT", CUT)
    office.submit(letter("ตัดสายหลังรับ", DLA), CLERK, DLA)
    office.wait(lambda: states(office, "ตัดสายหลังรับ") == {DLA: "sent"})
    office.wait(lambda: not office.jobs("queued", "sending"))
    entry = entry_of(office, "ตัดสายหลังรับ")
    assert entry is not None
    assert len(relay.mails_to(DLA, entry.message_id.encode())) == 1


def test_a_letter_that_is_put_off_for_days_is_given_up_and_the_clerk_hears_it_once(
    relay: SickRelay, tmp_path: Path
):
    """Days are twelve seconds here; no other letter has to leave within them."""
    office = beside(relay, tmp_path / "office", give_up_after=12)
    relay.says("RCPT", "450 4.2.1 mailbox busy")
    with office.serving("submission,worker,mailq"):
        office.submit(letter("รอจนหมดเวลา", DLA), CLERK, DLA)
        office.wait(lambda: states(office, "รอจนหมดเวลา") == {DLA: "failed"})
        office.wait(lambda: not office.jobs("queued", "sending"))
    entry = entry_of(office, "รอจนหมดเวลา")
    assert entry is not None
    assert len([line for line in put_off(office, entry) if "deferred 450" in line]) > 2
    told = [message_from_bytes(raw, policy=policy.default) for raw in relay.mails_to(CLERK, b"")]
    assert [text_of(one).count("4.2.1") > 0 for one in told].count(True) == 1


def test_a_letter_for_which_there_is_no_room_while_it_is_written_leaves_when_there_is(
    office: Installation, relay: SickRelay
):
    # More than the database writes into one file: the journal of SQLite has up to 16 MB.
    with sick.no_room(office.pids["mailq"], 20_000_000):
        office.submit(letter("ดิสก์เต็ม", DLA, b"%PDF" * 4_250_000), CLERK, DLA)
        entry = office.wait(lambda: entry_of(office, "ดิสก์เต็ม"))
        office.wait(lambda: put_off(office, entry))
        assert states(office, "ดิสก์เต็ม") == {DLA: "queued"}
    office.wait(lambda: states(office, "ดิสก์เต็ม") == {DLA: "sent"})
    assert len(relay.mails_to(DLA, entry.message_id.encode())) == 1
    assert not list((office.folder / "outgoing").glob("*/*"))
