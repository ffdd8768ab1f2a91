"""Words and colours of states, urgencies and trust: the colour never stands without its word."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from registry.awaiting import Awaiting
from registry.letter.delivery import DeliveryState
from registry.letter.vouched import FORGED, PROVEN, what_to_do


class Tag(NamedTuple):
    """A word on a ground: red for what is wrong or urgent, amber waits, green is proven."""

    word: str
    colour: str = ""


LETTER_STATES: Final[Mapping[str, Tag]] = {
    "waiting": Tag("รอลงรับ", "amber"),
    "secret": Tag("รอนายทะเบียนข้อมูลข่าวสารลับ", "amber"),
    "registered": Tag("ลงรับแล้ว", "green"),
    "duplicate": Tag("แนบกับเลขรับเดิม"),
    "acknowledgement": Tag("ตอบรับ"),
    "bounce": Tag("ตีกลับ", "red"),
    "note": Tag("บันทึกท้ายหนังสือ"),
    "automatic": Tag("ข้อความอัตโนมัติ"),
    "draft": Tag("รอออกเลข", "amber"),
    "sent": Tag("ส่งแล้ว", "green"),
    "returned": Tag("ส่งคืนแล้ว"),
    "withdrawn": Tag("เรียกคืนแล้ว"),
}
_OF_NUMBERS: Final = {"reserved": Tag("จองเลขไว้", "amber"), "void": Tag("ยกเลิกเลข", "red")}
_BAD: Final = frozenset({"failed", "bounced", "wrong", "overdue"})


def delivery(state: str) -> Tag:
    """Say how far a delivery has come."""
    word = DeliveryState(state).thai
    if state in _BAD:
        return Tag(word, "red")
    return Tag(word, "green" if state == "registered" else "")


def found(state: str, place: str) -> Tag:
    """Say what state a letter is in that was found; ``place`` is that of its number, or ""."""
    if state != "registered" or not place:
        return _OF_NUMBERS.get(state) or LETTER_STATES[state]
    return Tag("ลงรับแล้ว" if place.startswith("รับ") else "ออกเลขแล้ว", "green")


def urgency(word: str) -> Tag | None:
    """Say ด่วน, ด่วนมาก, ด่วนที่สุด; None for an ordinary letter."""
    return Tag(word, "red") if word else None


def trust(line: Awaiting) -> Tag:
    """Say whether somebody vouches for the sender."""
    if line.authenticated and line.known:
        return Tag(PROVEN, "green")
    if line.authenticated:
        return Tag("ผู้ส่งไม่อยู่ในทำเนียบ", "amber")
    return Tag("น่าจะปลอม", "red") if is_forged(line.trust) else Tag("ยังไม่ยืนยันผู้ส่ง", "amber")


def is_forged(verdict: Mapping[str, Any]) -> bool:
    """Say whether the domain that the mail names says that it is none of its own."""
    return what_to_do(verdict) == FORGED


def browser(agent: str) -> str:
    """Say in brief which browser on what an agent's text (RFC 9110 §10.1.5) names."""
    program = next((word for sign, word in _PROGRAMS if sign in agent), "โปรแกรมอื่น")
    machine = next((word for sign, word in _MACHINES if sign in agent), "")
    return f"{program} บน {machine}" if machine else program


_PROGRAMS: Final = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
_MACHINES: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
