"""The mail by which a letter is presented to a superior (เสนอ); whoever answers it, orders.

It is of the family of the delivered copy (:mod:`gateway.outbound.copy`): from our own registry,
answered at the entry's token address, answered by no machine, its bounce comes back. It opens with
what the officer wrote, and with one sentence on what an answer does.

Of a secret letter it tells the number and who asks, with no file and no word of what it is about:
the paper itself goes the way that its secrecy demands.
"""

from sqlalchemy.orm import Session

from gateway.outbound import head, parties
from gateway.outbound.copy import QUIET, withheld
from gateway.outbound.draft import Draft, Tools, enclosed
from gateway.quoting import REPLY_LINE
from registry import directory, entries, letters
from registry.errors import NotFound
from registry.jobs import Job
from registry.letter.address import Address
from registry.thai.numerals import to_thai


def draft(session: Session, tools: Tools, job: Job) -> Draft:
    """Return the draft of one presenting. Raises NotFound when the entry is not there."""
    if job.entry_id is None:
        raise NotFound(f"job {job.id} names no entry")
    entity = directory.entity_by_id(session, job.entity_id)
    entry = entries.get(session, job.entry_id, cleared=True)
    letter = letters.get_letter(session, entry.letter_id) if entry.letter_id else None
    secret = entry.secrecy is not None
    leaving = tuple(file for file in entry.enclosures if not (secret or file.withheld))
    return Draft(
        mail_from=parties.bounce_address(entity, tools.keys, job.id),
        rcpt_to=job.to_address,
        message_id=job.message_id,
        sender=parties.desk_of(entity),
        receiver=Address(parties.clerk_name(session, job.to_address), job.to_address),
        reply_to=parties.answer_address(entity, tools.keys, entry.id),
        references=(entry.message_id,) if entry.message_id and not secret else (),
        at=job.created_at,
        template="proposal",
        html=True,
        facts={
            "head": head.of_entry(entry),
            "office": entity.name,
            "place": ""
            if entry.book == "received"
            else to_thai(f"ทะเบียนส่ง {entry.number}/{entry.year}"),
            "secrecy": entry.secrecy or "",
            "by": parties.clerk_name(
                session, str(job.facts.get("by", "")), str(job.facts.get("by", ""))
            ),
            "words": "" if secret else to_thai(str(job.facts.get("words", ""))),
            "text": letter.text.strip() if letter and not secret else "",
            "action": "" if secret else to_thai(entry.action),
            "reply_line": REPLY_LINE,
            "withheld": None if secret else withheld(entry.enclosures),
        },
        more_header=QUIET,
        enclosed=enclosed(leaving, tools, none_in_mail=False),
        link_for=None if secret else entry.letter_id,
        receiver_limit=entity.max_message_bytes,
    )
