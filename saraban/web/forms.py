"""What a person sent with a form: fields read one by one, with words for what is wrong.

A page asks for each field by name and kind; what cannot be read is kept as it was typed and told
beside the field (``wrong``), so that the form is shown again and nothing is lost::

    form = visit.form
    dated = form.day("dated")
    subject = form.text("subject", need="โปรดพิมพ์เรื่อง")
    if form.wrong:
        return visit.page("compose", status=422)

``_version`` says which state of a thing the form was made from: :meth:`Form.must_be_fresh`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from registry.errors import Conflict, NotUnderstood
from registry.thai.dates import parse_date
from registry.thai.numerals import to_arabic
from registry.thai.text import tidy

_LONGEST: Final = 2000
_ONCE: Final = 64
_DIGITS: Final = 9
"""As many as a row's number may have in every database."""


class Stale(Conflict):
    """The form was made from a state that is no more."""

    thai = "มีผู้แก้ไขรายการนี้หลังจากที่ท่านเปิดหน้า โปรดดูข้อมูลล่าสุด แล้วทำรายการใหม่"


def version_of(*facts: object) -> str:
    """Give a short name of a state; two states that differ have different names."""
    return hashlib.sha256(repr(facts).encode("utf-8", "replace")).hexdigest()[:16]


class Form:
    """The fields of one form as they were sent, each a list of texts; empty for a GET."""

    def __init__(self, fields: Mapping[str, Sequence[str]], files: Mapping[str, Any]) -> None:
        self._fields = fields
        self.files = files
        self.wrong: dict[str, str] = {}

    @property
    def once(self) -> str:
        """The key by which a form sent twice is known; "" for none."""
        return self.raw("_once")[:_ONCE]

    @property
    def digest(self) -> str:
        """A short name of all that was sent: a form sent twice has the same, another has not."""
        return version_of(sorted(self._fields.items()), sorted(self.files))

    def raw(self, name: str) -> str:
        """Give a field as it was typed, to be shown again; "" when it was not sent."""
        return next(iter(self._fields.get(name, ())), "")

    def all(self, name: str) -> list[str]:
        """Give all values of a field that may stand several times (checkboxes)."""
        return list(self._fields.get(name, ()))

    def has(self, name: str) -> bool:
        """Say whether the field was sent at all (a button, a checkbox)."""
        return name in self._fields

    def text(self, name: str, *, need: str = "", most: int = _LONGEST) -> str:
        """Give a field tidied; ``need`` is what to say when it is empty."""
        found = tidy(self.raw(name)).strip()
        if need and not found:
            self.wrong[name] = need
        if len(found) > most:
            self.wrong[name] = f"ยาวเกินไป ({len(found)} ตัวอักษร) ใส่ได้ไม่เกิน {most}"
        return found[:most]

    def day(self, name: str, *, need: str = "") -> date | None:
        """Give a date as people write it, in either kind of digits and era."""
        text = self.text(name, need=need)
        try:
            return parse_date(text) if text else None
        except NotUnderstood as error:
            self.wrong[name] = error.thai
            return None

    def number(self, name: str, *, need: str = "") -> int | None:
        """Give a whole number, in either kind of digits."""
        text = to_arabic(self.text(name, need=need)).replace(",", "")
        if text and not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
            self.wrong[name] = "โปรดพิมพ์เป็นตัวเลข" if len(text) <= _DIGITS else "ตัวเลขยาวเกินไป"
            return None
        return int(text) if text else None

    def choice(self, name: str, allowed: Sequence[str], *, need: str = "") -> str:
        """Give one of the allowed values; "" for none or for anything else."""
        found = self.raw(name)
        if found and found not in allowed:
            self.wrong[name] = "โปรดเลือกจากรายการ"
            return ""
        if need and not found:
            self.wrong[name] = need
        return found

    def must_be_fresh(self, version: str) -> None:
        """Raise Stale when the form was made from another state than this one."""
        if self.raw("_version") != version:
            raise Stale("the form is stale")
