"""What else is known of a field that was read, in a line of Thai: for pages and commands alike.

A field's value is told by :func:`registry.paper_fields.in_words`; here is what stands beside it:
other values that it may have, why it is doubted, what the mail says, quantity, position, telephone.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from registry.letter.paper import PaperField
from registry.paper_fields import in_words
from registry.thai.dates import long_date
from registry.thai.numerals import to_thai

_ODD: Final[Mapping[str, str]] = {
    "before_letter": "ก่อนวันที่ของหนังสือ", "after_letter": "หลังวันที่ของหนังสือ",
    "after_stamp": "หลังวันที่ในตรารับ", "long_after": "หลังวันที่ของหนังสือเกินสองปี",
    "future": "หลังวันที่ได้รับ", "year": "เลขท้ายดูเป็นปี พ.ศ.",
    "more": "มีตัวเลขหรือตัวอักษรต่อท้ายเลข", "passed": "พ้นกำหนดแล้วเมื่อได้รับหนังสือ",
    "long_ago": "ก่อนวันที่ได้รับเกินสิบปี", "letters": "อีเมลนี้มีหนังสือมากกว่าหนึ่งฉบับ",
}  # fmt: skip


def more_of(one: PaperField) -> str:
    """Say what else is known of a field; "" where there is nothing to say."""
    facts = one.facts
    said = []
    if candidates := facts.get("candidates"):
        said.append("พบหลายค่า: " + ", ".join(to_thai(_day(str(each))) for each in candidates))
    if (odd := str(facts.get("odd", ""))) in _ODD:
        said.append(_ODD[odd])
    if facts.get("no_day"):
        said.append("ไม่มีวันนี้ในปฏิทิน")
    if facts.get("damaged"):
        said.append("อ่านเลขได้ไม่ครบ โปรดดูตัวหนังสือ")
    if (mail := facts.get("mail")) and one.name != "contact":
        said.append(f"อีเมลว่า {in_words(replace(one, value=str(mail)))}")
    if facts.get("link"):
        said.append("ไฟล์อยู่ในระบบนี้" if facts.get("ours") else "ลิงก์ภายนอก ระบบไม่ได้เก็บไว้")
    if quantity := facts.get("quantity"):
        said.append(to_thai(f"จำนวน {quantity} {facts.get('unit', '')}".strip()))
    if (position := facts.get("position")) and str(position) != one.value:
        said.append(" ปฏิบัติราชการแทน ".join([str(position), *facts.get("acting_for", ())]))
    said += [to_thai(str(facts[key])) for key in ("phone", "entity") if facts.get(key)]
    if mail and one.name == "contact":  # with its figures as they are: ๑ for 1 leads elsewhere
        said.append(str(mail))
    return " · ".join(said)


def _day(text: str) -> str:
    """Give a day in words, anything else as it is."""
    try:
        return long_date(date.fromisoformat(text))
    except ValueError:
        return text
