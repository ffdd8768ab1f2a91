"""ลงวันที่ of a letter: it lies not ahead of the day on which the letter is in hand.

A year typed as 2069 for 2569, or a month that was misread, would stand in a permanent book. A
letter that truly bears a later day is registered without one, and the day goes to หมายเหตุ.
"""

from datetime import date, datetime, timedelta

from registry.clock import BANGKOK
from registry.errors import NotUnderstood
from registry.thai.dates import long_date


def ahead(day: date | None, now: datetime) -> str:
    """Say in Thai that a day lies ahead of now; "" for one that does not, and for none."""
    if day is None or day <= now.astimezone(BANGKOK).date():
        return ""
    return (
        f"ลงวันที่ {long_date(day)} อยู่หลังวันนี้ โปรดตรวจวัน เดือน และปี "
        "หากหนังสือลงวันที่ล่วงหน้าจริง ให้เว้นช่องนี้ว่างไว้และจดวันที่ในหมายเหตุ"
    )


def must_not_be_ahead(day: date | None, now: datetime) -> None:
    """Raise NotUnderstood for a day that lies ahead of now."""
    if why := ahead(day, now):
        raise NotUnderstood("a date that is still to come", text=str(day), thai=why)


def believable(day: date | None, accepted_at: datetime) -> date | None:
    """Give a day that was read from a mail; None for one after the day behind its arrival.

    A day is allowed for clocks on two sides of midnight.
    """
    last = accepted_at.astimezone(BANGKOK).date() + timedelta(days=1)
    return day if day is not None and day <= last else None
