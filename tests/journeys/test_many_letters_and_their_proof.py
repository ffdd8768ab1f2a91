"""Many letters at once take every number once; the proof agrees, and notices any change by hand."""

import json
import sqlite3
import subprocess
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from threading import Thread

import pytest

from registry import directory
from registry.desk import slip
from saraban.cli.common import open_runtime
from tests.journeys.installation import Installation, mail

DLA = "saraban@dla.go.th"
PHRAE = "saraban@phrae.go.th"
TOWN = "saraban@muangphrae.go.th"
OFFICER = "officer@phrae.go.th"
MANY = 100
RESERVED = 30


def letter(subject: str, to: str = PHRAE) -> EmailMessage:
    message = mail(f"กรมส่งเสริมการปกครองท้องถิ่น <{DLA}>", to, subject)
    message.add_attachment(subject.encode() * 50, maintype="application", subtype="pdf")
    return message


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Two entities in one house; a hundred letters came on twenty connections, and four mails."""
    made = Installation(tmp_path_factory.mktemp("many") / "office")
    made.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    made.add_entity("town", "เทศบาลเมืองแพร่", "muangphrae.go.th", "พร ๕๒๐๐๑", hosted=True)
    made.add_officer(OFFICER, role="officer")
    with made.serving("smtp,worker"):
        reserving = Thread(target=reserve, args=(made,))
        reserving.start()
        source = ["smtp-source", "-d", "-s", "20", "-m", str(MANY), "-f", DLA, "-t", PHRAE]
        done = subprocess.run(
            [*source, f"inet:127.0.0.1:{made.ports['smtp']}"], capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        made.wait(lambda: len(made.entries("received")) == MANY)
        reserving.join()
        made.send(letter("ถึงสองแห่ง", f"{PHRAE}, {TOWN}"), DLA, PHRAE, TOWN)
        parted = letter("แยกผู้รับระหว่างทาง", f"{PHRAE}, {TOWN}")
        made.send(parted, DLA, PHRAE)
        made.send(parted, DLA, TOWN)
        made.send(parted, DLA, PHRAE, TOWN)  # and once more, whole
        made.send(letter("ฉบับสุดท้าย"), DLA, PHRAE)
        made.wait(lambda: made.entries("received")[-1].subject == "ฉบับสุดท้าย")
    return made


def reserve(office: Installation) -> None:
    """Reserve numbers of the sent book meanwhile, as officers do with a command."""
    runtime = open_runtime(str(office.config))
    for number in range(RESERVED):
        with runtime.database.write() as session:
            phrae = directory.entity_by_code(session, "phrae")
            assert phrae is not None
            slip.reserve(session, runtime.desk, phrae, OFFICER, subject=f"จองที่ {number}")
    runtime.close()


@pytest.fixture
def copy(office: Installation, tmp_path: Path) -> Installation:
    """The same office once more, to be spoilt."""
    return office.copy(tmp_path / "copy")


def test_a_hundred_letters_on_twenty_connections_take_every_number_once(office: Installation):
    numbers = [entry.number for entry in office.entries("received")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == MANY + 3


def test_numbers_reserved_beside_them_are_whole_too(office: Installation):
    reserved = [(entry.number, entry.state) for entry in office.entries("sent")]
    assert reserved == [(number, "reserved") for number in range(1, RESERVED + 1)]


def test_one_mail_to_two_entities_is_one_entry_in_each_however_servers_split_it(
    office: Installation,
):
    ours = [entry.subject for entry in office.entries("received")][MANY:]
    theirs = [(entry.number, entry.subject) for entry in office.entries("received", "town")]
    assert ours == ["ถึงสองแห่ง", "แยกผู้รับระหว่างทาง", "ฉบับสุดท้าย"]
    assert theirs == [(1, "ถึงสองแห่ง"), (2, "แยกผู้รับระหว่างทาง")]


def test_the_proof_agrees(office: Installation):
    found = json.loads(office.run("proof", "--json").stdout)
    assert found["holds"] is True
    assert office.run("proof").returncode == 0


def test_the_proof_fails_when_one_byte_of_a_content_is_changed(copy: Installation):
    entry = copy.entries("received")[-1]
    sha256 = entry.enclosures[0].sha256
    [blob] = copy.folder.glob(f"blobs/*/{sha256}")
    content = bytearray(blob.read_bytes())
    content[7] ^= 1
    blob.chmod(0o600)
    blob.write_bytes(content)
    assert sha256[:12] in complaint(copy)


def test_the_proof_fails_when_one_line_of_the_journal_is_changed(copy: Installation):
    by_hand(copy, "UPDATE journal SET actor = 'somebody@else.example' WHERE id = 50")
    assert "journal" in complaint(copy)


def test_the_proof_fails_when_one_subject_of_the_register_is_changed(copy: Installation):
    entry = copy.entries("received")[41]
    by_hand(copy, "UPDATE entry SET subject = 'เรื่องอื่น' WHERE id = ?", entry.id)
    assert entry.id in complaint(copy)


def test_the_proof_fails_when_a_line_of_the_register_is_taken_away(copy: Installation):
    by_hand(copy, "DELETE FROM entry WHERE number = 7 AND book = 'received'")
    assert "7 is missing" in complaint(copy)


def by_hand(office: Installation, statement: str, *values: str) -> None:
    with closing(sqlite3.connect(office.folder / "saraban.db")) as connection, connection:
        assert connection.execute(statement, values).rowcount == 1


def complaint(office: Installation) -> str:
    """What the proof has to say about an office in which something does not hold."""
    done = office.run("proof", "--json", ok=False)
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert found["holds"] is False
    return json.dumps(found["problems"], ensure_ascii=False)
