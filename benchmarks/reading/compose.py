"""Letters of our own invention, as offices write them, each with the truth about it.

All kinds that pass between offices (ข้อ 10-27): หนังสือภายนอก, ประทับตรา, บันทึกข้อความ and คำสั่ง. The
same seed and place in the row give the same letter.
"""

import random
from datetime import date, timedelta
from typing import Any, Final

from benchmarks.reading import words
from benchmarks.reading.letter import Letter, Look
from benchmarks.reading.offices import Office
from benchmarks.reading.parts import Parts, month

FONTS: Final = (
    ("Sarabun", 11.5),
    ("Laksaman", 16),
    ("Laksaman", 15),
    ("Laksaman", 16),
    ("Norasi", 13),
    ("Garuda", 12),
    ("Kinnari", 13),
    ("Loma", 12),
    ("Waree", 11),
    ("Umpush", 13),
    ("Sarabun", 12.5),
    ("Norasi", 12),
)


def compose(seed: int, place: int) -> Letter:
    """Give the letter at this place of the row."""
    return _Writer(random.Random(f"{seed} {place}"), place).letter()


class _Writer(Parts):
    def __init__(self, chance: random.Random, place: int) -> None:
        super().__init__(chance)
        self.place = place

    def letter(self) -> Letter:
        kind = self.chance.choices(("external", "stamped", "memo", "order"), (66, 10, 17, 7))[0]
        office = self.office()
        font, size = FONTS[self.place % len(FONTS)]
        thai = self.chance.random() < 0.78
        look = Look(
            font,
            size,
            thai,
            self.chance.random() < 0.75,
            self.chance.random() < 0.8,
            self.chance.random() < 0.85,
            self.chance.choice((25.0, 30.0, 30.0)),
        )
        day = date(2018, 1, 1) + timedelta(days=self.chance.randrange(3000))
        return getattr(self, f"_{kind}")(office, look, day)

    def _external(self, office: Office, look: Look, day: date) -> Letter:
        subject = self.subject(day)
        number, printed = self.number(office)
        citations, references = self.references(day)
        enclosed, enclosures = self.enclosures()
        body, due, task, second = self.body(day)
        acting, position = self.position(office)
        name = self.person()
        unit, contact = self.contact(office)
        stamp, stamped = self.stamp(day, look)
        letter = Letter(
            "external",
            look,
            printed,
            office.head,
            self.long(day),
            subject,
            self.chance.choices(("เรียน", "กราบเรียน"), (9, 1))[0],
            self.addressee(),
            body,
            "ขอแสดงความนับถือ",
            name,
            position,
            unit,
            urgency=self.urgency(),
            secrecy="ลับ" if self.chance.random() < 0.04 else "",
            references=references,
            enclosures=enclosures,
            stamp=stamp,
            break_before=second,
        )
        self._head(letter, number, office.head[0], day)
        _lists(letter, citations, enclosed, due, task)
        letter.says("signer", name, **acting)
        letter.says("contact", unit[0], **contact)
        if stamped:
            letter.says("stamp", stamped["number"], **stamped)
        return letter

    def _stamped(self, office: Office, look: Look, day: date) -> Letter:
        """หนังสือประทับตรา: ถึง, no closing, the office's name instead of a signature (ข้อ 14)."""
        number, printed = self.number(office)
        to = self.addressee()
        body, due, task, _ = self.body(day)
        body = tuple(text.replace("จึงเรียนมา", "จึงแจ้งมา") for text in body)
        unit, contact = self.contact(office)
        letter = Letter(
            "stamped",
            look,
            printed,
            (),
            self.long(day),
            "",
            "ถึง",
            to,
            body,
            office.name,
            "",
            (),
            unit,
            urgency=self.urgency(),
        )
        self._head(letter, number, "", day)
        _lists(letter, [], [], due, task)
        letter.says("contact", unit[0], **contact)
        return letter

    def _memo(self, office: Office, look: Look, day: date) -> Letter:
        subject = self.subject(day)
        number, printed = self.number(office)
        body, due, task, _ = self.body(day)
        name = self.person()
        acting, position = self.position(office)
        phone = f"{self.chance.randrange(1000, 9999)}"
        letter = Letter(
            "memo",
            look,
            printed,
            (f"{office.units[0]} {office.units[1]} โทร. {phone}",),
            self.long(day),
            subject,
            "เรียน",
            self.addressee(),
            body,
            "",
            name,
            position,
            (),
            urgency=self.urgency(),
        )
        self._head(letter, number, " ".join(office.units), day)
        _lists(letter, [], [], due, task)
        letter.says("signer", name, **acting)
        return letter

    def _order(self, office: Office, look: Look, day: date) -> Letter:
        subject = "แต่งตั้งคณะกรรมการ" + self.pick("matters")
        name = self.person()
        body = (
            words.sentence("order").format(matter=self.pick("matters")),
            *(
                f"{at}. {self.person()} {post}"
                for at, post in enumerate(("ประธานกรรมการ", "กรรมการ", "กรรมการและเลขานุการ"), 1)
            ),
            "ทั้งนี้ ตั้งแต่บัดนี้เป็นต้นไป",
        )
        printed = f"{self.chance.randrange(1, 999)}/{day.year + 543}"
        letter = Letter(
            "order",
            look,
            printed,
            (f"คำสั่ง{office.name}",),
            f"{day.day} {month(day)} พ.ศ. {day.year + 543}",
            subject,
            "",
            "",
            body,
            "",
            name,
            (office.chief,),
            (),
        )
        letter.says("dated", day.isoformat())
        letter.says("subject", subject)
        letter.says("signer", name, position=office.chief, acting_for=[])
        return letter

    def _head(self, letter: Letter, number: str, owner: str, day: date) -> None:
        letter.says("number", number)
        letter.says("dated", day.isoformat())
        for name, value in (
            ("owner", owner),
            ("subject", letter.subject),
            ("to", letter.to),
            ("urgency", letter.urgency),
            ("secrecy", letter.secrecy),
        ):
            if value:
                letter.says(name, value)


def _lists(
    letter: Letter,
    citations: list[dict[str, Any]],
    enclosed: list[dict[str, Any]],
    due: str,
    task: dict[str, str],
) -> None:
    for text, facts in zip(letter.references, citations, strict=True):
        letter.says("reference", _bare(text), **facts)
    for facts in enclosed:
        rest = dict(facts)
        letter.says("enclosure", rest.pop("text"), **rest)
    if due:
        letter.says("due", due)
    if task:
        letter.says("task", task["text"], whom=task["whom"])


def _bare(text: str) -> str:
    return text[3:] if text[1:3] == ". " else text
