"""What a letter needs is away: DNS, the scanner, room for blobs, the books. It waits, and comes in.

Meanwhile the letters that do not need it are registered, and each has its lines in the log.
"""

import hashlib
import socket
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import select

from registry.models.letters import LetterRow
from tests.gateway.inbound.nameserver import NameServer
from tests.gateway.inbound.sealing import sign
from tests.journeys import hostile, odd, sick
from tests.journeys.installation import Installation
from tests.journeys.odd import DLA, MIXED, PHRAE
from tests.servers.lending import Lender
from tests.servers.postgres import Postgres

STRANGER = "127.0.0.2"


@pytest.fixture(scope="module")
def dns() -> Iterator[NameServer]:
    with NameServer(hostile.RECORDS) as server:
        yield server


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, dns: NameServer) -> Iterator[Installation]:
    """An office with a scanner that takes every call and never says a word."""
    made = Installation(tmp_path_factory.mktemp("around") / "office")
    made.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        made.settings("smtp", trusted_networks=["127.0.0.1/32"])
        made.settings("scan", clamd=f"127.0.0.1:{silent.getsockname()[1]}", timeout=0.2)
        asked = f'["127.0.0.1:{dns.port}"]'
        with made.serving("smtp,worker", SARABAN__TRUST__NAMESERVERS=asked):
            yield made
    numbers = [entry.number for entry in made.entries("received")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert made.run("proof").returncode == 0


def registered(office: Installation, subject: str) -> bool:
    return subject in [entry.subject for entry in office.entries("received")]


def come_in(office: Installation, raw: bytes, peer: str = "127.0.0.1") -> str:
    """Hand a letter in and give its id."""
    reply = office.hand_in(raw, DLA, PHRAE, peer=peer)
    assert reply.startswith("250 ")
    return reply.rpartition(" ")[2]


def test_a_letter_waits_for_dns_that_is_dead_and_the_next_one_does_not(
    office: Installation, dns: NameServer
):
    dns.broken = True
    name = come_in(office, sign(odd.mail("waits-for-dns"), "dla.go.th"), STRANGER)
    office.wait(lambda: f"{name} waits for DNS: " in office.log())
    come_in(office, odd.mail("needs-no-dns"))
    office.wait(lambda: registered(office, "needs-no-dns"))
    assert not registered(office, "waits-for-dns")
    dns.broken = False
    sick.kill(office.pids["worker"])  # a new one asks at once; this one would in half a minute
    office.wait(lambda: registered(office, "waits-for-dns"))
    office.wait(lambda: f"{name} at phrae: registered" in office.log())


def test_a_letter_is_taken_and_numbered_while_the_scanner_hangs_and_is_marked(
    office: Installation,
):
    raw = odd.mail("unscanned")
    name = come_in(office, raw)
    office.wait(lambda: registered(office, "unscanned"))
    lines = [line for line in office.log().splitlines() if name in line]
    assert any("not scanned" in line for line in lines)
    wanted = select(LetterRow.scan).where(
        LetterRow.original_sha256 == hashlib.sha256(raw).hexdigest()
    )
    with office.reading() as session:
        assert session.scalars(wanted).one() == "not_scanned"


def test_a_letter_for_whose_files_there_is_no_room_waits_and_a_small_one_does_not(
    office: Installation,
):
    large = odd.multipart(odd.file(b"%PDF" * 100_000, b'filename="a.pdf"'))
    come_in(office, odd.mail("begins-the-reader"))
    office.wait(lambda: registered(office, "begins-the-reader"))
    office.read_ports()
    reader = sick.child_of(office.pids["worker"], "gateway.inbound.reader")
    with sick.no_room(reader, 100_000):
        name = come_in(office, odd.mail("no-room", large, Content_Type=MIXED))
        office.wait(lambda: f"{name} stays in the spool: " in office.log())
        come_in(office, odd.mail("small"))
        office.wait(lambda: registered(office, "small"))
        assert not registered(office, "no-room")
    office.wait(lambda: registered(office, "no-room"))


def test_letters_wait_in_order_while_somebody_else_holds_the_books_on_postgresql(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, postgres_databases: Lender
):
    name = postgres_databases.borrow()
    office = Installation(
        tmp_path_factory.mktemp("held") / "office", first=None, url=postgres.url(name)
    )
    office.add_entity("phrae", "จังหวัดแพร่", "phrae.go.th", "พร ๐๐๒๓", hosted=True)
    office.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    subjects = [f"held-{count}" for count in range(3)]
    with office.serving("smtp,worker"):
        with psycopg.connect(postgres.url(name)) as other:
            other.execute("SELECT * FROM journal_head FOR UPDATE")
            names = [come_in(office, odd.mail(subject)) for subject in subjects]
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            office.wait(lambda: other.execute(waiting).fetchone() != (0,))
            assert office.entries("received") == []
        office.wait(lambda: len(office.entries("received")) == len(subjects))
    assert [entry.subject for entry in office.entries("received")] == subjects
    assert all(f"{one} at phrae: registered" in office.log() for one in names)
    assert office.run("proof").returncode == 0
    office.end()
    postgres_databases.give_back(name)
