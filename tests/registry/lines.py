"""Lines of a book for tests that need no database."""

from datetime import date, datetime
from typing import Any

from registry.books.booklines import Line
from registry.clock import BANGKOK
from registry.numbering import BookKey

RECEIVED = BookKey(1, "", "received", "ordinary", 2568)


def line(number: int = 1, **told: Any) -> Line:
    """Give a line of 3 October 2568."""
    plain: dict[str, Any] = {
        "registered_at": datetime(2025, 10, 3, 10, 42, tzinfo=BANGKOK),
        "letter_number": "มท 0810.7/ว 3974", "dated": date(2025, 9, 16),
        "from_text": "กรมส่งเสริมการปกครองท้องถิ่น", "to_text": "ผู้ว่าราชการจังหวัดแพร่",
        "subject": "แนวทางการปรับปรุงคู่มือสำหรับประชาชน", "urgency": "", "secrecy": None,
        "action": "กลุ่มงานบริหาร", "note": "", "state": "registered", "circular": False,
        "was_reserved": False, "reserved_for": "", "void_reason": "", "void_by": "",
    }  # fmt: skip
    return Line(id=f"entry{number}", number=number, **plain | told)
