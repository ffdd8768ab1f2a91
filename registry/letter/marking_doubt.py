"""A line of a scan that may be a marking of secrecy, misread: better doubted than let go.

OCR makes ลบปบ of ลับ. A marking stands alone at the top or the bottom of the first page, left or in
the middle: a short line there that is one of the three words but for marks above and a letter like
another is taken for it. Whoever is asked hides the letter until the officer of secret letters has
looked; so ordinary lines must not look so.

Limits: a marking that was read as something else altogether, or on a picture that is no text, is
not seen; nor one whose mark was lost and whose letter was misread too, where the two letters that
are left are a province's or a ministry's (สบ, อบ, ลป, ลย). ลบ is ลพบุรี's and stays doubted. Text
layers are read as they stand and are not doubted.
"""

import re
from typing import Final

from registry.letter.codes import listed_codes
from registry.letter.grades import Secrecy
from registry.letter.page import Line, Page

_TOP, _BOTTOM = 0.2, 0.88  # of the page's height: markings stand above or below
_RIGHT: Final = 0.66  # of its width: there stand receive stamps
_WIDE: Final = 0.32
_MARKS: Final = re.compile("[ัิ-ฺ็-๎]")
_WORD: Final = re.compile(r"[^0-9A-Za-z๐-๙ก-๎]*([ก-๎]+)[^0-9A-Za-z๐-๙ก-๎]*")
_OTHER_WORDS: Final = frozenset(
    {"กลับ", "สลับ", "ตลับ", "ลอบ", "สับ", "หลับ", "กลบ", "พลบ", "สลบ", "ตลบ", "หลบ"}
)
_BARE: Final = "ลบ"  # the marking without its mark, which scans lose most
_SHAPES: Final = {  # without marks above and below
    Secrecy.TOP_SECRET: re.compile("(?=ลบ|ล.?ท.?ส|.?บ.?ท.?ส)[ลสอ]?[บปนย]?.?[ทห].?[สลศ].?[ดคต]?"),
    Secrecy.SECRET: re.compile("ลบ.?[มน][าำ]?[กภถ]?|[ลสอ][บปนย][มน][าำ][กภถ]"),
    Secrecy.CONFIDENTIAL: re.compile("ลบ.{0,2}|.ลบ|[ลสอ]บ|ล[บปย]"),
}


def marking_like(page: Page) -> Secrecy | None:
    """Give the gravest marking that a line of a scanned first page may be, or None."""
    if page.source != "ocr":
        return None
    likely = (_grade_like(line.text) for line in page.lines if _stands_alone(line, page))
    return max((grade for grade in likely if grade is not None), default=None)


def _stands_alone(line: Line, page: Page) -> bool:
    box = line.box
    there = box.bottom < _TOP or box.top > _BOTTOM
    if not there or box.right - box.left > _WIDE or (box.left + box.right) / 2 > _RIGHT:
        return False
    middle = (box.top + box.bottom) / 2
    beside = (
        one for one in page.lines
        if one is not line and one.box.top < middle < one.box.bottom
        and one.box.left < _RIGHT - 0.1
    )  # fmt: skip
    return next(beside, None) is None


def _grade_like(text: str) -> Secrecy | None:
    word = _WORD.fullmatch("".join(text.split()))
    if word is None or word[1] in _OTHER_WORDS or (word[1] in listed_codes() - {_BARE}):
        return None
    bare = _MARKS.sub("", word[1])
    return next((grade for grade, shape in _SHAPES.items() if shape.fullmatch(bare)), None)
