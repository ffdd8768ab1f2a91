"""What lies encrypted is drawn, stamped and read from memory like any other file."""

from collections.abc import Iterator
from datetime import date

import pytest

from registry.apart import Apart
from registry.blobs import BlobStore
from registry.letter.number import LetterNumber
from registry.letter.stamp import Stamp
from registry.pdf.preview import Previewer
from registry.printing import Printer
from registry.secret.copies import as_path, encrypt
from registry.secret.keys import FileKeys
from registry.settings import ReadingSettings
from registry.stamping import Stamper
from registry.texts.reader import FileReader
from tests.registry.pdf import unnumbered
from tests.registry.texts.scans import as_file, drawn

PDF = "application/pdf"
LETTER = unnumbered.letter("ที่ พร ๐๐๒๓/", "วันที่")
STAMP = Stamp("จังหวัดแพร่", "ลับ ๑", "๑ ม.ค. ๖๘", "๑๐.๐๐ น.")


@pytest.fixture
def blobs(tmp_path):
    """A store whose secret contents lie encrypted under a key of its own."""
    (tmp_path / "keys").mkdir()
    return BlobStore(tmp_path / "blobs", FileKeys(tmp_path / "keys"))


@pytest.fixture
def apart() -> Iterator[Apart]:
    apart = Apart("registry.texts.child", ReadingSettings().memory, 0)
    yield apart
    apart.close()


def sealed(blobs: BlobStore, data: bytes) -> str:
    """Keep a content encrypted alone; give its digest."""
    sha256 = blobs.put(data)
    encrypt(blobs, sha256)
    blobs.close_open(sha256)
    assert not blobs.is_open(sha256)
    return sha256


@pytest.mark.parametrize(
    ("media_type", "data"), [(PDF, LETTER), ("image/png", as_file("PNG", drawn("ลับ", dpi=100)))]
)
def test_its_pages_are_drawn_and_its_copy_is_stamped(tmp_path, blobs, apart, media_type, data):
    sha256, previewer = sealed(blobs, data), Previewer(tmp_path, ReadingSettings())
    with as_path(blobs, sha256) as path:
        assert previewer.page(path, media_type, 1, 160, keep=False)[8:12] == b"WEBP"
    previewer.close()
    copy = Stamper(apart).copy(blobs, sha256, STAMP, media_type)
    assert b"".join(copy.pieces()).startswith(b"%PDF")
    assert not [
        one for one in tmp_path.rglob("*") if one.is_file() and data[:60] in one.read_bytes()
    ]


def test_its_number_is_printed(blobs, apart):
    number = LetterNumber.parse("พร ๐๐๒๓/๑")
    picture, dated = Printer(apart).picture(
        blobs, sealed(blobs, LETTER), number, date(2025, 1, 1), 160
    )
    assert (picture[8:12], dated) == (b"WEBP", True)


def test_its_text_is_read(blobs):
    reader = FileReader(ReadingSettings())
    with as_path(blobs, sealed(blobs, LETTER)) as path:
        found = reader.read(path, PDF)
    reader.close()
    assert (found.state, bool(found.leaves)) == ("done", True)
