"""The parts of a letter (ข้อ 11), drawn by chance, each with the truth about it."""

from datetime import date, timedelta
from typing import Any, Final

from benchmarks.reading import words
from benchmarks.reading.letter import Look, Stamp
from benchmarks.reading.offices import Office, Offices

WEEK: Final = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")


class Parts(Offices):
    """Draws the parts of letters."""

    def subject(self, day: date) -> str:
        """Give a เรื่อง."""
        tail = self.pick("tails").format(year=day.year + 543, n=self.chance.randrange(1, 9))
        return f"{self.pick('doings')}{self.pick('matters')} {tail}".strip()

    def references(self, day: date) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
        """Give what is cited, and how it is printed."""
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
        """Give what is enclosed, and how it is printed."""
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
        """Give the paragraphs, the day asked for, what to pass on, and what begins page two."""
        when = day + timedelta(days=self.chance.randrange(1, 40))
        told = {
            "whom": self.office().name,
            "matter": self.pick("matters"),
            "n": self.chance.randrange(2, 9),
            "day": when.day,
            "month": month(when),
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

    def position(self, office: Office) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Give who signs and for whom, and the lines of it."""
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

    def contact(self, office: Office) -> tuple[tuple[str, ...], dict[str, str]]:
        """Give the last lines, and the phone in them."""
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

    def stamp(self, day: date, look: Look) -> tuple[Stamp | None, dict[str, str]]:
        """Give a receive stamp in every fifth letter, and what it says."""
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

    def long(self, day: date) -> str:
        """Give a date as letters have it."""
        return f"{day.day} {month(day)} {day.year + 543}"


def _numbered(texts: list[str]) -> tuple[str, ...]:
    return tuple(f"{at}. {text}" if len(texts) > 1 else text for at, text in enumerate(texts, 1))


def month(day: date) -> str:
    """Give the name of the month."""
    return str(words.some("months")[day.month - 1])
