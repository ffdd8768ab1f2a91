"""Files that lie in a PDF are files of its letter; the PDF and the original stay what they are."""

import base64
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.inbound import rebuild
from gateway.inbound.envelope import Envelope
from gateway.inbound.inside import MOST_PDFS, SPARE, SWOLLEN
from gateway.inbound.parse import parse
from gateway.inbound.pickup import pickup_of
from gateway.inbound.reader import Request, Task, reader_of
from gateway.inbound.spool import Spool
from gateway.service import Runtime
from gateway.settings import GatewaySettings, TrustSettings, WorkerSettings
from registry import directory, entries
from registry.clock import FrozenClock
from registry.db import Database
from registry.desk.duplicate import content_key
from registry.desk.enclose import roles
from registry.keys import KeyRing
from registry.letter.message import Listener, Message, Original
from registry.models.letters import EnclosureRow, LetterRow
from registry.pdf.enclosed import EnclosedFiles
from registry.proof import prove
from registry.settings import AttachmentSettings, Instance, OfficeSettings
from tests.gateway.inbound.mails import Reader, multipart, part
from tests.gateway.inbound.tnef_writer import attachment, message
from tests.registry.pdf.enclosing import BOMB, carrying
from tests.registry.pdf.test_first_page import paper
from tests.registry.texts import papers

FILES = {"../ผนวก/หนังสือ.pdf": papers.saying(b"(deep) Tj"), "บัญชี.csv": "ก,ข".encode()}
NOT_ALL = "part 1: files in this PDF were not all taken out"
PHRAE, DLA = "saraban@phrae.example", "saraban@dla.example"
Read = Callable[..., Message]


@pytest.fixture(scope="module")
def enclosed() -> Iterator[EnclosedFiles]:
    """One process for all."""
    made = EnclosedFiles()
    yield made
    made.close()


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


@pytest.fixture
def read(reader: Reader, enclosed: EnclosedFiles) -> Read:
    """Read a mail with these PDFs, and see that it can be given back byte for byte."""

    def read_one(*pdfs: bytes, raw: bytes = b"") -> Message:
        raw = raw or mail(*pdfs)
        found = parse(reader.spool(raw), reader.blobs, reader.settings, enclosed)
        assert reader.original(found) == raw
        return found

    return read_one


def mail(*pdfs: bytes, kind: str = "application/pdf; name=scan.pdf") -> bytes:
    files = [
        part(
            base64.encodebytes(one).replace(b"\n", b"\r\n").removesuffix(b"\r\n"),
            kind,
            content_transfer_encoding="base64",
        )
        for one in pdfs
    ]
    return multipart(part(b"hello"), *files)


def test_files_in_a_pdf_are_files_of_the_letter_behind_it(reader: Reader, read: Read):
    sent = carrying(FILES)
    found = read(sent, papers.saying(b"(last) Tj"))
    outer, paper, table, _last = found.parts
    assert (paper.name, paper.original_name) == ("หนังสือ.pdf", "../ผนวก/หนังสือ.pdf")
    assert (paper.media_type, table.name) == ("application/pdf", "บัญชี.csv")
    assert [reader.content(one) for one in (outer, paper, table)] == [sent, *FILES.values()]
    assert [one.position for one in found.parts] == [1, 2, 3, 4]
    assert [one.taken_from for one in found.parts] == [None, 1, 1, None]
    assert found.defects == ()


def test_what_lies_in_the_letter_is_never_the_letter_itself(read: Read):
    found = read(carrying(FILES))
    assert roles(found.parts) == ["letter", "enclosure", "enclosure"]


def test_the_original_needs_nothing_of_what_lay_in_the_pdf(reader: Reader, read: Read):
    raw = mail(carrying({"a.bin": bytes(range(256)) * 400}))
    found = read(raw=raw)
    reader.blobs.path(found.parts[1].sha256).unlink()
    assert reader.original(found) == raw


def test_the_same_mail_is_known_whether_or_not_its_pdf_could_be_opened(reader: Reader, read: Read):
    raw = mail(carrying(FILES))
    assert content_key(reader.read(raw)) == content_key(read(raw=raw))


def test_for_a_pdf_without_files_nothing_is_started(reader: Reader):
    idle = EnclosedFiles()
    idle._ask = None  # type: ignore[method-assign, assignment]  # who asks falls over
    raw = mail(papers.saying(b"(Hello) Tj"))
    found = parse(reader.spool(raw), reader.blobs, reader.settings, idle)
    assert (len(found.parts), found.parsed) == (1, True)


def test_a_pdf_in_a_pdf_is_taken_out_and_not_opened(read: Read):
    inner = carrying({"deep.txt": b"deep"})
    assert [one.name for one in read(carrying({"inner.pdf": inner})).parts[1:]] == ["inner.pdf"]


def test_a_pdf_out_of_a_winmail_dat_is_opened(read: Read):
    packed = message(attachment(b"a.pdf", carrying({"a.txt": b"a"})), attachment(b"b.txt", b"b"))
    found = read(raw=mail(packed, kind="application/ms-tnef; name=winmail.dat"))
    told = [(one.name, one.taken_from) for one in found.parts]
    assert told == [("winmail.dat", None), ("a.pdf", 1), ("a.txt", 2), ("b.txt", 1)]


def test_a_bomb_stays_in_its_pdf_and_the_letter_says_so(read: Read):
    found = read(carrying({"a.txt": b"a", "bomb.txt": BOMB}))
    assert [one.name for one in found.parts[1:]] == ["a.txt"]
    assert found.defects == (NOT_ALL,)


def test_a_small_pdf_does_not_swell_to_much(read: Read):
    """Twelve megabytes in a PDF of a few thousand bytes: some of it comes out."""
    found = read(sent := carrying({f"{n}.txt": b"%d" % n * 4_000_000 for n in range(3)}))
    assert sum(one.bytes for one in found.parts[1:]) <= SPARE + SWOLLEN * len(sent)
    assert (len(found.parts), found.defects) == (2, (NOT_ALL,))


def test_a_marking_on_a_paper_in_a_pdf_is_seen_before_the_letter_is_registered(
    data_dir: Path, reader: Reader, tmp_path: Path
):
    path, *_ = paper(tmp_path, ["ลับมาก", "ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔"])
    spooled = reader.spool(mail(carrying({"แนบ.pdf": path.read_bytes()})))
    task = Task(OfficeSettings(), TrustSettings(), data_dir / "blobs", WorkerSettings())
    whole = reader_of(task)
    answer = whole.answer(Request(spooled, unproven="a test"), [])
    whole.close()
    assert answer.message
    assert answer.message.on_paper == "ลับมาก"


def test_a_broken_pdf_keeps_its_files_and_says_so(read: Read):
    found = read(b"%PDF-1.7\n/EmbeddedFile")
    assert (len(found.parts), found.parsed, found.defects) == (1, True, (NOT_ALL,))


def test_of_many_such_pdfs_some_are_opened(read: Read):
    found = read(*[carrying({"a.txt": b"%d" % n}) for n in range(MOST_PDFS + 1)])
    assert len([one for one in found.parts if one.taken_from]) == MOST_PDFS
    assert found.defects == (f"part {found.parts[-1].position}: {NOT_ALL.partition(': ')[2]}",)


def test_a_file_of_a_forbidden_type_is_told_also_in_a_pdf(reader: Reader, read: Read):
    forbidden = AttachmentSettings(forbidden_types=(".csv",))
    reader.settings = replace(reader.settings, attachments=forbidden)
    assert read(carrying(FILES)).defects == ("part 3: of a forbidden type",)


def test_such_a_letter_is_entered_with_its_files_and_proven(
    database: Database, data_dir: Path, clock: FrozenClock
):
    settings = OfficeSettings(instance=Instance(hostname="gw.example", data_dir=data_dir))
    runtime = Runtime(settings, GatewaySettings(), clock)
    runtime.__dict__["database"] = database
    KeyRing.create(data_dir / "keys")
    with database.write() as session:
        for code, address in (("phrae", PHRAE), ("dla", DLA)):
            directory.add_entity(
                session, code=code, name=code, address=address, hosted=code == "phrae",
                at=clock.now(),
            )  # fmt: skip
    spool = Spool(runtime.spool_dir, "smtp", clock)
    with spool.begin() as file:
        file.write(raw := mail(carrying(FILES)).replace(PHRAE.encode(), DLA.encode(), 1))
        file.commit(
            Envelope(
                Listener.MX, clock.now(), mail_from=DLA, recipients=(PHRAE,), trusted_network=True
            )
        )
    with pickup_of(runtime) as pickup:
        assert pickup.round() == 1
    spool.close()
    with database.read() as session:
        [entry] = entries.listing(session, "phrae")
        rows = session.query(EnclosureRow).order_by(EnclosureRow.position).all()
        letter = session.query(LetterRow).one()
        digests = [hashlib.sha256(one).hexdigest() for one in FILES.values()]
        assert [row.name for row in rows] == ["scan.pdf", "หนังสือ.pdf", "บัญชี.csv"]
        assert [row.sha256 for row in rows[1:]] == digests
        assert letter.facts["taken_from"] == dict.fromkeys(digests, "scan.pdf")
        assert entry.number == 1

    def sha256_of(original: Original) -> str:
        out = io.BytesIO()
        rebuild.write(original, runtime.blobs, out)
        assert out.getvalue() == raw
        return hashlib.sha256(out.getvalue()).hexdigest()

    with database.snapshot() as session:
        assert prove(session, runtime.blobs, sha256_of).holds
