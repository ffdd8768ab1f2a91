"""Letters of our own invention, as offices write them, each with the truth about it.

All kinds that pass between offices (ข้อ 10-27): หนังสือภายนอก, ประทับตรา, บันทึกข้อความ and คำสั่ง. The
same seed and place in the row give the same letter.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from benchmarks.reading import words
from benchmarks.reading.letter import Letter, Look, Stamp

APART: Final = ("ว่าที่ร้อยตรี",)
WEEK: Final = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
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


@dataclass(frozen=True, slots=True)
class _Office:
    name: str  # as it is cited
    head: tuple[str, ...]  # as it stands at the top
    code: str
    owner: str
    chief: str
    deputy: str
    units: tuple[str, ...]


class _Writer:
    def __init__(self, chance: random.Random, place: int) -> None:
        self.chance, self.place = chance, place

    def pick(self, name: str) -> Any:
        """Give one of a list of the words."""
        return self.chance.choice(words.some(name))

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

    def office(self) -> _Office:
        kind = self.chance.random()
        if kind < 0.6:
            return self._province() if kind < 0.42 else self._local()
        name, code, owner, chief = self.pick("departments")
        unit = self.pick("units")
        road = self.pick("roads")
        post = f"10{self.chance.randrange(10, 60)}0"
        code = "กค (กวจ)" if code == "กค" and self.chance.random() < 0.5 else code
        owner = f"{owner}{self.chance.randrange(1, 30):02}"
        owner += f".{self.chance.randrange(1, 9)}" if self.chance.random() < 0.6 else ""
        deputy = "รอง" + chief if self.chance.random() < 0.5 else "ผู้อำนวยการ" + unit[0]
        return _Office(name, (name, f"ถนน{road} กทม. {post}"), code, owner, chief, deputy, unit)

    def _province(self) -> _Office:
        code, name = self.chance.choice([one for one in words.provinces() if one[0] != "กท"])
        section, head, unit, group = self.pick("provincial")
        road = self.pick("roads")
        owner = f"00{section}" + (
            f".{self.chance.randrange(1, 6)}" if self.chance.random() < 0.7 else ""
        )
        deputy = head + name if self.chance.random() < 0.7 else "รองผู้ว่าราชการจังหวัด" + name
        return _Office(
            f"จังหวัด{name}",
            (f"ศาลากลางจังหวัด{name}", f"ถนน{road} {code} {self.chance.randrange(30, 96)}000"),
            code,
            owner,
            f"ผู้ว่าราชการจังหวัด{name}",
            deputy,
            (unit + name if unit.endswith("จังหวัด") else unit, group),
        )

    def _local(self) -> _Office:
        """เทศบาล and องค์การบริหารส่วนตำบล: five figures, an address without a road."""
        code, province = self.chance.choice(words.provinces()[2:])
        place, digits = self.pick("places"), self.chance.randrange(100, 999)
        post = f"{self.chance.randrange(30, 96)}{self.chance.randrange(10, 60)}0"
        if self.chance.random() < 0.5:
            name, chief, owner = f"เทศบาลเมือง{place}", f"นายกเทศมนตรีเมือง{place}", f"52{digits}"
            head, deputy = f"สำนักงานเทศบาลเมือง{place}", "ปลัดเทศบาล"
        else:
            name, owner = f"องค์การบริหารส่วนตำบล{place}", f"7{self.chance.randrange(1, 4)}{digits}"
            chief, head = f"นายก{name}", f"ที่ทำการ{name}"
            deputy = "ปลัดองค์การบริหารส่วนตำบล"
        address = f"อำเภอ{place} จังหวัด{province} {post}"
        units = tuple(self.chance.choice(words.some("local_units")))
        return _Office(name, (head, address), code, owner, chief, deputy, units)

    def _external(self, office: _Office, look: Look, day: date) -> Letter:
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

    def _stamped(self, office: _Office, look: Look, day: date) -> Letter:
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

    def _memo(self, office: _Office, look: Look, day: date) -> Letter:
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

    def _order(self, office: _Office, look: Look, day: date) -> Letter:
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
            f"{day.day} {_month(day)} พ.ศ. {day.year + 543}",
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

    def number(self, office: _Office) -> tuple[str, str]:
        """Give a letter number in normal form, and as this office prints it."""
        running = self.chance.choice(
            (
                self.chance.randrange(1, 99),
                self.chance.randrange(100, 9999),
                self.chance.randrange(1000, 29999),
            )
        )
        circular = self.chance.random() < 0.5
        normal = f"{office.code} {office.owner}/{'ว ' if circular else ''}{running}"
        between = (
            self.chance.choice(("ว ", "ว ", "ว", " ว "))
            if circular
            else self.chance.choice(("", "", "", " "))
        )
        return normal, f"{office.code} {office.owner}/{between}{running}"

    def subject(self, day: date) -> str:
        tail = self.pick("tails").format(year=day.year + 543, n=self.chance.randrange(1, 9))
        return f"{self.pick('doings')}{self.pick('matters')} {tail}".strip()

    def references(self, day: date) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
        count = self.chance.choices((0, 1, 2, 3), (25, 45, 22, 8))[0]
        facts, texts = [], []
        for _ in range(count):
            when = day - timedelta(days=self.chance.randrange(3, 700))
            if self.chance.random() < 0.15:
                matter = self.pick("matters")
                texts.append(f"มติคณะรัฐมนตรี เมื่อวันที่ {self.long(when)} เรื่อง {matter}")
                facts.append({"dated": when.isoformat(), "resolution": True})
            else:
                office = self.office()
                number, printed = self.number(office)
                urgency = self.urgency()
                said = " ".join(
                    filter(
                        None,
                        (
                            f"หนังสือ{office.name}",
                            urgency,
                            f"ที่ {printed}",
                            f"ลงวันที่ {self.long(when)}",
                        ),
                    )
                )
                texts.append(said)
                facts.append(
                    {"entity": office.name, "number": number, "dated": when.isoformat()}
                    | ({"urgency": urgency} if urgency else {})
                )
        return facts, _numbered(texts)

    def enclosures(self) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
        count = self.chance.choices((0, 1, 2, 3), (20, 45, 23, 12))[0]
        chosen = self.chance.sample(words.some("enclosed"), count)
        facts = [
            {"text": text, "quantity": self.chance.choice((1, 1, 1, 2, 3, 5)), "unit": unit}
            for text, unit in chosen
        ]
        return facts, _numbered(
            [f"{one['text']} จำนวน {one['quantity']} {one['unit']}" for one in facts]
        )

    def body(self, day: date) -> tuple[tuple[str, ...], str, dict[str, str], int]:
        when = day + timedelta(days=self.chance.randrange(1, 40))
        told = {
            "whom": self.office().name,
            "matter": self.pick("matters"),
            "n": self.chance.randrange(2, 9),
            "day": when.day,
            "month": _month(when),
            "year": when.year + 543,
            "money": f"{self.chance.randrange(1, 900)},{self.chance.randrange(0, 10)}00",
        }
        texts = [
            self.pick("openings"),
            *self.chance.sample(words.some("middles"), self.chance.randrange(1, 4)),
        ]
        second = 0
        if self.chance.random() < 0.22:
            texts += self.chance.sample(words.some("middles"), 3)
            second = len(texts) - 2
        texts = [text.format(**told) for text in texts]
        due = ""
        if self.chance.random() < 0.4:
            until = day + timedelta(days=self.chance.randrange(5, 60))
            due = until.isoformat()
            texts.append(self.pick("dues").format(due=self.long(until), week=WEEK[until.weekday()]))
        ask, task = self.pick("asks"), {}
        if self.chance.random() < 0.12:
            whom, text = self.pick("tasks")
            ask, task = f"{ask} {text}", {"whom": whom, "text": text}
        return (*texts, ask), due, task, second

    def position(self, office: _Office) -> tuple[dict[str, Any], tuple[str, ...]]:
        if self.chance.random() < 0.35:
            return {"position": office.chief, "acting_for": []}, (office.chief,)
        word = self.chance.choice(("ปฏิบัติราชการแทน", "ปฏิบัติราชการแทน", "รักษาราชการแทน"))
        if self.chance.random() < 0.15 and not office.deputy.startswith("รอง"):
            own = "ผู้เชี่ยวชาญเฉพาะด้านนโยบายและแผน"
            lines = (f"{own} รักษาการในตำแหน่ง", f"{office.deputy} {word}", office.chief)
            return {"position": own, "acting_for": [office.deputy, office.chief]}, lines
        return {"position": office.deputy, "acting_for": [office.chief]}, (
            f"{office.deputy} {word}",
            office.chief,
        )

    def contact(self, office: _Office) -> tuple[tuple[str, ...], dict[str, str]]:
        phone = self.phone()
        line = self.chance.choice(
            (f"โทร. {phone}", f"โทรศัพท์ {phone}", f"โทร. {phone} โทรสาร {self.phone()}")
        )
        mail = (
            (f"ไปรษณีย์อิเล็กทรอนิกส์ saraban@{self.chance.choice(('office', 'dept', 'prov'))}.go.th",)
            if self.chance.random() < 0.3
            else ()
        )
        return (*office.units, line, *mail), {"phone": phone}

    def phone(self) -> str:
        chance = self.chance
        area = f"{chance.choice((2, 5, 7, 3, 4))}{chance.randrange(100, 999)}"
        own = f"0-{area}-{chance.randrange(1000, 9999)}"
        return f"{own} ต่อ {chance.randrange(10, 4000)}" if chance.random() < 0.3 else own

    def stamp(self, day: date, look: Look) -> tuple[Stamp | None, dict[str, str]]:
        if self.chance.random() > 0.22:
            return None, {}
        who = self.office().head[0]
        came = day + timedelta(days=self.chance.randrange(1, 9))
        number = str(self.chance.randrange(10, 19999))
        time = f"{self.chance.randrange(8, 17):02}.{self.chance.randrange(0, 60):02}"
        printed = f"{came.day} {words.some('short_months')[came.month - 1]} {came.year + 543}"
        lines = (f"เลขรับ {number}", f"วันที่ {printed}", f"เวลา {time} น.")
        facts = {
            "entity": who,
            "number": number,
            "dated": came.isoformat(),
            "time": time.replace(".", ":"),
        }
        return Stamp(
            who, lines, self.chance.choice(((30, 30, 150), (150, 20, 60), (20, 20, 20)))
        ), facts

    def addressee(self) -> str:
        kind = self.chance.randrange(4)
        if kind == 0:
            return self.chance.choice(
                (
                    "ผู้ว่าราชการจังหวัด ทุกจังหวัด",
                    "นายอำเภอ ทุกอำเภอ",
                    "หัวหน้าส่วนราชการประจำจังหวัดทุกส่วนราชการ",
                )
            )
        if kind == 1:
            return "นายอำเภอ (ทุกอำเภอ) นายกองค์การบริหารส่วนจังหวัด และนายกเทศมนตรีเมืองทุกแห่ง"
        return self.office().chief

    def urgency(self) -> str:
        return self.chance.choices(("", "ด่วน", "ด่วนมาก", "ด่วนที่สุด"), (60, 8, 10, 22))[0]

    def person(self) -> str:
        title, first, last = (self.pick(name) for name in ("titles", "first", "last"))
        return f"{title}{' ' if title in APART else ''}{first} {last}"

    def long(self, day: date) -> str:
        return f"{day.day} {_month(day)} {day.year + 543}"


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


def _numbered(texts: list[str]) -> tuple[str, ...]:
    return tuple(f"{at}. {text}" if len(texts) > 1 else text for at, text in enumerate(texts, 1))


def _bare(text: str) -> str:
    return text[3:] if text[1:3] == ". " else text


def _month(day: date) -> str:
    return words.some("months")[day.month - 1]
