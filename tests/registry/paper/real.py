"""Two real letters of พ.ศ. ๒๕๖๒: their damaged text layers as they stand, and typeset anew.

The circular of กรมส่งเสริมการปกครองท้องถิ่น, and the letter by which จังหวัดแพร่ passed it on.
"""

from pathlib import Path
from typing import Any

from benchmarks.reading.letter import Letter, Look
from benchmarks.reading.typeset import typeset

_FOLDER = Path(__file__).parent / "letters"
_LOOK = Look("Sarabun", 16)


def damaged(name: str) -> str:
    """Give the text layer of ``dla-w3974`` or ``phrae-w4971`` as it stands."""
    return (_FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def matter() -> str:
    """Give เรื่อง of both."""
    return str(_words("circular")["subject"])


def circular() -> bytes:
    """Typeset มท ๐๘๑๐.๗/ว ๓๙๗๔."""
    office = "กรมส่งเสริมการปกครองท้องถิ่น"
    letter = Letter(
        kind="external", look=_LOOK, number="มท 0810.7/ว 3974",
        owner=(office, "ถนนนครราชสีมา กทม. 10300"), date="16 กันยายน 2562", greeting="เรียน",
        to="ผู้ว่าราชการจังหวัด ทุกจังหวัด", closing="ขอแสดงความนับถือ", signer="นายทวี เสริมภักดีกุล",
        position=("รองอธิบดี ปฏิบัติราชการแทน", f"อธิบดี{office}"),
        unit=("กองพัฒนาและส่งเสริมการบริหารงานท้องถิ่น", "โทร. 0-2241-9000 ต่อ 2312"),
        **_words("circular"),
    )  # fmt: skip
    return typeset(letter)


def passed_on() -> bytes:
    """Typeset พร ๐๐๒๓.๓/ว ๔๙๗๑, which encloses a copy of the circular under another number."""
    letter = Letter(
        kind="external", look=_LOOK, number="พร 0023.3/ว 4971", urgency="ด่วนที่สุด",
        owner=("ศาลากลางจังหวัดแพร่", "ถนนไชยบูรณ์ พร 54000"), date="3 ตุลาคม 2562", greeting="เรียน",
        to="นายอำเภอ (ทุกอำเภอ) นายกองค์การบริหารส่วนจังหวัดแพร่ และนายกเทศมนตรีเมืองแพร่",
        closing="ขอแสดงความนับถือ", signer="นายต่อพงษ์ ทับทิมโต",
        position=("ท้องถิ่นจังหวัดแพร่ ปฏิบัติราชการแทน", "ผู้ว่าราชการจังหวัดแพร่"),
        unit=("สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัด", "โทร. 0-5453-4779"), **_words("passed-on"),
    )  # fmt: skip
    return typeset(letter)


def _words(name: str) -> dict[str, Any]:
    """Read เรื่อง and the paragraphs, อ้างถึง, and สิ่งที่ส่งมาด้วย: a line each, --- between them."""
    text = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    said, references, enclosures = (part.strip().split("\n") for part in text.split("---"))
    return {
        "subject": said[0], "body": tuple(said[1:]), "references": tuple(references),
        "enclosures": tuple(enclosures),
    }  # fmt: skip
