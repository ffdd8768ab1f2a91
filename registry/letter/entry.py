"""An entry of a book as it leaves the registry: frozen, whole, and printable as JSON.

The shape of :meth:`Entry.as_json` is what scripts outside rely on; it is documented in
docs/JSON.md. Dates are ISO 8601, times carry their offset, ``year`` is พ.ศ.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from registry.clock import BANGKOK
from registry.letter.delivery import Delivery


@dataclass(frozen=True, slots=True)
class Reference:
    """One อ้างถึง of a letter."""

    text: str
    entity: str = ""
    number: str = ""
    dated: date | None = None
    entry: str | None = None


@dataclass(frozen=True, slots=True)
class EntryLink:
    """A link to another entry."""

    relation: str
    entry: str
    how: str
    confirmed: bool
    score: int = 100


@dataclass(frozen=True, slots=True)
class EntryFile:
    """The letter itself or one enclosure.

    ``inline`` says that a sender showed it as a picture in the text: JSON lists it as an enclosure,
    for it is part of what came; tables and counts of สิ่งที่ส่งมาด้วย leave it out. Pictures that an
    installation of ours put into its own mail (its QR code) are kept, but are no files of a letter
    and never here. ``withheld`` says in Thai why the file may not leave (:mod:`registry.withheld`).
    """

    id: int
    name: str
    role: str  # letter | enclosure
    bytes: int
    sha256: str
    media_type: str
    split: bool
    url: str | None = None
    inline: bool = False
    withheld: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a book with all that hangs on it."""

    id: str
    entity: str
    unit: str
    book: str
    series: str
    year: int
    number: int
    letter_number: str
    dated: date | None
    from_text: str
    to_text: str
    subject: str
    urgency: str
    secrecy: str | None
    action: str
    note: str
    due: datetime | None
    closed: datetime | None
    date_header: datetime | None
    accepted_at: datetime | None
    deemed_received_at: datetime | None
    registered_at: datetime
    message_id: str | None
    original_sha256: str | None
    state: str
    letter_id: str | None = None
    void_reason: str = ""
    references: tuple[Reference, ...] = ()
    enclosures: tuple[EntryFile, ...] = ()
    links: tuple[EntryLink, ...] = ()
    deliveries: tuple[Delivery, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Give the entry as scripts outside know it."""
        return {
            "id": self.id,
            "entity": self.entity,
            "unit": self.unit,
            "book": self.book,
            "series": self.series,
            "year": self.year,
            "number": self.number,
            "letter_number": self.letter_number,
            "dated": _day(self.dated),
            "from": self.from_text,
            "to": self.to_text,
            "subject": self.subject,
            "urgency": self.urgency,
            "secrecy": self.secrecy,
            "action": self.action,
            "note": self.note,
            "due": _time(self.due),
            "closed": _time(self.closed),
            "date_header": _time(self.date_header),
            "accepted_at": _time(self.accepted_at),
            "deemed_received_at": _time(self.deemed_received_at),
            "registered_at": _time(self.registered_at),
            "message_id": self.message_id,
            "original_sha256": self.original_sha256,
            "state": self.state,
            "references": [_reference(one) for one in self.references],
            "enclosures": [_file(one) for one in self.enclosures],
            "links": [_link(one) for one in self.links],
            "deliveries": [_delivery(one) for one in self.deliveries],
        }


def _reference(one: Reference) -> dict[str, Any]:
    return {
        "text": one.text,
        "entity": one.entity,
        "number": one.number,
        "dated": _day(one.dated),
        "entry": one.entry,
    }


def _file(one: EntryFile) -> dict[str, Any]:
    return {
        "name": one.name,
        "role": one.role,
        "bytes": one.bytes,
        "sha256": one.sha256,
        "media_type": one.media_type,
        "split": one.split,
        "url": one.url,
        "withheld": bool(one.withheld),
    }


def _link(one: EntryLink) -> dict[str, Any]:
    return {
        "relation": one.relation,
        "entry": one.entry,
        "how": one.how,
        "confirmed": one.confirmed,
    }


def _delivery(one: Delivery) -> dict[str, Any]:
    return {
        "to": one.to,
        "state": str(one.state),
        "at": _time(one.at),
        "remote_number": one.remote_number or None,
        "reported_at": _time(one.reported_at),
        "is_copy": one.is_copy,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _time(at: datetime | None) -> str | None:
    return at.astimezone(BANGKOK).isoformat(timespec="seconds") if at else None
