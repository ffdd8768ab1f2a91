"""Up to which grade of secrecy a reader is cleared, asked of values and of rows in one way.

An officer of secret letters is cleared for every grade, unless one is named for them: ลับ for
somebody who keeps ลับ and never sees ลับมาก or ลับที่สุด. Where a list takes a clearance it is True for
all grades, False for none, or the gravest grade. What knows of "cleared" alone takes only True for
cleared: who is cleared for some grades is there shown as little as who is cleared for none.
"""

from typing import Any

from sqlalchemy import ColumnElement, false, or_, true

from registry.letter.grades import Secrecy

Clearance = bool | Secrecy
"""True for all grades, False for none, or the gravest that may be seen."""


def covers(cleared: Clearance, secrecy: str | None) -> bool:
    """Say whether a letter of this marking (Thai, None for an ordinary one) may be seen."""
    if secrecy is None or isinstance(cleared, bool):
        return secrecy is None or bool(cleared)
    return Secrecy(secrecy) <= cleared


def within(column: Any, cleared: Clearance) -> ColumnElement[bool]:
    """Say the same of a column that holds the marking."""
    if cleared is True or cleared is Secrecy.TOP_SECRET:
        return true()
    if cleared is False:
        return or_(column.is_(None), false())
    assert isinstance(cleared, Secrecy)
    return or_(column.is_(None), column.in_([one.thai for one in Secrecy if one <= cleared]))
