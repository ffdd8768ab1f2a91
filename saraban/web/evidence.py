"""Words for what is proven, and what stands behind them: trust, scans, lines of the journal.

The first word is plain ("ส่งจากระบบของ dla.go.th จริง"); methods and results are for whoever opens
it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from registry import acts
from registry.hanging import OTHER_SIDE
from registry.letter.vouched import in_words, what_to_do
from registry.letters import Letter
from saraban.web.words import Tag

SCANS: Final[Mapping[str, Tag]] = {
    "clean": Tag("ตรวจไวรัสแล้ว ไม่พบ", "green"), "not_scanned": Tag("ยังไม่ได้ตรวจไวรัส", "amber"),
    "infected": Tag("พบไวรัส", "red"), "cleared": Tag("เจ้าหน้าที่ให้ใช้ไฟล์ได้", "amber"),
}  # fmt: skip
METHODS: Final[Mapping[str, str]] = {
    "dkim": "ลายเซ็นของโดเมน (DKIM)", "spf": "เครื่องที่ส่ง (SPF)", "dmarc": "นโยบายของโดเมน (DMARC)",
    "arc": "ตราของผู้ส่งต่อ (ARC)",
}  # fmt: skip
RELATIONS: Final[Mapping[str, str]] = {
    "answers": "ตอบเรื่องนี้มา", "answered_by": "ตอบกลับ", "cites": "อ้างถึง", "cited_by": "อ้างถึงเรื่องนี้",
    "passes_on": "ต้นเรื่อง", "passed_on_by": "ส่งต่อ", "replaces": "ฉบับที่ถูกแทน",
    "encloses": "สำเนาที่แนบมา", "enclosed_by": "แนบไปกับ",
    "replaced_by": "ฉบับที่มาแทน", "duplicates": "อาจเป็นฉบับเดียวกัน", "duplicated_by": "อาจเป็นฉบับเดียวกัน",
    "reports": "เรื่องที่รายงาน", "reported_by": "รายงานผล",
}  # fmt: skip
JOINS: Final = (
    ("answers", "ฉบับนี้ตอบ"), ("cites", "ฉบับนี้อ้างถึง"), ("passes_on", "ฉบับนี้ส่งต่อมาจาก"),
    ("encloses", "ฉบับนี้แนบสำเนาของ"),
    ("replaces", "ฉบับนี้แทน"), ("reports", "ฉบับนี้รายงานผลของ"),
)  # fmt: skip
"""The relations that an officer may say, told from the letter on the page."""
FORWARD: Final = {there: here for here, there in OTHER_SIDE.items()} | {
    here: here for here in OTHER_SIDE
}
"""A relation told from either side, and its name in its own direction."""
JOBS: Final[Mapping[str, str]] = {
    "queued": "รอส่ง", "held": "พักไว้", "sending": "กำลังส่ง", "sent": "ส่งแล้ว", "failed": "ส่งไม่สำเร็จ",
    "dropped": "ยกเลิกการส่ง", "withdrawn": "ถอนก่อนส่ง",
}  # fmt: skip
HOW: Final[Mapping[str, str]] = {
    "token": "ที่อยู่ตอบกลับ", "references": "สายอีเมล", "cited": "อ้างถึงในหนังสือ",
    "subject": "เลขในชื่อเรื่อง", "officer": "เจ้าหน้าที่ระบุ", "same_number": "เลขที่และวันที่เดียวกัน",
    "alike": "เรื่องและผู้ออกหนังสือใกล้เคียง",
}  # fmt: skip
ACTS: Final = acts.ACTS
"""The word for each act of the journal."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Who vouches for a sender: in a word, in a sentence, what to do, and the checks themselves."""

    tag: Tag
    said: str
    advice: str
    checks: tuple[Mapping[str, Any], ...]


def trust_of(letter: Letter) -> Proof | None:
    """Give the verdict that was frozen with an incoming letter; None where there is none."""
    means = str(letter.trust.get("means", ""))
    if letter.direction != "in" or not means:
        return None
    advice = what_to_do(letter.trust)
    checks = tuple(letter.trust.get("checks") or ())
    return Proof(_tag(letter, means), in_words(letter.trust), advice, checks)


def _tag(letter: Letter, means: str) -> Tag:
    if means == "none":
        return Tag("ยังยืนยันผู้ส่งไม่ได้", "amber")
    if means == "hosted":
        return Tag("ส่งจากหน่วยงานที่ใช้ระบบนี้", "green")
    domain = letter.trust.get("domain") or letter.sender.rpartition("@")[2]
    return Tag(f"ส่งจากระบบของ {domain} จริง", "green")
