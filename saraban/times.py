"""Points in time as terminals and pages here show them, and as JSON has them."""

from datetime import datetime

from registry.clock import BANGKOK
from registry.thai.dates import short_date, thai_time


def when(at: datetime | None) -> str:
    """Give a time as people here read it, in Bangkok and Thai digits; "" for none."""
    if at is None:
        return ""
    local = at.astimezone(BANGKOK)
    return f"{short_date(local.date())} {thai_time(local)}"


def iso(at: datetime | None) -> str | None:
    """Give a time as JSON has it: ISO 8601 of Bangkok to the second, with offset; None for none."""
    return at.astimezone(BANGKOK).isoformat(timespec="seconds") if at else None
