"""Outgoing letters as clerks export them, left blank for number and date."""

from pathlib import Path

import fontpkg_sarabun
from fpdf import FPDF

FONT = Path(fontpkg_sarabun.__file__).parent / "files" / "Sarabun-Regular.ttf"
SUBJECT = "เรื่อง  ขอเชิญประชุมหัวหน้าส่วนราชการ"


def letter(
    number: str = "ที่ มท ๐๘๑๐.๗/", date: str = "ตุลาคม ๒๕๖๘", *, size: float = 14,
    more: tuple[str, ...] = (), above: str = "",
) -> bytes:  # fmt: skip
    """Give a letter of one page with these lines where ที่ and the date stand."""
    pdf = FPDF(unit="pt", format="A4")
    pdf.add_font("Sarabun", "", FONT)
    pdf.set_text_shaping(use_shaping_engine=True, script="thai", language="tha")
    pdf.add_page()
    pdf.set_font("Sarabun")
    pdf.set_font_size(size)
    lines = [
        (85, 150, number), (360, 150, "กรมส่งเสริมการปกครองท้องถิ่น"),
        (360, 172, "ถนนนครราชสีมา กทม. ๑๐๓๐๐"), (300, 190, above),
        (300, 205, date), (85, 240, SUBJECT),
        (85, 262, "เรียน  ผู้ว่าราชการจังหวัด"), (120, 300, "ด้วยกรมจะจัดประชุม ตามหนังสือ ที่ มท ๐๘๑๐.๗/ว ๑๒"),
        *((85, 330 + 24 * at, line) for at, line in enumerate(more)),
    ]  # fmt: skip
    for x, y, text in lines:
        if text:
            pdf.set_xy(x, y - 0.8 * size)
            pdf.cell(h=size, text=text)
    return bytes(pdf.output())
