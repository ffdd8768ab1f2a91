"""Pages typeset by hand: lines with the places that a word processor gives them."""

from collections.abc import Sequence

from registry.letter.page import Box, Line, Page
from registry.letter.paper import PaperField
from registry.paper.read import read_pages, read_text

MARGIN, TAB, PARAGRAPH, RIGHT, MIDDLE = 0.14, 0.22, 0.26, 0.60, 0.45

LETTER = (
    (MARGIN, "ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔"),
    (RIGHT, "กรมส่งเสริมการปกครองท้องถิ่น"),
    (RIGHT, "ถนนนครราชสีมา กทม. ๑๐๓๐๐"),
    (MIDDLE, "๑๖ กันยายน ๒๕๖๒"),
    (MARGIN, "เรื่อง แนวทางการปรับปรุงคู่มือสำหรับประชาชน"),
    (TAB, "ตามแผนการยกระดับการบริการภาครัฐ"),
    (MARGIN, "เรียน ผู้ว่าราชการจังหวัด ทุกจังหวัด"),
    (MARGIN, "อ้างถึง ๑. หนังสือกรมส่งเสริมการปกครองท้องถิ่น ด่วนมาก ที่ มท ๐๘๑๐.๗/ว ๑๒"),
    (TAB, "ลงวันที่ ๓ มกราคม ๒๕๖๒"),
    (TAB, "๒. มติคณะรัฐมนตรี เมื่อวันที่ ๒ ตุลาคม ๒๕๖๑"),
    (MARGIN, "สิ่งที่ส่งมาด้วย ๑. แบบรายงาน จำนวน ๒ ชุด"),
    (TAB, "๒. คู่มือ จำนวน ๑ เล่ม"),
    (PARAGRAPH, "การปรับปรุงคู่มือเป็นกิจกรรมหนึ่งของแผนดังกล่าว ซึ่งกำหนดให้ส่วนราชการ"),
    (MARGIN, "รายงานให้กรมทราบภายในวันที่ ๑๘ ตุลาคม ๒๕๖๒ สำหรับจังหวัด แจ้งให้อำเภอทราบด้วย"),
    (PARAGRAPH, "จึงเรียนมาเพื่อพิจารณา"),
    (MIDDLE, "ขอแสดงความนับถือ"),
    (MIDDLE, "(นายสมชาย ใจดี)"),
    (MIDDLE, "รองอธิบดี ปฏิบัติราชการแทน"),
    (MIDDLE, "อธิบดีกรมส่งเสริมการปกครองท้องถิ่น"),
    (MARGIN, "กองพัฒนาระบบ"),
    (MARGIN, "โทร. ๐-๒๒๔๑-๙๐๐๐ ต่อ ๒๓๑๒ โทรสาร ๐-๒๒๔๑-๖๙๕๖"),
)


def page(
    lines: Sequence[tuple[float, str]] = LETTER, *, sure: int = 100, source: str = "text"
) -> Page:
    """Set one line under the other."""
    set_lines = tuple(
        Line(
            text,
            Box(left, 0.05 + at * 0.03, min(left + 0.012 * len(text), 0.95), 0.07 + at * 0.03),
            sure,
        )
        for at, (left, text) in enumerate(lines)
    )
    return Page(1, "ocr" if source == "ocr" else "text", 0.95, 595.0, 842.0, set_lines)


def with_line(at: int, text: str, *, more: Sequence[tuple[float, str]] = ()) -> Page:
    """Set the letter with another line in place of one, and more behind it."""
    return page([*LETTER[:at], (LETTER[at][0], text), *more, *LETTER[at + 1 :]])


def fields(found: Page | str) -> dict[str, list[PaperField]]:
    """Give what is read, by name."""
    read = read_text(found) if isinstance(found, str) else read_pages([found])
    names = {one.name for one in read}
    return {name: [one for one in read if one.name == name] for name in names}


def one(found: Page | str, name: str) -> PaperField:
    """Give the one field of a name."""
    (only,) = fields(found)[name]
    return only
