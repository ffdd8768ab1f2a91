"""Pictures are letters too: of scanners, faxes and telephones, read by eyes like any scan."""

from pathlib import Path

import pytest

from registry.pdf.picture import picture_of
from registry.pdf.sight import BROKEN, sheet_of, sheets_in
from registry.texts.extract import Unreadable
from tests.registry.texts.conftest import said
from tests.registry.texts.scans import as_file, drawn

SUBJECT = "เรื่อง การปรับปรุงคู่มือสำหรับประชาชน"
HEIC = Path("tests/samples/pictures/subject.heic")
"""A sheet that says SUBJECT, 620 x 354 points, as a telephone keeps pictures."""


def test_a_picture_of_a_telephone_is_read(database, reading, letter):
    photo = letter(HEIC.read_bytes(), "image/heic")
    one = reading()
    while one.turn():
        pass
    assert said(database, photo) == ("done", SUBJECT)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP", "AVIF", "JPEG2000"])
def test_each_kind_of_picture_is_opened_to_be_read_and_to_be_shown(tmp_path, kind):
    path = tmp_path / "picture"
    path.write_bytes(as_file(kind, drawn(SUBJECT, dpi=100), dpi=100))
    assert sheets_in(path) == picture_of(path, "image/x", 1, 160)[0] == 1
    assert sheet_of(path, "image/x", 1).width > 200


def test_a_picture_of_a_telephone_is_shown(tmp_path):
    count, data = picture_of(HEIC, "image/heic", 1, 160)
    assert (count, data[8:12]) == (1, b"WEBP")


@pytest.mark.parametrize("left", [12, 40, 400, 2000])
def test_a_broken_picture_of_a_telephone_says_so(tmp_path, left):
    path = tmp_path / "picture"
    path.write_bytes(HEIC.read_bytes()[:left])
    with pytest.raises(Unreadable, match=BROKEN):
        sheet_of(path, "image/heic", 1)
