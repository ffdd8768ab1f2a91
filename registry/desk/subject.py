"""The Subject of a mail, and the เรื่อง that stands in it.

Mail clients put Re: and [EXTERNAL] in front of a Subject, clerks put the urgency, the letter's
number and the word เรื่อง there, our own copies the receive number and the sender. All of these
have columns of their own in a register, so the front is peeled off, layer by layer, until what is
left is the matter itself (ข้อ 11: เรื่อง is the short gist of the letter).

Nothing is taken from the middle or the end, and a layer is taken only where words are left behind
it: a Subject that says anything never becomes empty. Round brackets may belong to the matter, as
in "(ร่าง) ระเบียบ", and stay unless they hold the urgency.
"""

import re
from typing import Final

from wcwidth import wcwidth

from registry.letter.number import find
from registry.thai.dates import find_dates
from registry.thai.text import fold, tidy

_ANSWER: Final = re.compile(
    r"^\s*(?:re|aw|sv|ตอบ|ตอบกลับ|fwd?|fw|ส่งต่อ)(?:\[\d+\])?\s*[:：]\s*", re.IGNORECASE
)
_TAG: Final = re.compile(r"^\s*(?:\[[^\]]{0,60}\]|【[^】]{0,60}】)\s*")
_URGENT: Final = re.compile(
    r"^\s*(?:[\[(【<*]\s*ด่วน(?:ที่สุด|มาก)?\s*[\])】>*]"
    r"|ด่วน(?:ที่สุด|มาก)?(?=[\s:!–-]|(?:เลข)?ที่\s|$))[\s:!–-]*"
)
_RECEIVED: Final = re.compile(r"^เลขรับ\s*[0-9๐-๙]{1,6}/[0-9๐-๙]{4}(?:\s*จาก[^:]{1,300})?:\s*")
_LABEL: Final = re.compile(r"^[\s:–-]*เรื่อง(?:\s*:|(?=\s))\s*")
_BEFORE_NUMBER: Final = re.compile(
    r"(?:จองเลขแล้ว\s*)?(?:หนังสือ(?:ราชการ|เวียน)?\s*)?(?:ด่วน(?:ที่สุด|มาก)?\s*)?(?:(?:เลข)?ที่)?\s*:?\s*"
)
_WHOSE_NUMBER: Final = re.compile(r"หนังสือ[^0-9๐-๙:]{1,100}?(?:เลข)?ที่\s*:?\s*")
_DATED: Final = re.compile(r"[\s,]*(?:ลงวันที่|ลว\.?|วันที่)?\s*")
_MOST_SHOWN: Final = 120  # characters of a matter in the Subject of a mail that we write
_ELLIPSIS: Final = "…"
_LEADING_VOWELS: Final = "เแโใไ"
_GOES_ON: Final = re.compile(r"\s*(?:และ|กับ|หรือ|,|/|ถึงที่|[–-]\s*[0-9๐-๙])")
_SAYS_SOMETHING: Final = re.compile(r"[^\W\d_]")


def clean_subject(subject: str) -> str:
    """Return the matter that a Subject names, on one line; "" where it names none (``Re:``)."""
    rest = " ".join(tidy(subject).split())
    while (shorter := _peel(rest)) != rest:
        rest = shorter
    return rest


def is_answer(subject: str) -> bool:
    """Say whether the Subject begins like that of an answer or a forward."""
    return bool(_ANSWER.match(tidy(subject)))


def in_brief(subject: str) -> str:
    """Return the matter as a Subject of ours shows it: cut at a space, ending in …, if it is long.

    Registers, and the texts of mails, always carry it whole.
    """
    if len(subject) <= _MOST_SHOWN:
        return subject
    kept = subject[: _MOST_SHOWN - 1]
    space = len(kept) if subject[len(kept)].isspace() else kept.rfind(" ")
    if space < _MOST_SHOWN // 2:
        space = _between_letters(subject, len(kept))
    return kept[:space].rstrip() + _ELLIPSIS


def repeats(subject: str, earlier: str) -> bool:
    """Say whether a Subject still carries an earlier matter, whole or as ``in_brief`` cut it."""
    brief = in_brief(earlier).removesuffix(_ELLIPSIS) if _ELLIPSIS in subject else earlier
    return fold(brief) in fold(subject)


def _between_letters(text: str, at: int) -> int:
    """Go back to where neither a mark is cut from its consonant nor a vowel written before it."""
    while at > 1 and (
        wcwidth(text[at]) < 1 or text[at] in "ะาำๅๆฯ" or text[at - 1] in _LEADING_VOWELS
    ):
        at -= 1
    return at


def _peel(subject: str) -> str:
    """Take off one layer of each kind that is there."""
    for pattern in (_ANSWER, _URGENT):
        subject = pattern.sub("", subject, count=1)
    for layer in (_untagged, _unreceived, _unnumbered, _unlabelled):
        shorter = layer(subject)
        subject = shorter if _SAYS_SOMETHING.search(shorter) else subject
    return subject.strip()


def _untagged(subject: str) -> str:
    return _TAG.sub("", subject, count=1)


def _unreceived(subject: str) -> str:
    return _RECEIVED.sub("", subject, count=1)


def _unlabelled(subject: str) -> str:
    return _LABEL.sub("", subject, count=1)


def _unnumbered(subject: str) -> str:
    """Return what follows ``ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔ ลงวันที่ … เรื่อง`` at the front, else all of it.

    Behind the name of an agency only the word เรื่อง shows that the number was not the matter.
    """
    numbers = find(subject[:400])
    if not numbers:
        return subject
    _, start, end = numbers[0]
    before, behind = subject[:start], _undated(subject[end:])
    if _BEFORE_NUMBER.fullmatch(before):
        return subject if _GOES_ON.match(behind) else behind.lstrip(" :–-")
    named = _WHOSE_NUMBER.fullmatch(before) and _LABEL.match(behind)
    return behind if named else subject


def _undated(behind: str) -> str:
    """Take off the date that stands directly at the front."""
    lead = _DATED.match(behind)
    at = lead.end() if lead else 0
    dates = find_dates(behind[: at + 60])
    return behind[dates[0][2] :] if dates and dates[0][1] == at else behind
