"""How far an outgoing letter has come at one addressee.

States follow TH e-GIF e-CMS: queued, sent (the peer's 250), arrived, registered there under a
number, or returned, wrong, bounced, failed, overdue, withdrawn; *reported* is a time beside it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeliveryState(StrEnum):
    """State of one delivery; ``thai`` is the word on pages and in mails."""

    QUEUED = "queued"
    SENT = "sent"
    ARRIVED = "arrived"
    REGISTERED = "registered"
    RETURNED = "returned"
    WRONG = "wrong"
    BOUNCED = "bounced"
    FAILED = "failed"
    OVERDUE = "overdue"
    WITHDRAWN = "withdrawn"

    @property
    def thai(self) -> str:
        """The office's word."""
        return _THAI[self]

    @property
    def final(self) -> bool:
        """Whether nothing further is expected to happen by itself."""
        return self in (
            self.REGISTERED,
            self.RETURNED,
            self.WRONG,
            self.BOUNCED,
            self.FAILED,
            self.WITHDRAWN,
        )


_THAI = {
    DeliveryState.QUEUED: "รอส่ง",
    DeliveryState.SENT: "ส่งแล้ว",
    DeliveryState.ARRIVED: "ถึงแล้ว",
    DeliveryState.REGISTERED: "ลงรับแล้ว",
    DeliveryState.RETURNED: "ส่งคืน",
    DeliveryState.WRONG: "หนังสือไม่ถูกต้อง",
    DeliveryState.BOUNCED: "ตีกลับ",
    DeliveryState.FAILED: "ส่งไม่สำเร็จ",
    DeliveryState.OVERDUE: "เกินกำหนด",
    DeliveryState.WITHDRAWN: "เรียกคืนแล้ว",
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One addressee of a sent letter; ``is_copy`` says that it got a copy (สำเนาส่ง, ข้อ 11)."""

    id: int
    to: str  # address
    to_name: str
    to_entity: str  # code, "" when not in the directory
    state: DeliveryState
    at: datetime
    remote_number: str = ""
    reported_at: datetime | None = None
    is_copy: bool = False
