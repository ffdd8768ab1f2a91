"""Why a mail could not be brought to its receiver, in words a clerk can act on.

The peer's own reply is shown beside these words, since the receiver's administrator will ask for
it; what it means is said here, by enhanced status (RFC 3463) where there is one, else by code.
"""

import re
from typing import Final

from gateway.outbound.answer import Answer, Fate
from registry.letter.report import status_in_thai

_STATUS: Final = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")


def in_thai(answer: Answer) -> str:
    """Return the reason as a sentence for the clerk."""
    if answer.fate is Fate.TOO_LARGE:
        return "อีเมลใหญ่เกินกว่าที่ระบบปลายทางรับ"
    if answer.door_shut:
        return "ยังติดต่อเครื่องที่ส่งอีเมลออกไม่ได้ โปรดแจ้งผู้ดูแลระบบ"
    if answer.code == 0:  # it has not come to the peer
        return "ระบบนี้เองยังส่งอีเมลออกไม่ได้ โปรดแจ้งผู้ดูแลระบบ"
    found = _STATUS.match(answer.reply)
    said = status_in_thai(found[1]) if found else ""
    if said:
        return said
    if answer.fate is Fate.REFUSED:
        unknown = answer.code in (550, 551, 553)
        return f"ระบบปลายทาง{'ไม่รับอีเมลถึงที่อยู่นี้' if unknown else 'ปฏิเสธอีเมลฉบับนี้'}"
    return "ระบบปลายทางยังไม่รับอีเมลในขณะนี้"
