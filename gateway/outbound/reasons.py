"""Why a mail could not be brought to its receiver, in words a clerk can act on.

The peer's own reply is shown beside these words, since the receiver's administrator will ask for
it; what it means is said here, by enhanced status (RFC 3463) where there is one, else by code.
"""

import re
from typing import Final

from gateway.outbound.answer import Answer, Fate

_STATUS: Final = (
    ("5.1.", "ไม่มีที่อยู่ไปรษณีย์อิเล็กทรอนิกส์นี้ที่ระบบปลายทาง โปรดตรวจตัวสะกดหรือถามผู้รับ"),
    (".2.2", "ตู้ไปรษณีย์ของผู้รับเต็ม โปรดแจ้งผู้รับทางโทรศัพท์"),
    (".2.1", "ตู้ไปรษณีย์ของผู้รับถูกปิดใช้งาน"),
    (".3.4", "ไปรษณีย์ใหญ่เกินกว่าที่ระบบปลายทางรับ"),
    ("5.7.", "ระบบปลายทางปฏิเสธผู้ส่ง โปรดแจ้งผู้ดูแลระบบของท่าน"),
    ("5.4.", "ระบบปลายทางหาเส้นทางไปยังผู้รับไม่พบ โปรดตรวจชื่อโดเมน"),
)


def in_thai(answer: Answer) -> str:
    """Return the reason as a sentence for the clerk."""
    if answer.fate is Fate.TOO_LARGE:
        return "ไปรษณีย์ใหญ่เกินกว่าที่ระบบปลายทางรับ"
    if answer.door_shut:
        return "ยังติดต่อเครื่องที่ส่งไปรษณีย์ออกไม่ได้ โปรดแจ้งผู้ดูแลระบบ"
    found = re.match(r"\s*[245](\.\d{1,3}\.)(\d{1,3})", answer.reply)
    if found:
        status = answer.reply.strip()[:1] + found[1] + found[2]
        for part, words in _STATUS:
            if part in status:
                return words
    if answer.fate is Fate.REFUSED and answer.code in (550, 551, 553):
        return "ระบบปลายทางไม่รับไปรษณีย์ถึงที่อยู่นี้"
    if answer.fate is Fate.REFUSED:
        return "ระบบปลายทางปฏิเสธไปรษณีย์ฉบับนี้"
    return "ระบบปลายทางยังไม่รับไปรษณีย์ในขณะนี้"
