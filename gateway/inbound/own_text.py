"""What the writer of an answer wrote, without the history that the mail client put below it.

Cut at the first of: our own line (:data:`gateway.quoting.REPLY_LINE`), "On … wrote:" and its Thai
forms, "-----Original Message-----", the block of From/Sent/To/Subject lines that Outlook makes in
English or Thai. Lines that begin with ``>`` go wherever they stand, and so does the signature
below ``--`` and the line a telephone adds. What an answer keeps between quoted lines is kept.

Most letters quote nothing. So each kind of line is first looked for in the whole text, by something
that must stand in every such line, and only the kinds that may be there are asked for line by line.

Limits: a heuristic by lines. The whole text is kept beside it; nothing is decided here.
"""

import re
from collections.abc import Callable
from typing import Final, TypeVar

from gateway.quoting import REPLY_LINE

_SAID: Final = re.compile(
    r"(?:(?:On|Am|Le|El)\s|เมื่อ|ใน\s*วันที่|วันที่|ณ\s*วันที่).{4,400}"
    r"(?:wrote|schrieb|a écrit|escribió|เขียนว่า|เขียน)\s*:\s*$"
)
_LEADS: Final = re.compile(r"\s*(?:On|Am|Le|El|เมื่อ|ใน|วันที่|ณ)")  # how _SAID begins
_ATTRIBUTED: Final = re.compile(r".{0,200}<[^<>\s]+@[^<>\s]+>.{0,40}(?:wrote|เขียนว่า|เขียน)\s*:\s*$")
_MAILBOX: Final = re.compile(r"<[^<>\s]+@[^<>\s]+>")
_ORIGINAL: Final = re.compile(
    r"\s*-{3,}\s*(?:Original Message|Forwarded message|ข้อความต้นฉบับ|ข้อความเดิม"
    r"|ข้อความที่ส่งต่อ|จดหมายต้นฉบับ)\s*-{3,}\s*$",
    re.IGNORECASE,
)
_FROM: Final = re.compile(r"\s*\*?(?:From|จาก|ผู้ส่ง)\s*:\*?\s*\S", re.IGNORECASE)
_HEADS: Final = re.compile(
    r"\s*\*?(?:Sent|To|Cc|Date|Subject|ส่ง|ส่งเมื่อ|วันที่|วันที่ส่ง|ถึง|สำเนา|สำเนาถึง"
    r"|เรื่อง|หัวเรื่อง|ชื่อเรื่อง)\s*:",
    re.IGNORECASE,
)
_RULE: Final = re.compile(r"\s*_{10,}\s*$")
_PHONE: Final = re.compile(
    r"\s*(?:Sent from (?:my|Mail|Outlook|Yahoo)|Get Outlook for|ส่งจาก|รับ Outlook สำหรับ).{0,80}$",
    re.IGNORECASE,
)
_MARK: Final = re.compile(r"[\s─—–-]+")
_REPLY: Final = _MARK.sub("", REPLY_LINE)

_OTHER_BREAKS: Final = "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"  # as str.splitlines has them

_May = Callable[[str], object]
_End = Callable[[str], object]
_Open = Callable[[list[str], int], object]
_Test = TypeVar("_Test")


# What must stand somewhere in a text for a line of that kind to be there.
_REPLY_WORDS: Final = re.compile(f"{_MARK.pattern[:-1]}*".join(map(re.escape, _REPLY)))
_VERBS: Final = ("wrote", "schrieb", "écrit", "escribió", "เขียน")
_VERB_WORDS: Final = re.compile(r"(?:wrote|schrieb|écrit|escribió|เขียนว่า|เขียน)\s*:")
_FROM_WORDS: Final = re.compile(r"(?:[Ff][Rr][Oo][Mm]|จาก|ผู้ส่ง)\s*:")


def own_text(text: str) -> str:
    """Return the part of a body that its sender wrote; "" when there is none.

    It is the text itself, not a copy, where all of it is.
    """
    ends, opens = _that_may_be(text, _ENDS), _that_may_be(text, _OPENS)
    quoted = ">" in text
    if not (ends or opens or quoted) and _stands_as_it_is(text):
        return text
    lines = text.splitlines()
    kept = lines[: _cut(lines, ends, opens)]
    if quoted:
        kept = [line for line in kept if not line.lstrip().startswith(">")]
    while kept and _says_nothing(kept[-1]):
        kept.pop()
    own = "\n".join(kept).strip()
    return text if own == text else own


def _stands_as_it_is(text: str) -> bool:
    """Whether to cut this text into lines and put it together again would change nothing."""
    last = text[text.rfind("\n") + 1 :]
    if text[:1].isspace() or text[-1:].isspace() or _says_nothing(last):
        return not text
    return not any(one in text for one in _OTHER_BREAKS)


def _says_nothing(line: str) -> object:
    """Whether a last line is none of the writer's words."""
    return not line.strip() or _PHONE.match(line) or _RULE.match(line)


def _cut(lines: list[str], ends: list[_End], opens: list[_Open]) -> int:
    """Return the number of lines that stand above quoted history and signature."""
    if not (ends or opens):
        return len(lines)
    for at, line in enumerate(lines):
        if any(is_end(line) for is_end in ends):
            return _above_attribution(lines, at)
        if any(begins(lines, at) for begins in opens):
            return at
    return len(lines)


def _that_may_be(text: str, kinds: tuple[tuple[_May, _Test], ...]) -> list[_Test]:
    return [test for may_be, test in kinds if may_be(text)]


def _is_reply_line(line: str) -> bool:
    return _REPLY[0] in line and _REPLY in _MARK.sub("", line.lstrip("> "))


def _opens_attribution(lines: list[str], at: int) -> bool:
    """Whether "On … wrote:" begins here, wrapped over at most three lines."""
    if not (_LEADS.match(lines[at]) or _MAILBOX.search(lines[at])):
        return False
    joined = ""
    for line in lines[at : at + 3]:
        if not line.strip() or line.lstrip().startswith(">"):
            return False
        joined = f"{joined} {line.strip()}".strip()[:600]
        if _SAID.match(joined) or (_MAILBOX.search(lines[at]) and _ATTRIBUTED.match(joined)):
            return True
    return False


def _opens_block(lines: list[str], at: int) -> bool:
    """Whether an Outlook block begins here: From, and two more of its lines just below."""
    if not _FROM.match(lines[at]):
        return False
    return sum(bool(_HEADS.match(line)) for line in lines[at + 1 : at + 7]) >= 2


def _above_attribution(lines: list[str], at: int) -> int:
    """Go up over empty and quoted lines, which only lead to the cut."""
    while at and (not lines[at - 1].strip() or lines[at - 1].lstrip().startswith(">")):
        at -= 1
    return at


def _is_signature(line: str) -> bool:
    return line.rstrip() == "--"


# To look for a word first is quick; a pattern of several words walks through every letter.
def _may_reply(text: str) -> object:
    return _REPLY[0] in text and _REPLY_WORDS.search(text)


def _may_attribute(text: str) -> object:
    return ":" in text and any(verb in text for verb in _VERBS) and _VERB_WORDS.search(text)


def _may_open_block(text: str) -> object:
    if ":" not in text:
        return False
    named = "จาก" in text or "ผู้ส่ง" in text or "from" in text.lower()
    return named and _FROM_WORDS.search(text)


_ENDS: Final[tuple[tuple[_May, _End], ...]] = (
    (lambda text: "-" in text and "--" in text, _is_signature),
    (lambda text: "-" in text and "---" in text, _ORIGINAL.match),
    (_may_reply, _is_reply_line),
)
_OPENS: Final[tuple[tuple[_May, _Open], ...]] = (
    (_may_attribute, _opens_attribution),
    (_may_open_block, _opens_block),
)
