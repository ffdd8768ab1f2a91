"""The table of enclosures (สิ่งที่ส่งมาด้วย) of a mail: by what way each file travels.

A letter must say how an enclosure comes that is not in its envelope (ข้อ 11). The table names
every file with its size in MB (1,000,000 bytes), says of each whether it is in the mail or on the
download page, and gives the page's address once, with a QR code and the day until which it works.
Pictures that a sender showed in the text (a logo, a screenshot) travel too, and are no enclosures:
they are said in one line, unless they must be downloaded.

The same table is a list for plain text (Thai in proportional type keeps no columns) and a simple
HTML table that Outlook, Gmail and old webmails show alike: nested tables, inline styles, no CSS
file, and no picture that is needed to understand it.
"""

import io
from dataclasses import dataclass
from datetime import date

import segno

from gateway.quoting import QR_ID
from registry.letter.enclosure import human_size
from registry.thai.dates import long_date
from registry.thai.numerals import thai_number


@dataclass(frozen=True, slots=True)
class Row:
    """One file: its place from 1, name, decoded bytes, and whether it is on the download page."""

    place: int
    name: str
    size: int
    by_link: bool
    is_letter: bool = False  # ตัวหนังสือ itself, which is not an enclosure

    @property
    def thai_place(self) -> str:
        """The place as the table prints it."""
        return thai_number(self.place)

    @property
    def thai_size(self) -> str:
        """The size for people, as everywhere: ๔๐.๐ MB."""
        return human_size(self.size)

    @property
    def way(self) -> str:
        """By what way it travels."""
        return "ดาวน์โหลดทางลิงก์" if self.by_link else "แนบมาพร้อมนี้"


@dataclass(frozen=True, slots=True)
class Table:
    """All files of one mail; ``url`` and ``until`` belong to the one download page.

    ``pictures`` counts those of the text that travel in the mail.
    """

    rows: tuple[Row, ...]
    url: str = ""
    until: date | None = None
    pictures: int = 0

    @property
    def linked(self) -> int:
        """How many files are on the download page."""
        return sum(row.by_link for row in self.rows)

    @property
    def heading(self) -> str:
        """What the table is of; the letter itself is not an enclosure, and is said apart."""
        words = ["ตัวหนังสือ"] if any(row.is_letter for row in self.rows) else []
        words += ["สิ่งที่ส่งมาด้วย"] if not all(row.is_letter for row in self.rows) else []
        return f"{'และ'.join(words)} {thai_number(len(self.rows))} ไฟล์"

    @property
    def thai_pictures(self) -> str:
        """How many pictures of the text travel along, in Thai digits; "" for none."""
        return thai_number(self.pictures) if self.pictures else ""

    @property
    def thai_linked(self) -> str:
        """How many are on the page, in Thai digits."""
        return thai_number(self.linked)

    @property
    def thai_until(self) -> str:
        """The last day of the page, or ""."""
        return long_date(self.until) if self.until else ""

    @property
    def qr_id(self) -> str:
        """Content-ID of the QR code, "" where there is no page."""
        return QR_ID if self.url else ""


def qr_png(url: str) -> bytes:
    """Return the address as a QR code: PNG, about 150 pixels wide, with its quiet zone."""
    picture = io.BytesIO()
    segno.make_qr(url, error="m").save(picture, kind="png", scale=4, border=4)
    return picture.getvalue()
