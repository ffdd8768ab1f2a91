"""Digital signatures as the page of a letter shows them: one word first, then each fact by itself.

The facts are the frozen ones of :mod:`registry.signatures`; whether the signer of a mail is its
sender is compared here, by the addresses in the certificate.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from registry.letter.signature import Signature
from registry.letters import Letter
from registry.signature_words import CHANGES, OUTCOMES, TROUBLES
from saraban.web.words import Tag

_COLOURS: Final[Mapping[str, str]] = {
    "good": "green", "later": "green", "changed": "red", "broken": "red",
}  # fmt: skip
_ELSE: Final = Tag("ผู้ลงนามไม่ใช่ผู้ส่ง", "amber")
_PART: Final = Tag("ลงลายมือชื่อเพียงบางส่วน", "amber")
_INTACT: Final = {True: "ไม่ถูกแก้ไข", False: "ถูกแก้ไขหลังลงลายมือชื่อ", None: "ตรวจไม่ได้"}


@dataclass(frozen=True, slots=True)
class Seal:
    """One signature: of which file, in a word, and its facts by name in the order shown."""

    of: str
    tag: Tag
    signature: Signature
    facts: tuple[tuple[str, str], ...]


def seals_of(letter: Letter | None, signatures: Iterable[Signature]) -> list[Seal]:
    """Give what is shown of a letter's signatures."""
    if letter is None:
        return []
    names = {file.sha256: file.name for file in letter.enclosures}
    return [
        Seal(
            names.get(one.sha256 or "", "อีเมลฉบับนี้"), _tag(one, letter), one,
            tuple(_facts(one, letter)),
        )
        for one in signatures
    ]  # fmt: skip


def is_senders(one: Signature, letter: Letter) -> bool | None:
    """Say whether a mail's signer bears the sender's address; None where it cannot be said."""
    addresses = one.facts.get("addresses")
    if one.kind != "smime" or not addresses or not letter.sender:
        return None
    return letter.sender in addresses


def _tag(one: Signature, letter: Letter) -> Tag:
    if one.kind == "smime" and one.outcome == "good":
        if is_senders(one, letter) is False:
            return _ELSE
        if one.whole is False:
            return _PART
    return Tag(OUTCOMES[one.outcome], _COLOURS.get(one.outcome, "amber"))


def _facts(one: Signature, letter: Letter) -> Iterable[tuple[str, str]]:
    yield "เนื้อหาที่ลงนาม", _INTACT[one.intact]
    if one.signer:
        yield ("ตราเวลาโดย" if one.facts.get("stamp") else "ผู้ลงนาม"), one.signer
    if (same := is_senders(one, letter)) is not None:
        mail = ", ".join(one.facts["addresses"])
        yield "อีเมลในใบรับรอง", f"{mail} ({'ตรงกับผู้ส่ง' if same else 'ไม่ตรงกับผู้ส่ง'})"
    why = TROUBLES.get(str(one.facts.get("trouble", "")), "")
    if one.trusted is not None:
        yield "ความเชื่อถือ", "มีผู้ออกใบรับรองที่หน่วยงานเชื่อถือรับรอง" if one.trusted else why
    elif why:
        yield "เหตุ", why
    if one.issuer:
        yield "ผู้ออกใบรับรอง", one.issuer
    if one.whole is not None:
        yield "ครอบคลุม", _covers(one)
    if one.facts.get("certified"):
        yield "ผู้จัดทำ", "ห้ามแก้ไขไฟล์เกินกว่าที่กำหนดไว้"


def _covers(one: Signature) -> str:
    if one.whole:
        return "ทั้งไฟล์" if one.kind == "pdf" else "ข้อความและไฟล์ทั้งหมดในอีเมล"
    if one.kind == "smime":
        return "เพียงบางส่วนของอีเมล"
    return CHANGES.get(one.changed, "เพียงบางส่วนของไฟล์")
