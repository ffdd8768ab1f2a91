"""Codes before a number that Tesseract takes for English are read again as Thai."""

from pathlib import Path

import fontpkg_sarabun
import numpy as np
import tesserocr
from PIL import Image, ImageDraw, ImageFont

from registry.pdf.second_look import looked_again, wants_one

FONT = Path(fontpkg_sarabun.__file__).parent / "files" / "Sarabun-Regular.ttf"


def test_a_short_latin_word_before_figures_wants_a_second_look():
    assert wants_one([("ที่", 0, 20), ("NW", 30, 60), ("๐๓๒๙/๙", 70, 120)])
    assert wants_one([("โทร.", 0, 20), ("๒", 30, 40), ("HD", 50, 70), ("๑๓", 80, 90)])


def test_latin_words_of_their_own_do_not():
    assert not wants_one([("ระบบ", 0, 20), ("Google", 30, 60), ("๓", 70, 80)])
    assert not wants_one([("ตาม", 0, 20), ("QR", 30, 60), ("Code", 70, 120)])
    assert not wants_one([("ที่", 0, 20), ("กษ", 30, 60), ("๐๓๒๙", 70, 120)])


def test_the_code_is_what_the_thai_model_says_of_that_word():
    """The whole is as the two models together had it: ที่ NW ๐๓๒๙."""
    font = ImageFont.truetype(str(FONT), 50)
    picture = Image.new("L", (500, 100), 235)
    draw = ImageDraw.Draw(picture)
    places, at = [], 20
    for word in ("ที่", "กษ", "๐๓๒๙"):
        draw.text((at, 15), word, fill=30, font=font)
        end = at + round(font.getlength(word))
        places.append((at, end))
        at = end + 25
    words = [(said, *place) for said, place in zip(("ที่", "NW", "๐๓๒๙"), places, strict=True)]
    with tesserocr.PyTessBaseAPI(path="/usr/share/tesseract-ocr/5/tessdata/", lang="tha") as thai:
        again = looked_again(thai, np.asarray(picture), words)
    assert [said for said, _, _ in again] == ["ที่", "กษ", "๐๓๒๙"]
    assert [place for _, *place in again] == [list(place) for place in places]
