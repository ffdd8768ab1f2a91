"""What a clerk's own words say of a letter that is to go out: its เรื่อง, and ว.

Subject is what a mail client made of it: Re:, the tags of the delivered copy, words of
urgency. The register wants the เรื่อง alone; an answer that keeps the subject repeats the เรื่อง
of the letter it answers, as ข้อ 11 asks. A circular (หนังสือเวียน, ข้อ 32) is marked by ว alone in
front of Subject: ``ว ซักซ้อมแนวทาง``, ``[ว] …``, never by a word that begins with the letter ว.

These are readings, not decisions: an officer sees them before a draft goes out.
"""

import re
from typing import Final

from registry.desk.read import NO_SUBJECT, clean_subject
from registry.letter.number import find
from registry.thai.text import fold, tidy

_LEAD: Final = (
    r"(?:(?:re|aw|fwd?|fw|ตอบ(?:กลับ)?|ส่งต่อ)\s*[:：]"
    r"|[\[(【](?!\s*ว\.?\s*[\])】])[^\])】]{0,60}[\])】]"
    r"|ด่วน(?:ที่สุด|มาก)?(?=[\s:!–-])|[\s:!–-])*"
)
_CIRCULAR: Final = re.compile(
    rf"^{_LEAD}(?:[\[(【]\s*ว\.?\s*[\])】]|ว\.?(?=[\s:–-]))[\s:–-]*(?=\S)", re.IGNORECASE
)

_WORD: Final = re.compile(r"^[\s:–-]*(?:เรื่อง(?=[\s:])[\s:]*)?")


def letter_subject(subject: str, answered: str = "") -> str:
    """Give the เรื่อง for the register; ``answered`` is that of the letter this answers."""
    words = _bare(clean_subject(_CIRCULAR.sub("", tidy(subject))))
    if answered and (not words or fold(answered) in fold(words)):
        return answered
    return words[:1000] or NO_SUBJECT


def is_circular(subject: str, text: str = "") -> bool:
    """Say whether ว stands in front of the subject, or the text says หนังสือเวียน."""
    return bool(_CIRCULAR.match(tidy(subject))) or "หนังสือเวียน" in tidy(text[:2000])


def _bare(words: str) -> str:
    """Take a number in front off, and the word เรื่อง; both have columns of their own."""
    found = find(words)
    rest = words[found[0][2] :] if found and found[0][1] == 0 else words
    return _WORD.sub("", rest) or words
