"""What a clerk's own words say of a letter that is to go out: its เรื่อง, and ว.

Subject is what a mail client made of it: Re:, the tags of the delivered copy, words of
urgency. The register wants the เรื่อง alone; an answer that keeps the subject repeats the เรื่อง
of the letter it answers, as ข้อ 11 asks. A circular (หนังสือเวียน, ข้อ 32) is marked by ว alone in
front of Subject: ``ว ซักซ้อมแนวทาง``, ``[ว] …``, never by a word that begins with the letter ว.

These are readings, not decisions: an officer sees them before a draft goes out.
"""

import re
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.desk.read import NO_SUBJECT
from registry.desk.subject import clean_subject, repeats
from registry.models.books import EntryRow
from registry.thai.text import tidy

_LEAD: Final = (
    r"(?:(?:re|aw|fwd?|fw|ตอบ(?:กลับ)?|ส่งต่อ)\s*[:：]"
    r"|[\[(【](?!\s*ว\.?\s*[\])】])[^\])】]{0,60}[\])】]"
    r"|ด่วน(?:ที่สุด|มาก)?(?=[\s:!–-])|[\s:!–-])*"
)
_CIRCULAR: Final = re.compile(
    rf"^{_LEAD}(?:[\[(【]\s*ว\.?\s*[\])】]|ว\.?(?=[\s:–-]))[\s:–-]*(?=\S)", re.IGNORECASE
)

_OUR_SLIP: Final = "จองเลขแล้ว"
_ENOUGH: Final = 50  # characters by which a matter is known


def one_line(text: str) -> str:
    """Give words as one line of a register: mended, and with single spaces."""
    return " ".join(tidy(text).split())


def letter_subject(subject: str, answered: str = "") -> str:
    """Give the เรื่อง for the register; ``answered`` is that of the letter this answers."""
    words = clean_subject(_CIRCULAR.sub("", tidy(subject)))
    if answered and (not words or words.startswith(_OUR_SLIP) or repeats(words, answered)):
        return answered
    return words[:1000] or NO_SUBJECT


def made_whole(session: Session, entity_id: int, subject: str) -> str:
    """Give a matter that our own mail cut with … as the books of the entity have it.

    A clerk who forwards a delivered copy sends its Subject along; a register says it whole.
    """
    begun = subject.removesuffix("…")
    if begun == subject or len(begun) < _ENOUGH:
        return subject
    same = EntryRow.subject.startswith(begun, autoescape=True)
    wanted = select(EntryRow.subject).where(
        EntryRow.entity_id == entity_id, EntryRow.secrecy.is_(None), same
    )
    found = session.scalar(wanted.order_by(EntryRow.registered_at.desc()).limit(1))
    return found or subject


def is_circular(subject: str, text: str = "") -> bool:
    """Say whether ว stands in front of the subject, or the text says หนังสือเวียน."""
    return bool(_CIRCULAR.match(tidy(subject))) or "หนังสือเวียน" in tidy(text[:2000])
