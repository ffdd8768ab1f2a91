"""QR codes on pages: what they say and where they are."""

import io
from pathlib import Path

import pytest
import segno
from PIL import Image

from registry.pdf.codes import codes_of

LINK = "https://forms.example/report"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A page with a QR code in its lower left corner."""
    drawn, page = io.BytesIO(), Image.new("L", (1240, 1754), 255)
    segno.make(LINK).save(drawn, kind="png", scale=8, border=4)
    page.paste(Image.open(drawn).convert("L"), (100, 1300))
    path = tmp_path / "page.png"
    page.save(path)
    return path


def test_a_code_is_read_with_its_place(picture: Path) -> None:
    [(page, text, box)] = codes_of(picture, "image/png", [1])
    assert (page, text) == (1, LINK)
    left, top, right, bottom = box
    assert 0.05 < left < right < 0.4
    assert 0.7 < top < bottom < 1.0


def test_a_page_that_is_not_there_has_no_codes(picture: Path) -> None:
    assert codes_of(picture, "image/png", [2]) == []


def test_what_is_no_picture_has_no_codes(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing")
    assert codes_of(broken, "application/pdf", [1]) == []
