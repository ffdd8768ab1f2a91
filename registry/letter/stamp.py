"""The receive stamp (ตรารับหนังสือ, form 12): what it says, and when it says it."""

from dataclasses import dataclass

from registry.clock import BANGKOK
from registry.letter.book import Series
from registry.letter.entry import Entry
from registry.thai.dates import short_date, thai_time
from registry.thai.numerals import to_arabic, to_thai


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a stamp says, as it is printed; ``note`` stands under it."""

    office: str
    number: str
    day: str
    time: str
    note: str = ""


def stamp_of(entry: Entry, office: str, *, thai: bool = True) -> Stamp:
    """Give the stamp of a received entry; ``office`` is whose book it stands in.

    The number is that of the register (ข้อ 38), day and time those of registering, in Bangkok.
    """
    at = entry.registered_at.astimezone(BANGKOK)
    number = f"ลับ {entry.number}" if entry.series == Series.SECRET else str(entry.number)
    digits = to_thai if thai else to_arabic
    return Stamp(office, digits(number), digits(short_date(at.date())), digits(thai_time(at)))
