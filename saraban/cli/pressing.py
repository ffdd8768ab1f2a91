"""What ``letter show`` says of time: when a letter counts as received, by when to deal with it."""

from collections.abc import Iterator
from datetime import datetime

from registry.desk.context import Desk
from registry.desk.due import deal_by
from registry.letter.entry import Entry
from registry.letter.times import came_outside_hours
from registry.letters import Letter
from registry.thai.numerals import to_thai
from saraban.times import when


def pressing(desk: Desk, one: Entry | Letter, now: datetime) -> Iterator[tuple[str, str]]:
    """Give the facts, name by name; none of what we write ourselves."""
    if isinstance(one, Letter) and one.direction == "in":
        yield ("ถือว่าได้รับ", when(one.deemed_received_at))
    if one.accepted_at and came_outside_hours(one.accepted_at, one.deemed_received_at):
        why = desk.workdays.why_closed(one.accepted_at)
        yield ("", to_thai(f"เข้ามานอกเวลาราชการ {why}").strip())
    if by := deal_by(desk, one):
        named = "มีผู้กำหนด" if by.asked else "ตามชั้นความเร็ว"
        late = " เลยเวลาแล้ว" if by.at < now else ""
        yield ("ให้ดำเนินการภายใน", f"{when(by.at)} ({named}){late}")
