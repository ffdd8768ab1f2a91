"""Figures are read off the picture of a line, in fonts that the reader has never seen."""

from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import fontpkg_sarabun
import numpy as np
import pytest
import tesserocr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from registry.pdf.digits import Glyph, mend, read_digits
from registry.pdf.digits_mend import laid_in

SARABUN = Path(fontpkg_sarabun.__file__).parent / "files" / "Sarabun-Regular.ttf"
UNSEEN = Path("/usr/share/fonts/truetype/tlwg/Waree.ttf")  # scripts/digit_lines.py leaves it out
LINE = "ที่ พร ๐๐๒๓.๓/ว ๔๙๗๑"


def picture(text: str, font: Path = SARABUN, size: int = 50) -> np.ndarray:
    """Set a line, black on white, as a clean scan has it."""
    face = ImageFont.truetype(str(font), size)
    drawn = Image.new("L", (round(face.getlength(text)) + size, size * 2), 255)
    ImageDraw.Draw(drawn).text((size // 2, size // 3), text, fill=0, font=face)
    return np.asarray(drawn)


def spoiled(line: np.ndarray, seed: int) -> np.ndarray:
    """Blur it, shade it and strew noise on it."""
    soft = np.asarray(Image.fromarray(line).filter(ImageFilter.GaussianBlur(0.8)), dtype=float)
    soft = (40 + soft * 0.75) * np.linspace(0.85, 1, soft.shape[1])
    noise = np.random.default_rng(seed).normal(0, 9, soft.shape)
    return np.clip(soft + noise, 0, 255).astype(np.uint8)


def figures(glyphs: list[Glyph]) -> str:
    return "".join(glyph.char for glyph in glyphs)


def test_the_figures_that_tesseract_cannot_print_are_read():
    assert figures(read_digits(picture("๔๖๗๘๙ 46789"))) == "๔๖๗๘๙46789"


def test_what_is_no_figure_is_named_nothing():
    glyphs = read_digits(picture("ที่ พร ๐๐๒๓.๓/ว ๔๙๗๑"))
    assert figures(glyphs) == "๐๐๒๓.๓/๔๙๗๑"
    assert [glyph.char for glyph in glyphs[:3]] == ["", "", ""]


@pytest.mark.parametrize("size", [24, 33, 50, 100])
def test_a_font_that_was_never_learnt_is_read_at_any_resolution(size):
    """Ninety-eight in a hundred, spoiled ones too; none is wrong of those it is sure of."""
    right = told = wrong = 0
    for at, text in enumerate(("๐๐๒๓.๓/๔๙๗๑", "๑๖๕๘๗๙๐๓๒๔", "0810.7/3974", "๒๕๖๒-๘๙๕๗")):
        glyphs = read_digits(spoiled(picture(text, UNSEEN, size), at))
        said = [glyph.char for glyph in glyphs]
        assert len(said) == len(text)
        right += sum(one == two for one, two in zip(said, text, strict=True))
        told += len(text)
        wrong += sum(
            glyph.char != one and glyph.confidence >= 90
            for glyph, one in zip(glyphs, text, strict=True)
        )
    assert right >= 0.98 * told
    assert wrong == 0


def test_figures_that_touch_are_cut_apart():
    line = picture("๒๕", size=60)
    ink = np.flatnonzero((line < 128).any(axis=0))
    gap = [(a, b) for a, b in pairwise(ink) if b - a > 1]
    first, second = gap[0]
    touching = np.concatenate([line[:, : first + 1], line[:, second:]], axis=1)
    assert figures(read_digits(touching)) == "๒๕"


def test_boxes_are_in_pixels_of_the_line_that_was_given():
    line = picture("๔ ๙", size=30)
    one, two = read_digits(line)
    assert 0 <= one.box[0] < one.box[2] < two.box[0] < two.box[2] <= line.shape[1]
    assert 0 <= one.box[1] < one.box[3] <= line.shape[0]


@given(arrays(np.uint8, st.tuples(st.integers(0, 40), st.integers(0, 60))))
@settings(max_examples=60, deadline=None)
def test_no_picture_is_too_odd_to_be_looked_at(line):
    for glyph in read_digits(line):
        assert 0 <= glyph.confidence <= 99
        assert glyph.box[0] < glyph.box[2]


def test_a_line_of_tesseract_gets_the_figures_it_could_not_print():
    """The real engine reads ๔๙๗๑ as other figures; the picture says what they are."""
    line = picture(LINE)
    words = said_by_tesseract(line)
    text = " ".join(word for word, _, _ in words)
    assert "๔๙๗๑" not in text
    mended, sure = mend(text, line, words)
    assert "".join(mended.split()).endswith("๐๐๒๓.๓/ว๔๙๗๑")
    assert sure >= 90


def said_by_tesseract(line: np.ndarray) -> list[tuple[str, int, int]]:
    with tesserocr.PyTessBaseAPI(
        path="/usr/share/tesseract-ocr/5/tessdata/", lang="tha+eng", psm=tesserocr.PSM.SINGLE_LINE
    ) as engine:
        engine.SetImage(Image.fromarray(line))
        engine.SetSourceResolution(300)
        engine.Recognize()
        level = tesserocr.RIL.WORD
        found = []
        for word in tesserocr.iterate_level(engine.GetIterator(), level):
            left, _, right, _ = word.BoundingBox(level)
            found.append((word.GetUTF8Text(level), left, right))
    return found


def glyph(char: str, left: int, confidence: int = 99) -> Glyph:
    return Glyph(char, confidence, (left, 0, left + 8, 10))


def test_text_without_figures_is_left_as_it_is():
    words = [("เรียน", 0, 50)]
    assert laid_in("เรียน", words, [glyph("", 0), glyph("", 10)]) == ("เรียน", 100)


def test_a_figure_that_only_tesseract_sees_is_doubted():
    assert laid_in("ก ๕", [("ก", 0, 8), ("๕", 20, 28)], [glyph("", 0), glyph("", 20)])[1] < 50


def test_half_of_a_number_left_out_is_put_in():
    glyphs = [glyph("", 0), *(glyph(char, 20 + 10 * at) for at, char in enumerate("๔๙๗๑"))]
    assert laid_in("ว ๕๑", [("ว", 0, 8), ("๕๑", 20, 58)], glyphs) == ("ว ๔๙๗๑", 99)


def test_a_number_that_was_passed_over_stands_where_it_was():
    glyphs = [glyph("", 0), glyph("๔", 20), glyph("๙", 30), glyph("", 60)]
    assert laid_in("กข", [("ก", 0, 8), ("ข", 60, 68)], glyphs)[0] == "ก ๔๙ ข"


def test_letters_do_not_give_way_to_a_figure_that_is_not_sure():
    assert laid_in("ด", [("ด", 0, 8)], [glyph("๑", 0, 60)])[0] == "ด"
    assert laid_in("ด้วย", [("ด้", 0, 8), ("วย", 10, 28)], [glyph("๔", 0, 85)])[0] == "ด้วย"


def test_the_weights_are_small_and_belong_to_the_package():
    weights = files("registry.pdf") / "digits.npz"
    assert 50_000 < len(weights.read_bytes()) < 500_000


def test_a_mark_over_the_circular_sign_is_the_end_of_the_slash():
    glyphs = [glyph("๓", 0), glyph("/", 10), glyph("", 20), glyph("๔", 30)]
    words = [("๓/วิ๔", 0, 38)]
    assert laid_in("๓/วิ๔", words, glyphs)[0] == "๓/ว๔"


def test_a_latin_word_keeps_its_letters():
    glyphs = [glyph("", 0), glyph("๐", 10), glyph("", 20)]
    assert laid_in("gov", [("gov", 0, 28)], glyphs)[0] == "gov"
