"""A page with one line upon it is read, however grey and grainy its paper is."""

import numpy as np
from PIL import Image

from benchmarks.reading.read import MODELS
from registry.pdf.ocr import read_sheet
from registry.pdf.sight import Sheet
from registry.pdf.upright import plane
from registry.pdf.whiten import is_sparse, whitened
from tests.registry.texts.scans import drawn

PHONE = "โทร. ๐-๕๖๓๕-๘๔๔๐"


def second_page(*lines: str) -> Image.Image:
    """Give a sheet of A4 with lines at its top, unevenly lit and grainy."""
    sheet = np.full((3508, 2480), 250, np.float32)
    top = np.asarray(drawn(*lines, dpi=300), np.float32)
    sheet[: top.shape[0], : top.shape[1]] = top
    sheet *= np.linspace(0.82, 0.95, sheet.shape[0], dtype=np.float32)[:, None]
    grain = np.random.default_rng(3).normal(0, 7, sheet.shape)
    return Image.fromarray((sheet + grain).clip(0, 255).astype(np.uint8))


def test_the_only_line_of_a_page_is_read() -> None:
    page = read_sheet(Sheet(second_page(PHONE), 595.0, 842.0), 2, MODELS, "tha+eng")
    assert [line.text for line in page.lines] == [PHONE]


def test_paper_becomes_white_and_ink_stays() -> None:
    grey = second_page(PHONE)
    white = np.asarray(whitened(grey))
    assert is_sparse(plane(grey))
    assert (white[1500:] == 255).mean() > 0.999
    assert (white < 100).sum() > 1000


def test_a_page_full_of_lines_is_left_as_it_is() -> None:
    assert not is_sparse(plane(drawn(*["กขคงจฉชซฌญ" * 2] * 5)))
