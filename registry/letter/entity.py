"""Who writes and who works: legal entities, their units, their officers.

A letter is written by a legal entity (ส่วนราชการที่เป็นนิติบุคคล): a ministry, a department,
a province, a local body. It owns the letter code, the books and the central address.
A unit (หน่วยงานเจ้าของเรื่อง) owns the matter and has the people. An officer belongs to one
entity and is known by the address they send from.

Codes name entities, units and groups in commands and, behind a plus, in dispatch
addresses; so they must be safe in both, and none may look like a token of ours
(``r-…``, ``b-…``, ``number``).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from registry.errors import NotUnderstood
from registry.letter.grades import Secrecy

_CODE: Final = re.compile(r"[\w.\-\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{1,40}")
_RESERVED: Final = re.compile(r"[rb]-.*|number", re.IGNORECASE)


class Role(StrEnum):
    """What an officer may do."""

    CLERK = "clerk"  # sends and answers for their unit
    OFFICER = "officer"  # registers, accepts, returns
    SECRET_OFFICER = "secret-officer"  # noqa: S105 - the same for secret letters
    AUDITOR = "auditor"  # reads everything ordinary, changes nothing
    ADMIN = "admin"  # keeps entities, units, officers; no letters

    @property
    def thai(self) -> str:
        """The office's word."""
        return _ROLES[self]


_ROLES: Final = {
    Role.CLERK: "เจ้าหน้าที่",
    Role.OFFICER: "เจ้าหน้าที่สารบรรณ",
    Role.SECRET_OFFICER: "นายทะเบียนข้อมูลข่าวสารลับ",
    Role.AUDITOR: "ผู้ตรวจสอบ",
    Role.ADMIN: "ผู้ดูแลระบบ",
}


@dataclass(frozen=True, slots=True)
class LegalEntity:
    """One legal entity of the directory, hosted here or elsewhere.

    ``central_address`` and ``domains`` are folded. ``letter_code`` is a sender code such
    as ``มท 0810``, or "" where unknown. ``max_message_bytes`` is the most *encoded* bytes
    its server takes, None where unknown. ``knows_tags``: its mailbox takes
    ``saraban+tag@``. ``separate_circulars``: ว letters run in a series of their own. ``readers``
    says how far people who are bound to a unit see: ``unit`` or ``entity``.
    """

    id: int
    code: str
    name: str
    central_address: str
    domains: tuple[str, ...]
    letter_code: str
    hosted: bool
    max_message_bytes: int | None
    knows_tags: bool
    separate_circulars: bool
    phone: str = ""
    province: str = ""
    district: str = ""
    readers: str = "unit"

    def __post_init__(self) -> None:
        _check_code(self.code)

    @property
    def place(self) -> str:
        """Where it is, by which entities of one name are told apart: อ.สอง จ.แพร่; "" if unknown."""
        district = f"อ.{self.district.removeprefix('อำเภอ')}" if self.district else ""
        province = f"จ.{self.province.removeprefix('จังหวัด')}" if self.province else ""
        return f"{district} {province}".strip()


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of an entity.

    ``boxes`` are the mailboxes its letters are delivered to, whole (``full``) or as a
    notice with a link (``notice``). ``letter_code`` is "" where the entity's own serves.
    ``keeps_books``: it gives numbers of its own. ``above`` is the code of the unit that it
    belongs to, whose people see its letters, "" for none.
    """

    id: int
    entity_code: str
    code: str
    name: str
    boxes: tuple[str, ...]
    delivery: Literal["full", "notice"]
    letter_code: str
    keeps_books: bool
    above: str = ""

    def __post_init__(self) -> None:
        _check_code(self.code)


@dataclass(frozen=True, slots=True)
class Officer:
    """One person; ``email`` is folded, ``unit_code`` is "" for those of no unit.

    ``clearance`` bounds what an officer of secret letters sees; None for every grade.
    """

    id: int
    email: str
    entity_code: str
    unit_code: str
    name: str
    role: Role
    disabled: bool
    clearance: Secrecy | None = None

    @property
    def grade(self) -> Secrecy | None:
        """The gravest marking of letters that this person may see, None for no marked letter."""
        if self.role is not Role.SECRET_OFFICER:
            return None
        return self.clearance or Secrecy.TOP_SECRET

    @property
    def cleared(self) -> bool:
        """Whether letters of every marking may be seen."""
        return self.grade is Secrecy.TOP_SECRET


def _check_code(code: str) -> None:
    if not _CODE.fullmatch(code) or _RESERVED.fullmatch(code):
        raise NotUnderstood(
            "not usable as a code",
            text=code,
            thai=f"ใช้ “{code}” เป็นรหัสไม่ได้ โปรดใช้ตัวอักษร ตัวเลข จุด หรือขีด ไม่เกิน 40 ตัว "
            "และไม่ขึ้นต้นด้วย r- หรือ b-",
        )
