"""Words by which a letter's parts are known, put right where OCR lost a mark above a letter.

Small marks are what a scan loses first: ``ด่วนทีสุด``, ``วันทิ``, ``จงหวัด``. Only these few words are
mended, and only in text that was read off a picture: what the letter says is left as it was read.
"""

import re
from typing import Final

_TI: Final = "ท[ิีึื]?่?"
_WORDS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(rf"ด[่้]?วน{_TI}ส[ุู]?ด"), "ด่วนที่สุด"),
    (re.compile(r"^ดวน$"), "ด่วน"),
    (re.compile(rf"^ส[ัิ]?่?ง\s?ณ\s?ว[ัิ้]?น{_TI}"), "สั่ง ณ วันที่"),
    (re.compile(r"ด[่้]?วนม[าำ]ก"), "ด่วนมาก"),
    (re.compile(rf"ว[ัิ้]{{0,2}}น{_TI}(?=\s*[0-9๐-๙.…:]|\s*$)"), "วันที่"),
    (re.compile(r"^เร[ิีึื]?่?อ[งา](?=\s|[ก-ฮเแโใไ])"), "เรื่อง"),
    (
        re.compile(r"^[A-Za-z]{2,5}\s(?=[0-9๐-๙]{1,2}\s[ก-๎.]{4,12}\s[2๒][4-6๔-๖][0-9๐-๙]{2}$)"),
        "วันที่ ",
    ),
    (re.compile(r"^(กราบ)?เร[ัิีึื]?ยน(?=\s)"), r"\1เรียน"),
    (re.compile(rf"^{_TI}(?=\s?[.:]?\s?[ก-ฮ]{{2,4}}\s?(?:\(|[0-9๐-๙]))"), "ที่"),
    (re.compile(r"(?<=/)(\s?)ว[ิีึื](?=\s?[0-9๐-๙])"), r"\1ว"),
    (re.compile(r"จ[้่]า?นวน(?=\s?[0-9๐-๙])"), "จำนวน"),
    (re.compile(r"^อ[้่]?าง\s?ถ[ิีึื]?ง"), "อ้างถึง"),
    (re.compile(rf"^ส[ิีึื]?่?ง{_TI}ส[่้]?งมาด[้่]?วย"), "สิ่งที่ส่งมาด้วย"),
    (re.compile(r"^เล?ข(?:ที่)?ร[ัิ้]?บ(?:ที่)?"), "เลขรับ"),
    (re.compile(r"^เวลส?า(?=[\s.:…0-9๐-๙])"), "เวลา"),
    (
        re.compile(  # พ.ศ. in Latin letters before a year
            r"(?<![A-Za-z])[A-Z]{1,2}\s?[.,]\s?(?:[A-Z]\s?[.,]?)?\s?(?=[2๒][4-6๔-๖][0-9๐-๙]{2}(?![0-9๐-๙]))"
        ),
        "พ.ศ. ",
    ),
    (re.compile(rf"(ระยะ|ครั้ง|ลำดับ|ฉบับ){_TI}(?=\s?[0-9๐-๙])"), r"\1ที่"),
    (re.compile(r"ขอแสดงความน[ัิ้]?บถ[ิีึื]?อ"), "ขอแสดงความนับถือ"),
    (re.compile(r"จ[ัิ้]?งห[ุู]?ว[ัิุู้]?ด"), "จังหวัด"),
    (re.compile(r"อ[้๊]าเภอ"), "อำเภอ"),
    (re.compile(r"อธิบด[ิึืุู]"), "อธิบดี"),
    (re.compile(rf"(?:^|(?<=\s)){_TI}ท[ำา]{{1,2}}การ"), "ที่ทำการ"),
    (re.compile(r"กล[ุู]?[่้]?[มง]งาน"), "กลุ่มงาน"),
    (re.compile(r"ปฏ[ิีึื]?บ[ัิ้]?ต[ิีึื]?ราชการแทน"), "ปฏิบัติราชการแทน"),
    (re.compile(r"ร[ัิ้]?กษาราชการแทน"), "รักษาราชการแทน"),
    (re.compile(r"สำ?าน[ัิ้]?กงาน"), "สำนักงาน"),
    (re.compile(r"ผ[ุู][้่]?ว[่้]?าราชการ|ผวาราชการ"), "ผู้ว่าราชการ"),
)


def mended(text: str) -> str:
    """Give a line with these words as they are spelled."""
    for pattern, word in _WORDS:
        text = pattern.sub(word, text)
    return text
