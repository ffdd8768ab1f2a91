"""Letters of any shape: each is kept to the last byte, shown to people, and harms no other."""

import hashlib
import io
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from gateway.inbound import rebuild
from registry import letters
from registry.blobs import BlobStore
from registry.letters import Letter
from registry.models.letters import LetterRow
from tests.journeys import odd
from tests.journeys.installation import Installation, mail
from tests.journeys.odd import DLA, PHRAE, THAI

SHAPES = odd.shapes()
UNPROVEN = {"no-from", "several-from", "two-from-fields"}
UNREAD = {"no-boundary", "deep", "only-noise"}
WAITING = UNPROVEN | UNREAD
EMPTY = {"nothing"}
"""Kept for ever, like all, but a mail in which nothing at all stands is shown to nobody."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An office that takes all of them in, one after another, with an ordinary one at the end."""
    made = Installation(tmp_path_factory.mktemp("odd") / "office")
    made.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    made.add_officer("officer@phrae.go.th", role="officer")
    with made.serving("smtp,worker"):
        for raw in SHAPES.values():
            made.hand_in(raw, DLA, PHRAE)
        made.send(last(), DLA, PHRAE)
        made.wait(lambda: "ฉบับสุดท้าย" in [one.subject for one in made.entries("received")])
        yield made


def last() -> EmailMessage:
    return mail(DLA, PHRAE, "ฉบับสุดท้าย")


def of_shape(office: Installation, name: str) -> Letter:
    sha256 = hashlib.sha256(SHAPES[name]).hexdigest()
    wanted = select(LetterRow.id).where(LetterRow.original_sha256 == sha256)
    with office.reading() as session:
        return letters.get_letter(session, session.scalars(wanted).one())


@pytest.mark.parametrize("name", SHAPES)
def test_a_letter_is_kept_to_the_last_byte_and_numbered_or_shown_to_an_officer(
    office: Installation, name: str
):
    letter = of_shape(office, name)
    state = "waiting" if name in WAITING else "automatic" if name in EMPTY else "registered"
    assert letter.state == state
    with office.reading() as session:
        kept = letters.original_of(session, letter.id)
    out = io.BytesIO()
    rebuild.write(kept, BlobStore(office.folder / "blobs"), out)
    assert out.getvalue() == SHAPES[name]


def test_no_number_is_taken_by_what_waits_nor_left_out(office: Installation):
    numbers = [entry.number for entry in office.entries("received")]
    assert numbers == list(range(1, len(SHAPES) - len(WAITING | EMPTY) + 2))


@pytest.mark.parametrize("name", ["raw-tis-620", "nested", "only-noise"])
def test_the_command_gives_the_bytes_back(office: Installation, name: str):
    assert office.original(of_shape(office, name).id) == SHAPES[name]


@pytest.mark.parametrize("name", ["windows-874", "raw-tis-620"])
def test_thai_in_old_charsets_is_read(office: Installation, name: str):
    letter = of_shape(office, name)
    assert letter.subject == THAI
    assert THAI in letter.text


def test_a_name_in_thirteen_pieces_is_put_together(office: Installation):
    [file] = of_shape(office, "thirteen-pieces").enclosures
    assert file.name == f"{THAI}ขององค์กรปกครองส่วนท้องถิ่นในจังหวัด.pdf"


def test_a_name_in_raw_thai_bytes_is_read(office: Installation):
    [file] = of_shape(office, "raw-tis-620").enclosures
    assert file.name == f"{THAI}.pdf"


def test_an_empty_file_and_files_of_one_name_are_all_there(office: Installation):
    empty = of_shape(office, "empty-file").enclosures
    assert [(file.name, file.bytes) for file in empty] == [("empty.pdf", 0), ("a.pdf", 10)]
    twice = of_shape(office, "same-name-twice").enclosures
    assert len({file.sha256 for file in twice}) == len(twice) == 2


def test_the_letter_inside_a_letter_is_kept_with_its_own_file(office: Installation):
    names = [file.name for file in of_shape(office, "nested").enclosures]
    assert "a.pdf" in names
    assert len(names) >= 2


def test_a_letter_that_cannot_be_read_is_listed_and_registered_by_hand(office: Installation):
    letter = of_shape(office, "no-boundary")
    listed = {one["id"]: one for one in office.data("letter", "waiting")}
    assert "อ่านโครงสร้างอีเมลไม่ได้" in listed[letter.id]["why_waiting"]
    assert {of_shape(office, name).id for name in WAITING} == set(listed)
    office.run("letter", "open", letter.id, "--by", "officer@phrae.go.th")  # it may be secret
    done = office.run(
        "letter", "accept", letter.id, "--by", "officer@phrae.go.th",
        "--subject", "เรื่องที่อ่านด้วยตา", "--from", "กรมส่งเสริมฯ", "--letter-number", "มท ๐๘๑๐/๑",
    )  # fmt: skip
    assert "เลขรับ" in done.stderr
    entry = office.entries("received")[-1]
    assert (entry.subject, entry.letter_number) == ("เรื่องที่อ่านด้วยตา", "มท 0810/1")
    assert office.original(entry.id) == SHAPES["no-boundary"]
    assert office.run("proof").returncode == 0
