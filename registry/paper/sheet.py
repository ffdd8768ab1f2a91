"""The parts of a letter, as ข้อ 11 orders them: head, เรื่อง, เรียน, อ้างถึง, สิ่งที่ส่งมาด้วย, text, foot.

The labels stand at the beginnings of lines and say where a part begins; where the last of them
ends and the text begins, nothing says. On paper the first line of a paragraph goes in and the next
one comes back to the margin, which the lines under a label never do; nor do they go in deeper than
the words behind their label. In a text without places an empty line, or the words by which letters
begin, must do.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from registry.letter.number import find
from registry.paper.rows import Row
from registry.paper.under_label import ENDS, LETTER_BEGINS, behind_label, is_paragraph_under

Part = Literal["subject", "to", "references", "enclosures"]

_LABELS: Final[tuple[tuple[Part, re.Pattern[str]], ...]] = (
    ("subject", re.compile(r"เร[ืี]่?อง(?!นี้|ดังกล่าว|ที่|ต่าง|ร้อง|ราว|เดิม(?!\s))\s*[:：]?\s*")),
    (
        "to",
        re.compile(
            r"(?:ขอประทาน)?(?:กราบเรียน|กราบนมัสการ|นมัสการ|เจริญพร|กราบทูล|เรียน|ถึง)"
            r"(?!มาเพื่อ|เพื่อ|ว่า|ร้อง|ที่\s|แก่|การ|รู้)\s*[:：]?\s*(?!มาเพื่อ|เพื่อโปรด)"
        ),
    ),
    ("references", re.compile(r"อ้าง\s?ถึง\s*[:：]?\s*")),
    ("enclosures", re.compile(r"สิ่ง\s?ที่\s?(?:ส่ง\s?มา|แนบมา)\s?ด้วย\s*[:：]?\s*")),
)
_ORDER: Final = ("subject", "to", "references", "enclosures")
_BEGINS: Final = re.compile(
    r"(?:ตามที่|ตามหนังสือ|ตาม(?=[ก-ฮ])|ด้วย(?!กัน)|เนื่องจาก|เนื่องด้วย|เนื่องใน|โดยที่|สืบเนื่อง|อนุสนธิ"
    r"|เพื่อให้|ในการนี้|บัดนี้|ขอให้|โปรด|จึงเรียน|จึงขอ|ตลอดจน|อาศัยอำนาจ|[๑1]\.\s*(?:เรื่องเดิม|ต้นเรื่อง))"
)
_CLOSING: Final = re.compile(
    r"(?:ขอแสดงความ(?:นับถือ|เคารพ|ไว้วางใจ)|ขอนมัสการ|ควรมิควรแล้วแต่|(?:สั่ง|ประกาศ|ให้ไว้)\s*ณ\s*วันที่)"
)
_SMUDGED_LETTER: Final = re.compile(  # the first letter cited, behind what was อ้างถึง
    r"(?!ตาม)\S{1,7}(?:\s\S?ถึง)?\s+(?=(?:[๑1l]\s?[.,]?\s*)?(?:หน[ัิ่้]*งส[ือี่]|มต[ิี]?คณะ))"
)
_LATIN_LABEL: Final = re.compile(r"[A-Za-z]{2,4}\s+(?=[ก-ฮเแโใไ])")
_ITEM: Final = re.compile(r"[0-9๐-๙]{1,2}\s?[.)]\s*(?=[^0-9๐-๙\s])")
_RULE: Final = re.compile(r"[-–—_=*~\s]{3,}")  # a line drawn with signs
_INWARD: Final = 0.035  # share of the page's width by which a paragraph's first line goes in
_MARGIN: Final = 0.02
_FULL: Final = 0.8  # share of the width to which the first line of a paragraph goes
_HEAD_MOST: Final = 40  # rows above เรื่อง
_SUBJECT_MOST: Final = 6
_SOME: Final = 1
_AROUND: Final = 12  # rows, above and below


@dataclass(slots=True)
class Sheet:
    """The rows of a letter by part; each labelled part without its label in front.

    ``labelled`` holds the label's own row for each part found.
    """

    head: list[Row] = field(default_factory=list)
    parts: dict[Part, list[Row]] = field(default_factory=dict)
    body: list[Row] = field(default_factory=list)
    foot: list[Row] = field(default_factory=list)

    def part(self, name: Part) -> list[Row]:
        """Give the rows of a part, none where the letter has none."""
        return self.parts.get(name, [])

    @property
    def likeness(self) -> int:
        """How much it looks like a letter: how many of its parts are there."""
        return len(self.parts) + bool(self.foot)


def divide(rows: Sequence[Row]) -> Sheet:
    """Cut the rows of a letter into its parts.

    Labels count in their order, once each: a letter that tells of another's เรื่อง in its text is
    not cut there. Of what has no labels at all only the first lines are head.
    """
    sheet = Sheet()
    rows = [piece for row in rows if not _RULE.fullmatch(row.text) for piece in _pieces(row)]
    now: Part | None = None
    at = 0
    for at, row in enumerate(rows):
        label = _label(row.text, now) or _smudged(rows, at, now)
        if label is not None and (now is not None or at < _HEAD_MOST):
            now, rest = label
            sheet.parts[now] = [behind_label(row, rest)] if rest else []
        elif now is None:
            if (at > _SOME and _BEGINS.match(row.text)) or _CLOSING.match(row.text):
                break
            sheet.head.append(row)
        elif _ends(rows, at, now, sheet):
            break
        else:
            sheet.parts[now].append(row)
    else:
        at = len(rows)
    _rest_of(rows[at:], sheet)
    return sheet


def margin_of(rows: Sequence[Row]) -> float:
    """Give where the lines of a page begin: the left edge that is left of nearly all."""
    lefts = sorted(row.box.left for row in rows if row.box is not None)
    return lefts[len(lefts) // 10] if lefts else 0.0


def _pieces(row: Row) -> list[Row]:
    """Part a number from the label behind it: what a table or a frame set on one line."""
    number = next(iter(find(row.text)), None) if row.text.startswith(("ที่", "เลขที่")) else None
    rest = row.text[number[2] :].strip() if number else ""
    if number is None or not rest.startswith(("ถึง", "เรื่อง", "เรียน")):
        return [row]
    return [replace(row, text=row.text[: number[2]]), replace(row, text=rest, apart=False)]


def _label(text: str, now: Part | None) -> tuple[Part, str] | None:
    for name, pattern in _LABELS:
        if now is not None and _ORDER.index(name) <= _ORDER.index(now):
            continue
        if found := pattern.match(text):
            return name, text[found.end() :].strip()
    return None


def _smudged(rows: Sequence[Row], at: int, now: Part | None) -> tuple[Part, str] | None:
    """Give the label of a scan's line at the margin that was read as rubble, known by what follows.

    เรื่อง stands right above เรียน, and what cites a letter right below it.
    """
    row = rows[at]
    if row.source != "ocr" or row.box is None or row.box.left > _margin_at(rows, at) + _MARGIN:
        return None
    if now == "to":
        cited = _SMUDGED_LETTER.match(row.text)
        return ("references", row.text[cited.end() :]) if cited else None
    found = _LATIN_LABEL.match(row.text) if now is None and at else None
    if found is None:
        return None
    for after in rows[at + 1 : at + _SUBJECT_MOST]:
        label = _label(after.text, None)
        if label is not None:
            return ("subject", row.text[found.end() :]) if label[0] == "to" else None
    return None


def _ends(rows: Sequence[Row], at: int, now: Part, sheet: Sheet) -> bool:
    """Say whether the text begins at this row, which has no label."""
    row, so_far = rows[at], sheet.parts[now]
    if ENDS.match(row.text) or _CLOSING.match(row.text):
        return True
    if not so_far:
        return False
    if now == "subject":
        begins = bool(_BEGINS.match(row.text)) and (row.apart or _is_paragraph(rows, at))
        return (begins and not _is_closed(rows[at + 1 :][:2])) or _is_order(rows, at, so_far)
    return not _is_followed(rows, at, now) and _is_text(rows, at, now, so_far)


def _is_text(rows: Sequence[Row], at: int, now: Part, so_far: Sequence[Row]) -> bool:
    """Say whether the row is the text's first, and no more of เรียน, or of items."""
    row = rows[at]
    if now == "to" and LETTER_BEGINS.match(row.text):
        return True
    if _ITEM.match(row.text) and now != "to" and not _BEGINS.match(row.text):
        return row.box is not None and _is_paragraph(rows, at)
    if row.page and row.box is not None:
        begins = bool(row.apart and _BEGINS.match(row.text))
        return begins or is_paragraph_under(row, so_far) or _is_paragraph(rows, at)
    return row.apart or bool(_BEGINS.match(row.text))


def _is_closed(after: Sequence[Row]) -> bool:
    """Say whether เรียน follows, which closes เรื่อง."""
    return any((found := _label(row.text, "subject")) and found[0] == "to" for row in after)


def _is_order(rows: Sequence[Row], at: int, so_far: Sequence[Row]) -> bool:
    """Say whether the text begins under a เรื่อง that no เรียน closes: of คำสั่ง, or too long."""
    begins = rows[at].source != "ocr" and LETTER_BEGINS.match(rows[at].text)
    closed = not begins or _is_closed(rows[at + 1 :][:_SUBJECT_MOST])
    return not closed or len(so_far) >= _SUBJECT_MOST


def _is_followed(rows: Sequence[Row], at: int, now: Part) -> bool:
    """Say whether this is the last line under a label: not full, and the next label follows."""
    row, after = rows[at], rows[at + 1 : at + 2]
    is_full = row.box is None or row.box.right > _FULL
    return not is_full and bool(after) and _has_label(rows, at + 1, now)


def _has_label(rows: Sequence[Row], at: int, now: Part | None) -> bool:
    return (_label(rows[at].text, now) or _smudged(rows, at, now)) is not None


def _margin_at(rows: Sequence[Row], at: int) -> float:
    """Give where lines begin around this one: on a page that lies askew the margin wanders."""
    near = rows[max(0, at - _AROUND) : at + _AROUND]
    return margin_of([one for one in near if one.page == rows[at].page])


def _is_paragraph(rows: Sequence[Row], at: int) -> bool:
    """Say whether a paragraph begins here: it goes in, and the next line comes back."""
    row, after = rows[at], rows[at + 1 : at + 2]
    margin = _margin_at(rows, at)
    if row.box is None or row.box.left < margin - _MARGIN:
        return False
    if row.box.left < margin + _MARGIN:
        return True
    if not after or after[0].box is None or after[0].page != row.page:
        return bool(_BEGINS.match(row.text))
    back = after[0].box.left < margin + _MARGIN and row.box.left > margin + _INWARD
    begins = _BEGINS.match(row.text) is not None or _label(after[0].text, None) is None
    return back and begins


def _rest_of(rows: Sequence[Row], sheet: Sheet) -> None:
    """Part the text from what stands under it."""
    closing = [at for at, row in enumerate(rows) if _CLOSING.match(row.text)]
    cut = closing[-1] if closing else _signed(rows)
    sheet.body, sheet.foot = list(rows[:cut]), list(rows[cut:])


_IN_PARENTHESES: Final = re.compile(r"\(\s*[^()]{4,80}\)?\s*$")
_TITLED: Final = re.compile(r"\(\s*(?:นาย|นาง|น\.ส\.|ดร\.|ว่าที่|พล|พัน|ร้อย|ศาสตรา|รอง|ผู้ช่วย|หม่อม|ม\.)")


def _signed(rows: Sequence[Row]) -> int:
    """Give where a letter without a closing is signed: at the last name in parentheses."""
    named = [at for at, row in enumerate(rows) if _TITLED.match(row.text)]
    named = named or [at for at, row in enumerate(rows) if _IN_PARENTHESES.match(row.text)]
    return named[-1] if named else len(rows)
