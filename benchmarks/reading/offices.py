"""Offices of all kinds with their numbers, people and phones, drawn by chance."""

import random
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.reading import words

APART: Final = ("ว่าที่ร้อยตรี",)  # titles with room behind them


@dataclass(frozen=True, slots=True)
class Office:
    """An office that writes letters: ``name`` as it is cited, ``head`` as it stands at the top."""

    name: str
    head: tuple[str, ...]
    code: str
    owner: str
    chief: str
    deputy: str
    units: tuple[str, ...]


class Offices:
    """Draws offices; the same ``chance`` gives the same ones."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def pick(self, name: str) -> Any:
        """Give one of a list of the words."""
        return self.chance.choice(words.some(name))

    def office(self) -> Office:
        """Give an office of any kind."""
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
        return Office(name, (name, f"ถนน{road} กทม. {post}"), code, owner, chief, deputy, unit)

    def _province(self) -> Office:
        code, name = self.chance.choice([one for one in words.provinces() if one[0] != "กท"])
        section, head, unit, group = self.pick("provincial")
        road = self.pick("roads")
        owner = f"00{section}" + (
            f".{self.chance.randrange(1, 6)}" if self.chance.random() < 0.7 else ""
        )
        deputy = head + name if self.chance.random() < 0.7 else "รองผู้ว่าราชการจังหวัด" + name
        return Office(
            f"จังหวัด{name}",
            (f"ศาลากลางจังหวัด{name}", f"ถนน{road} {code} {self.chance.randrange(30, 96)}000"),
            code,
            owner,
            f"ผู้ว่าราชการจังหวัด{name}",
            deputy,
            (unit + name if unit.endswith("จังหวัด") else unit, group),
        )

    def _local(self) -> Office:
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
        return Office(name, (head, address), code, owner, chief, deputy, units)

    def number(self, office: Office) -> tuple[str, str]:
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

    def person(self) -> str:
        """Give a name."""
        title, first, last = (self.pick(name) for name in ("titles", "first", "last"))
        return f"{title}{' ' if title in APART else ''}{first} {last}"

    def phone(self) -> str:
        """Give a phone number."""
        chance = self.chance
        area = f"{chance.choice((2, 5, 7, 3, 4))}{chance.randrange(100, 999)}"
        own = f"0-{area}-{chance.randrange(1000, 9999)}"
        return f"{own} ต่อ {chance.randrange(10, 4000)}" if chance.random() < 0.3 else own

    def urgency(self) -> str:
        """Give a grade, or none."""
        return self.chance.choices(("", "ด่วน", "ด่วนมาก", "ด่วนที่สุด"), (60, 8, 10, 22))[0]

    def addressee(self) -> str:
        """Give whom it is for."""
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
