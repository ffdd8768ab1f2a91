"""The salted digest of an entry: what the journal keeps in place of the register's own words.

It covers every field of forms 13 and 14 and what stands beside them, the number and its series
first. The salt is drawn once for each entry, so that short subjects cannot be guessed from the
digest; the same fields under the same salt always give the same digest, on either engine.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Final

from registry.canonical import canonical
from registry.models.books import EntryRow

COVERED: Final = (
    "id", "entity_id", "unit_code", "book", "series", "year", "number", "state", "letter_id",
    "letter_number", "letter_number_key", "dated", "from_text", "to_text", "subject", "urgency",
    "secrecy", "action", "note", "due", "closed", "date_header", "accepted_at",
    "deemed_received_at", "registered_at", "registered_by", "message_id", "original_sha256",
    "from_entity_id", "reserved_for", "void_reason", "void_by",
)  # fmt: skip
_ALL: Final = frozenset(COVERED)
_PLAIN: Final = frozenset({str, int, type(None)})


def digest_of(row: EntryRow) -> str:
    """Give the SHA-256 (64 hex digits) over the salt and the canonical JSON of the fields."""
    held = row.__dict__  # what is there already need not be asked of the mapper
    if not held.keys() >= _ALL:
        held = {name: getattr(row, name) for name in COVERED}
    fields = {name: one if type(one := held[name]) in _PLAIN else plain(one) for name in COVERED}
    text = canonical(fields)
    return hashlib.sha256(f"{row.salt}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def digest_of_files(salt: str, files: Iterable[Sequence[object]]) -> str:
    """Give the salted SHA-256 over a letter's files, each as (position, role, name, bytes, sha256).

    What the journal keeps of them, so that a file taken out of a registered letter is missed.
    """
    text = canonical([list(file) for file in files])
    return hashlib.sha256(f"{salt}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def plain(value: object) -> object:
    """Make times one form, whatever zone they were given in."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value
