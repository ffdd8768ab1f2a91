"""เรื่อง and เรียน: the lines under each label, joined to one."""

import re
from collections.abc import Sequence
from typing import Final

from registry.letter.paper import PaperField
from registry.paper.mend_words import mended_words
from registry.paper.rows import Row, field
from registry.paper.sheet import Sheet

_SURE, _OPEN, _MENDED, _LONG = 96, 80, 80, 70
_MANY: Final = 4
_LONGEST: Final = 1000
_APART: Final = re.compile(r"พ\.ศ\.|และ|หรือ|ลงวันที่|จำนวน|ครั้งที่|ประจำปี|ระยะที่")


def read_subject(sheet: Sheet) -> list[PaperField]:
    """Give เรื่อง; it is sure where เรียน closes it."""
    rows = sheet.part("subject")
    if not rows:
        return []
    sure = _SURE if "to" in sheet.parts else _OPEN
    sure, text = sure if len(rows) <= _MANY else _LONG, joined(rows)[:_LONGEST]
    if rows[0].source != "ocr" or (mended := mended_words(text)) == text:
        return [field("subject", text, rows, sure)]
    return [field("subject", mended, rows, min(sure, _MENDED), facts={"mended": True})]


def read_to(sheet: Sheet) -> list[PaperField]:
    """Give เรียน, or ถึง of a letter under seal (ข้อ 14)."""
    rows = sheet.part("to")
    if not rows:
        return []
    return [field("to", joined(rows)[:300], rows, _SURE if len(rows) <= _MANY else _LONG)]


def joined(rows: Sequence[Row]) -> str:
    """Join lines to one: between two Thai letters nothing is put, as Thai is written.

    But for words that a space stands before by custom.
    """
    text = ""
    for row in rows:
        line = " ".join(row.text.split())
        text += line if not text or _meet(text, line) else f" {line}"
    return text.strip()


def _meet(text: str, line: str) -> bool:
    return _is_thai(text[-1:]) and _is_thai(line[:1]) and _APART.match(line) is None


def _is_thai(char: str) -> bool:
    return "ก" <= char <= "๎" and char not in "ฯๆ"
