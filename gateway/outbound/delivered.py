"""A delivery status notification for one who asked for it: delivered (RFC 3464, RFC 6522).

``multipart/report`` of three parts: Thai and English for a person, the status of each recipient
for a program, and the header of the mail. Of a mail that was delivered only the header is returned,
whatever RET asked (RFC 3461 §4.3): of it those fields by which its sender knows it again; of a
secret letter its Message-ID alone. The envelope sender is null; Auto-Submitted is auto-replied.
"""

import re
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from gateway.inbound import rebuild
from gateway.outbound import parties
from gateway.outbound.copy import QUIET
from gateway.outbound.draft import Draft, Tools
from gateway.outbound.write import Plain
from registry import directory, letters
from registry.errors import NotFound
from registry.jobs import Job
from registry.letter.address import Address
from registry.letters import Letter

_MOST: Final = 16 * 1024  # bytes of the original that are looked at
_KNOWN_BY: Final = re.compile(rb"(?:from|to|date|message-id|subject):", re.IGNORECASE)
_ASCII: Final = re.compile(r"[^ -~]")


def draft(session: Session, tools: Tools, job: Job) -> Draft:
    """Return the draft of one notification. Raises NotFound when its letter is not there."""
    if job.letter_id is None:
        raise NotFound(f"job {job.id} names no letter")
    entity = directory.entity_by_id(session, job.entity_id)
    letter = letters.get_letter(session, job.letter_id)
    recipients = [str(one.get("final", "")) for one in job.facts.get("recipients", ())]
    return Draft(
        mail_from="",
        rcpt_to=job.to_address,
        message_id=job.message_id,
        sender=parties.desk_of(entity),
        receiver=Address("", job.to_address),
        references=(letter.message_id or "",),
        at=job.created_at,
        template="delivered",
        facts={"office": entity.name, "recipients": recipients},
        more_header=(("Auto-Submitted", "auto-replied"), *QUIET[1:]),
        report=(
            Plain("message/delivery-status", _status(tools, job)),
            Plain("text/rfc822-headers", _header(session, tools, letter)),
        ),
    )


def _status(tools: Tools, job: Job) -> str:
    """Write the fields of RFC 3464 §2.2 and §2.3, one group a recipient."""
    lines = [f"Reporting-MTA: dns; {tools.office.instance.hostname}"]
    if envid := job.facts.get("envid"):
        lines.append(f"Original-Envelope-Id: {_plain(envid)}")
    if arrived := job.facts.get("arrived"):
        lines.append(f"Arrival-Date: {format_datetime(datetime.fromisoformat(str(arrived)))}")
    for one in job.facts.get("recipients", ()):
        lines.append("")
        if original := one.get("original"):
            kind, _, address = original.partition(";")
            lines.append(f"Original-Recipient: {_plain(kind)};{_plain(address)}")
        lines += [
            f"Final-Recipient: rfc822;{_plain(one.get('final', ''))}",
            "Action: delivered",
            "Status: 2.0.0",
        ]
    return "\n".join(lines) + "\n"


def _header(session: Session, tools: Tools, letter: Letter) -> str:
    """Return what the sender knows the mail by; no more than the ASCII of it."""
    named = f"Message-ID: {_plain(letter.message_id or '')}\n" if letter.message_id else ""
    if letter.secrecy:
        return named
    try:
        original = letters.original_of(session, letter.id)
        head = rebuild.beginning(original, tools.blobs, _MOST)
    except (NotFound, OSError):
        return named
    found = re.sub(rb"\r?\n[ \t]+", b" ", re.split(rb"\r?\n\r?\n", head)[0]).splitlines()
    kept = [_plain(line.decode("utf-8", "replace")) for line in found if _KNOWN_BY.match(line)]
    return "".join(f"{line}\n" for line in kept) or named


def _plain(text: Any) -> str:
    """Return the text as one short ASCII line, whatever a stranger wrote."""
    return _ASCII.sub("?", str(text))[:900]
