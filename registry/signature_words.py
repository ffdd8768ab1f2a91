"""What is said in Thai of a signature: the frozen sentence beside its facts."""

from collections.abc import Mapping
from typing import Any, Final

OUTCOMES: Final[Mapping[str, str]] = {
    "good": "ลายมือชื่อถูกต้อง", "later": "ลายมือชื่อถูกต้อง มีส่วนเพิ่มภายหลัง",
    "untrusted": "ยังยืนยันผู้ลงนามไม่ได้", "changed": "ไฟล์ถูกแก้ไขหลังลงลายมือชื่อ",
    "broken": "เนื้อหาไม่ตรงกับลายมือชื่อ", "unknown": "ตรวจลายมือชื่อไม่ได้",
}  # fmt: skip
"""Each outcome of :class:`registry.letter.signature.Signature` in a word."""
TROUBLES: Final[Mapping[str, str]] = {
    "unknown": "ไม่รู้จักผู้ออกใบรับรอง (ไม่อยู่ในรายชื่อที่หน่วยงานเชื่อถือ)",
    "self_signed": "ผู้ลงนามออกใบรับรองให้ตนเอง ไม่มีผู้ใดรับรอง",
    "expired": "ใบรับรองหมดอายุแล้ว และไม่มีหลักฐานว่าลงนามก่อนหมดอายุ",
    "not_yet": "ใบรับรองยังไม่ถึงวันเริ่มใช้",
    "revoked": "ใบรับรองถูกเพิกถอนแล้ว",
    "purpose": "ใบรับรองไม่ได้ออกให้ใช้ลงลายมือชื่อ หรือสายการรับรองผิดเงื่อนไข",
    "weak": "ใช้วิธีลงลายมือชื่อที่เลิกใช้แล้ว",
    "other": "ตรวจสายการรับรองไม่ผ่าน",
    "locked": "ไฟล์มีรหัสผ่าน จึงตรวจลายมือชื่อไม่ได้",
    "broken": "โครงสร้างลายมือชื่อเสียหาย จึงตรวจไม่ได้",
    "dear": "ตรวจลายมือชื่อนานเกินกำหนดหรือใช้หน่วยความจำเกินกำหนด",
}
"""Why a signer is not trusted, or why nothing could be found out."""
CHANGES: Final[Mapping[str, str]] = {
    "proofs": "ภายหลังมีเพียงการเพิ่มหลักฐานเวลาหรือหลักฐานใบรับรอง",
    "forms": "ภายหลังมีการกรอกแบบหรือลงลายมือชื่อเพิ่มตามที่ลายมือชื่อนี้ยอมให้ทำ",
    "notes": "ภายหลังมีการเพิ่มหมายเหตุในไฟล์",
    "other": "มีการแก้ไขหรือเพิ่มเนื้อหาในไฟล์หลังลงลายมือชื่อ",
}
"""What was added to the file after it was signed."""
_BROKEN: Final = "เนื้อหาไม่ตรงกับที่ลงลายมือชื่อไว้ (ถูกแก้ไขหลังลงลายมือชื่อ)"
_PART: Final = "ลายมือชื่อครอบคลุมอีเมลเพียงบางส่วน"


def detail_of(verdict: Mapping[str, Any], kind: str) -> str:
    """Say what is to be said of a verdict beyond its facts; "" for one without blemish."""
    facts = verdict["facts"]
    said = [
        _BROKEN if verdict["intact"] is False else "",
        TROUBLES.get(facts.get("trouble", ""), ""),
        CHANGES.get(facts.get("changed", ""), ""),
        _PART if kind == "smime" and verdict["whole"] is False else "",
    ]
    return " · ".join(filter(None, said))
