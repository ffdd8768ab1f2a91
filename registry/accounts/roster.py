"""Taking a whole directory from a CSV file, such as the agency list that comes with the program.

The first line names the columns: code, name, address are needed; domains (separated by spaces),
letter_code, phone, province, district, max_message_bytes, knows_tags (yes or no) may be there. An
entity that is there already is brought up to the file, without making it hosted or unhosted; none
is taken out.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.people import add_entity
from registry.errors import Conflict, NotUnderstood
from registry.letter.address import fold_address, local_and_domain
from registry.letter.number import SenderCode
from registry.models.people import EntityRow

_NEEDED: Final = {"code", "name", "address"}
_KNOWN: Final = _NEEDED | {
    "domains", "letter_code", "phone", "province", "district", "max_message_bytes",
    "knows_tags",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """How many entities were added, changed, and found as they were."""

    added: int
    changed: int
    same: int


def import_csv(session: Session, lines: Iterable[str], *, at: datetime) -> Imported:
    """Bring the directory up to these CSV lines.

    Raises NotUnderstood, naming the line, when anything in them is wrong; the caller's
    transaction then takes nothing.
    """
    reader = csv.DictReader(lines)
    columns = set(reader.fieldnames or ())
    if not columns >= _NEEDED or columns - _KNOWN:
        raise NotUnderstood(f"the columns are {', '.join(sorted(_KNOWN))}")
    there = {row.code: row for row in session.scalars(select(EntityRow))}
    counts = {"added": 0, "changed": 0, "same": 0}
    for record in reader:
        try:
            counts[_take(session, there, record, at)] += 1
        except (NotUnderstood, Conflict, ValueError) as error:
            raise NotUnderstood(
                f"line {reader.line_num}: {error}", thai=f"บรรทัด {reader.line_num} ไม่ถูกต้อง: {error}"
            ) from error
    return Imported(**counts)


def _take(
    session: Session, there: dict[str, EntityRow], record: dict[str, Any], at: datetime
) -> str:
    """Add or change one entity, and say which it was."""
    if None in record or None in record.values():
        raise ValueError("the number of fields is not that of the first line")
    fields = _fields({name: value.strip() for name, value in record.items()})
    row = there.get(fields["code"])
    if row is None:
        add_entity(session, at=at, **fields)
        return "added"
    address = fold_address(fields["address"])
    fields["domains"] = fields.get("domains") or row.domains
    changes = {k: v for k, v in {**fields, "address": address}.items() if getattr(row, k) != v}
    for name, value in changes.items():
        setattr(row, name, value)
    session.flush()
    return "changed" if changes else "same"


def _fields(record: dict[str, str]) -> dict[str, Any]:
    """Read the fields of one line; absent columns are absent."""
    fields: dict[str, Any] = {**record, "code": record["code"].casefold()}
    if "domains" in fields:
        fields["domains"] = sorted(local_and_domain(f"x@{d}")[1] for d in fields["domains"].split())
    if fields.get("letter_code"):
        fields["letter_code"] = str(SenderCode.parse(fields["letter_code"]))
    if "max_message_bytes" in fields:
        fields["max_message_bytes"] = int(fields["max_message_bytes"] or 0) or None
    if "knows_tags" in fields:
        fields["knows_tags"] = fields["knows_tags"].casefold() != "no"
    return fields
