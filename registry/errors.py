"""The errors of this system: one tree, two texts each.

The tree::

    SarabanError                 exit code 1
    ├── NotUnderstood            2   text could not be read as the thing it should be
    ├── NotFound                 1   no such letter, entity, officer, number, …
    ├── Conflict                 1   the thing is there, but its state forbids the act
    ├── NotAllowed               1   this person may not do this
    └── OutOfOrder               3   cannot run at all: old schema, full disk, bad settings

Every error carries an English message for logs, ``str(error)``, and a Thai text for
people, ``error.thai``, which says what to do next. The English message must not
repeat what a letter says: a subject may be secret, and logs are read by many.

Subclasses that travel, such as SMTP refusals, live with the part that raises them.
"""

from typing import ClassVar


class SarabanError(Exception):
    """Something this system expected might go wrong, and did.

    ``thai`` replaces the class's own text for people when the raiser knows better.
    ``exit_code`` is what a command that ends on this error returns to the shell.
    """

    exit_code: ClassVar[int] = 1
    thai: str = "ระบบทำรายการนี้ไม่สำเร็จ โปรดลองอีกครั้ง หากยังไม่สำเร็จให้แจ้งผู้ดูแลระบบ"

    def __init__(self, message: str, *, thai: str | None = None) -> None:
        super().__init__(message)
        if thai is not None:
            self.thai = thai


class NotUnderstood(SarabanError, ValueError):
    """Text could not be read as the number, date or address it should be.

    ``text`` keeps what was given, so that a caller may show or repair it.
    """

    exit_code = 2
    thai = "ระบบอ่านข้อความนี้ไม่เข้าใจ โปรดตรวจตัวสะกดและรูปแบบ แล้วพิมพ์ใหม่"

    def __init__(self, message: str, *, text: str = "", thai: str | None = None) -> None:
        super().__init__(message, thai=thai)
        self.text = text


class NotFound(SarabanError):
    """What was asked for is not in any book or list that may be seen here."""

    thai = "ไม่พบรายการที่ขอ โปรดตรวจเลขที่ ปี และหน่วยงาน แล้วลองอีกครั้ง"


class Conflict(SarabanError):
    """The thing exists, but the state it is in does not allow this act."""

    thai = "ทำรายการนี้ไม่ได้ในสถานะปัจจุบัน โปรดเปิดดูสถานะล่าสุดของรายการก่อน"


class NotAllowed(SarabanError):
    """The person is known, but their role does not reach this far."""

    thai = "ท่านไม่มีสิทธิทำรายการนี้ โปรดติดต่อนายทะเบียนหรือผู้ดูแลระบบของหน่วยงาน"


class OutOfOrder(SarabanError):
    """The system cannot run as it stands; a person must put something right first."""

    exit_code = 3
    thai = "ระบบยังทำงานไม่ได้ โปรดแจ้งผู้ดูแลระบบให้รันคำสั่ง saraban doctor"
