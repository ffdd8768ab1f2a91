"""What the head of a letter says: who wrote it, to whom, when, about what, in answer to what.

Fields are capped before they come here, and every reader here is linear, so that no header can
hold the office up. A field that cannot be read is left empty and named as a defect; none stops
the letter. All From fields count: when more than one address is claimed there is no sender.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final

from gateway.inbound.addresses import MOST_ADDRESSES, Mailbox, read_addresses
from gateway.inbound.encoded_words import decode_words
from gateway.inbound.fields import Fields

MOST_REFERENCES: Final = 100
_LONGEST_ID: Final = 900
_LONGEST_DATE: Final = 200

_ID: Final = re.compile(rb"<([^<>\x00-\x20\x7f]{1,900})>")
_BARE_ID: Final = re.compile(rb"[^<>\s\x00]{1,400}@[^<>\s\x00]{1,400}")
_BUDDHIST_YEAR: Final = re.compile(r"\b(2[45]\d\d)\b")
_DEVIANT: Final = re.compile(r"[^\x20-\x7e]")


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a letter, decoded; see :class:`registry.letter.message.Message`."""

    senders: tuple[Mailbox, ...] = ()
    reply_to: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    message_id: str | None = None
    references: tuple[str, ...] = ()
    date: datetime | None = None
    subject: str = ""
    defects: tuple[str, ...] = ()


def read_heading(fields: Fields) -> Heading:
    """Read the head of a letter; never raises."""
    defects = list(fields.defects)
    senders = _boxes(fields, "from", defects)
    if len(senders) != 1:
        defects.append("several From addresses" if senders else "no From address")
    reply_to = _boxes(fields, "reply-to", defects)
    return Heading(
        senders=senders,
        reply_to=reply_to[0].address if reply_to else "",
        to=_addresses(fields, "to", defects),
        cc=_addresses(fields, "cc", defects),
        message_id=_message_id(fields, defects),
        references=read_references(fields),
        date=_date(fields, defects),
        subject=_told(fields, "subject", decode_words, defects),
        defects=tuple(dict.fromkeys(defects)),
    )


def read_references(fields: Fields) -> tuple[str, ...]:
    """Message-IDs this mail answers: In-Reply-To first, then References from the newest back."""
    direct = _ids(fields.get("in-reply-to"))
    thread = _ids(fields.get("references"))
    return tuple(dict.fromkeys([*direct, *reversed(thread)]))[:MOST_REFERENCES]


def find_message_id(value: bytes) -> str | None:
    """The first Message-ID in a field value, with its angle brackets, or None."""
    return next(iter(_ids(value)), None)


def _ids(value: bytes) -> list[str]:
    return [f"<{_ascii(found)}>" for found in _ID.findall(value)]


def _ascii(data: bytes) -> str:
    """Keep an identifier comparable byte for byte, whatever it is made of."""
    return data.decode("utf-8", "backslashreplace")


def _boxes(fields: Fields, name: str, defects: list[str]) -> tuple[Mailbox, ...]:
    if not fields.has(name):
        return ()
    found: dict[str, Mailbox] = {}
    read = 0
    for value in fields.all(name):
        boxes, wrong = read_addresses(value)
        read += len(boxes)
        defects.extend(f"{name}: {text}" for text in wrong)
        for box in boxes:
            found.setdefault(box.address, box)
        if read >= MOST_ADDRESSES:
            break
    return tuple(found.values())


def _addresses(fields: Fields, name: str, defects: list[str]) -> tuple[str, ...]:
    return tuple(box.address for box in _boxes(fields, name, defects))


def _message_id(fields: Fields, defects: list[str]) -> str | None:
    value = fields.get("message-id")
    found = find_message_id(value)
    if found is None:
        bare = None if b"<" in value else _BARE_ID.search(value)
        found = f"<{_ascii(bare[0])}>" if bare else None
        defects.append("message-id: no angle brackets" if found else "no usable Message-ID")
    return found if found and len(found) <= _LONGEST_ID else None


def _told(
    fields: Fields,
    name: str,
    read: Callable[[bytes], tuple[str, tuple[str, ...]]],
    defects: list[str],
) -> str:
    text, guesses = read(fields.get(name))
    defects.extend(f"{name}: {guess}" for guess in guesses)
    return text


def _date(fields: Fields, defects: list[str]) -> datetime | None:
    date, wrong = _read_date(fields.get("date")[:_LONGEST_DATE])
    defects.extend(wrong)
    return date


@lru_cache(maxsize=256)
def _read_date(raw: bytes) -> tuple[datetime | None, tuple[str, ...]]:
    """Read a date, and say what is wrong; letters of one second bear the same."""
    value = _DEVIANT.sub(" ", raw.decode("latin-1"))
    if not value:
        return None, ("no Date",)
    civil = _BUDDHIST_YEAR.sub(lambda year: str(int(year[1]) - 543), value, count=1)
    wrong = ("date: Buddhist year read as such",) if civil != value else ()
    try:
        date = parsedate_to_datetime(civil)
        date = date.replace(tzinfo=UTC) if date.tzinfo is None else date
        date.astimezone(UTC)  # the very first and last hours of the calendar have no UTC
    except (ValueError, TypeError, IndexError, OverflowError):
        return None, (*wrong, "date: not readable")
    return date, wrong
