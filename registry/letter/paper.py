"""What a machine read off a letter's paper, field by field, each with its place and its doubt.

The names of fields, and what their ``value`` is in normal form (``original`` is as it stands):

============= ==============================================================================
number        the letter number, Arabic digits as the register keeps it (ข้อ 11)
owner         whose letter it is: the office in the head
dated         YYYY-MM-DD
subject       เรื่อง, its lines joined
to            เรียน
reference     one อ้างถึง; facts: entity, number, dated, urgency, resolution (true or absent)
enclosure     one สิ่งที่ส่งมาด้วย; facts: quantity, unit
urgency       ด่วน | ด่วนมาก | ด่วนที่สุด
secrecy       ลับ | ลับมาก | ลับที่สุด
signer        the name under the letter; facts: position, acting_for (a list, from the signer up)
contact       unit, phone, mail in the last lines; facts: unit, phone, fax, mail
stamp         a receive stamp of any office; facts: entity, number, dated, time
due           YYYY-MM-DD: the day until which the text wants something; facts: why
link          an address of a page that the text names
qr            what a QR code says; facts: link (true or absent), ours (true or absent)
task          an order to pass on (สำหรับอำเภอ แจ้งให้ … ด้วย); facts: whom
number_hint   what a damaged number may mean; facts: score, entry or entity
============= ==============================================================================

``facts.odd`` of any field says what it does not agree with (:mod:`registry.paper.doubts`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from registry.letter.page import Box

FieldSource = Literal["text", "ocr", "mail"]
FieldState = Literal["proposed", "taken", "confirmed", "refused"]

HIGH: Final = 90
"""From here on a field is believed unless a person says otherwise."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: on which page (from 1), in which box."""

    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class PaperField:
    """One field; ``confidence`` is 0-100, ``place`` None where the mail itself says it.

    ``position`` counts those of a name that may be several: references, enclosures, stamps.
    """

    name: str
    value: str
    original: str
    confidence: int
    source: FieldSource
    place: Place | None = None
    position: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def believed(self) -> bool:
        """Whether it may stand in the register before a person looked."""
        return self.confidence >= HIGH
