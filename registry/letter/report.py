"""What another host says became of a mail of ours: a report for each recipient, and its meaning.

A report is a delivery status (RFC 3464 §2.3), a disposition (RFC 8098 §3.2), or the words of a
server that knows neither. Nobody signs it: it is shown to people as what it is, a stranger's word,
and whether it moves a delivery is decided by :mod:`registry.desk.bounce`.

Status codes are those of RFC 3463. What they mean is said in Thai, in words a clerk can act on.
"""

import re
from dataclasses import dataclass
from typing import Final

from registry.thai.text import tidy

_MEANT: Final = (
    (r"5\.1\.[0-9]+", "ไม่มีที่อยู่อีเมลนี้ที่ระบบปลายทาง โปรดตรวจตัวสะกดหรือถามผู้รับ"),
    (r"[45]\.2\.1", "กล่องอีเมลของผู้รับถูกปิดใช้งาน"),
    (r"[45]\.2\.2", "กล่องอีเมลของผู้รับเต็ม โปรดแจ้งผู้รับทางโทรศัพท์"),
    (r"[45]\.(?:2\.3|3\.4)", "อีเมลใหญ่เกินกว่าที่ระบบปลายทางรับ"),
    (r"[45]\.4\.6", "อีเมลวนอยู่ระหว่างเครื่องของปลายทาง โปรดแจ้งผู้ดูแลระบบของผู้รับ"),
    (r"[45]\.4\.7", "ส่งไม่ถึงภายในเวลาที่กำหนด"),
    (r"5\.4\.[0-9]+", "ระบบปลายทางหาเส้นทางไปยังผู้รับไม่พบ โปรดตรวจชื่อโดเมน"),
    (r"4\.4\.[0-9]+", "ติดต่อเครื่องของผู้รับไม่ได้"),
    (r"5\.7\.[0-9]+", "ระบบปลายทางปฏิเสธผู้ส่ง โปรดแจ้งผู้ดูแลระบบของท่าน"),
    (r"5\.6\.7", "ระบบระหว่างทางยังไม่รับที่อยู่อีเมลที่ไม่ใช่อักษรอังกฤษ โปรดขอที่อยู่อื่นจากผู้รับ"),
    (r"5\.6\.[0-9]+", "ระบบปลายทางไม่รับเนื้อหาของอีเมลนี้"),
)
_ACTIONS: Final = {
    "failed": "ส่งไม่ถึงผู้รับ",
    "delayed": "ระบบปลายทางยังส่งให้ผู้รับไม่ได้ และจะพยายามต่อไป",
    "delivered": "ระบบปลายทางแจ้งว่าส่งถึงกล่องอีเมลของผู้รับแล้ว",
    "relayed": "ส่งต่อไปยังระบบที่ไม่แจ้งผลแล้ว",
    "expanded": "ส่งต่อให้ผู้รับหลายรายตามรายชื่อของปลายทางแล้ว",
}
_DISPOSED: Final = {
    "displayed": "โปรแกรมของผู้รับแจ้งว่าเปิดอีเมลแล้ว",
    "deleted": "โปรแกรมของผู้รับแจ้งว่าลบอีเมลแล้ว",
    "dispatched": "โปรแกรมของผู้รับแจ้งว่าส่งต่ออีเมลแล้ว",
    "processed": "โปรแกรมของผู้รับแจ้งว่าดำเนินการกับอีเมลแล้ว",
}
_STATUS: Final = re.compile(r"(?<![0-9.])([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")
_ACTION: Final = re.compile(r"\baction:\s*([a-z]+)", re.IGNORECASE)
_LATE: Final = re.compile(
    r"\bdelayed\b|\bwill (?:retry|continue|keep trying)\b|\bstill trying\b", re.IGNORECASE
)
_FAILED: Final = re.compile(r"\bfailed\b", re.IGNORECASE)
_BELOW: Final = r"^[-> ]*(?:below this line|original message|return(?:ed|-path)\b)"
_COPY: Final = re.compile(_BELOW, re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one recipient; every text is a stranger's and cut to a fair length.

    ``action`` is a word of RFC 3464 §2.3.3, or with ``disposition`` one of RFC 8098 §3.2.6.2.
    ``recipient`` is the final, ``original`` the original recipient, without their types;
    ``message_id`` the mail that a disposition is about, ``envelope_id`` our ENVID.
    """

    action: str
    recipient: str = ""
    original: str = ""
    status: str = ""  # 5.1.1
    diagnostic: str = ""
    remote: str = ""  # host that said it
    envelope_id: str = ""
    message_id: str = ""
    disposition: bool = False

    @property
    def thai(self) -> str:
        """What it means, one sentence."""
        if self.disposition:
            return _DISPOSED.get(self.action, "โปรแกรมของผู้รับตอบกลับเรื่องอีเมลนี้")
        said = _ACTIONS.get(self.action, "ระบบปลายทางแจ้งผลการส่ง")
        why = status_in_thai(self.status) if self.action in ("failed", "delayed") else ""
        return f"{said}: {why}" if why else said

    @property
    def words(self) -> str:
        """What the other side itself said, on one line; "" when it said nothing more."""
        told = self.diagnostic or self.status
        parts = (self.recipient, told, f"({self.remote})" if self.remote else "")
        return " ".join(tidy(" ".join(part for part in parts if part)).split())[:400]


def status_in_thai(status: str) -> str:
    """Say what an enhanced status code means; "" for one that says nothing to a clerk."""
    return next((thai for form, thai in _MEANT if re.fullmatch(form, status)), "")


def report_in_words(text: str) -> Report:
    """Read what a server of an older kind wrote for people (qmail, Exchange, Gmail).

    A bounce that says nothing else says that the mail failed.
    """
    own = _COPY.split(text[:20_000], maxsplit=1)[0]
    status = _STATUS.search(own)
    code = status[1] if status else ""
    action = _ACTION.search(own)
    if action:
        word = action[1].casefold()
    elif code.startswith("5") or _FAILED.search(own):
        word = "failed"
    else:
        word = "delayed" if code.startswith("4") or _LATE.search(own) else "failed"
    return Report(word, status=code, diagnostic=" ".join(tidy(own).split())[:400])
