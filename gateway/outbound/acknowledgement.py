"""An acknowledgement (ข้อ 29): Thai for the person, JSON for another installation.

The number is read here, when the mail is composed, so that a job written before the number was
taken tells the right one. The envelope sender is null and Auto-Submitted is auto-replied (RFC 3834
§3.1): nothing ever answers it. In-Reply-To names the letter that is acknowledged. The
text is short, since a person at the other registry reads dozens of them a day.
"""

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from gateway.outbound import head, parties
from gateway.outbound.copy import QUIET
from gateway.outbound.draft import Draft, Page, counted
from gateway.outbound.write import File
from registry import directory, entries, letters
from registry.clock import BANGKOK
from registry.jobs import Job
from registry.letter.address import Address
from registry.letter.entry import Entry
from registry.letter.message import Receipt
from registry.letters import Letter

RECEIPT = "application/vnd.saraban.receipt+json"
_ACTS = frozenset(
    {
        "arrived", "registered", "returned", "wrong", "wrong_number",
        "recall_agreed", "recall_declined",
    }
)  # fmt: skip


def draft(session: Session, job: Job) -> Draft:
    """Return the draft of one acknowledgement; an act that is not known counts as arrived."""
    entity = directory.entity_by_id(session, job.entity_id)
    entry = entries.get(session, job.entry_id, cleared=True) if job.entry_id else None
    letter = letters.get_letter(session, job.letter_id) if job.letter_id else None
    act = str(job.facts.get("act", ""))
    act = act if act in _ACTS else "arrived"
    to = directory.entity_by_address(session, job.to_address)
    receipt = _receipt(act, entry, letter, job)
    return Draft(
        mail_from="",
        rcpt_to=job.to_address,
        message_id=job.message_id,
        sender=parties.desk_of(entity),
        receiver=Address(to.name if to else "", job.to_address),
        references=(receipt.message_id,),
        at=job.created_at,
        template=f"ack_{act}",
        facts={
            "head": head.of_entry(entry) if entry else head.of_letter(letter) if letter else {},
            "office": entity.name,
            "reason": receipt.reason,
            "told": receipt.number if act == "wrong_number" else "",
            "files": _files(entry, letter),
            "contact": parties.contact(session, entity),
        },
        more_header=(("Auto-Submitted", "auto-replied"), *QUIET[1:]),
        machine=machine_part(receipt),
    )


def _receipt(act: str, entry: Entry | None, letter: Letter | None, job: Job) -> Receipt:
    registered = act == "registered" and entry is not None
    about = entry or letter
    at = entry.registered_at if registered and entry else job.created_at
    return Receipt(
        act=act,
        message_id=(letter.message_id if letter else "")
        or (entry.message_id if entry else "")
        or "",
        letter_number=about.letter_number if about and not about.secrecy else "",
        number=_number(entry, job, registered=registered),
        year=entry.year if entry and registered else 0,
        at=at.astimezone(BANGKOK).isoformat(timespec="seconds"),
        reason=str(job.facts.get("reason", "")),
    )


def _number(entry: Entry | None, job: Job, *, registered: bool) -> str:
    """Return the receive number: ours when we registered, theirs when we say that it is wrong."""
    if registered:
        return str(entry.number) if entry else ""
    return str(job.facts.get("number", ""))


def _files(entry: Entry | None, letter: Letter | None) -> str:
    """Say how many files came, in Thai digits; nothing of a secret letter."""
    about = entry or letter
    if about is None or about.secrecy:
        return ""
    return counted(about.enclosures)


def machine_part(receipt: Receipt) -> Any:
    """Return what makes the JSON part that another installation reads."""
    text = json.dumps(asdict(receipt), ensure_ascii=False, indent=1)
    part = File("saraban-receipt.json", "saraban-receipt.json", RECEIPT, data=text.encode())

    def make(_page: Page, _out: frozenset[int]) -> File:
        return part

    return make
