"""The copy of a received letter that a unit's box gets, and which people simply answer.

It is From the entity's own registry, not from the sender: so it passes every check of the mail
world, and an answer comes back to us. Reply-To is the entry's token address. References names
the letter's own Message-ID, so that mail clients show both as one conversation.

No machine may answer it, every person may. Hence ``Auto-Submitted: auto-generated`` (RFC 3834 §5:
no responder answers that; mail clients do not look at it, and an answer does not inherit it), and
``X-Auto-Response-Suppress`` for Exchange, which does not look at Auto-Submitted – with all but
NDR, since a bounce must come back. No ``Precedence: bulk``: it says nothing that the others do not,
and sends official mail to the junk folder. The null sender is not used either; a box that is full
or gone must be heard of.

Files that are withheld (:mod:`registry.withheld`) are named and left out; when they are let out,
the copy goes once more, with them.
"""

from typing import Final

from sqlalchemy.orm import Session

from gateway.outbound import head, parties
from gateway.outbound.draft import Draft, Tools, enclosed
from gateway.quoting import REPLY_LINE
from registry import directory, entries, letters
from registry.errors import NotFound
from registry.jobs import Job
from registry.letter.address import Address
from registry.letter.enclosure import human_size
from registry.letter.entity import LegalEntity, Unit
from registry.letter.entry import EntryFile
from registry.letters import Letter
from registry.thai.numerals import to_thai

QUIET: Final = (
    ("Auto-Submitted", "auto-generated"),
    ("X-Auto-Response-Suppress", "DR, RN, NRN, OOF, AutoReply"),
)


def draft(session: Session, tools: Tools, job: Job) -> Draft:
    """Return the draft of one copy. Raises NotFound when entry or letter are not there."""
    if job.entry_id is None:
        raise NotFound(f"job {job.id} names no entry")
    entity = directory.entity_by_id(session, job.entity_id)
    entry = entries.get(session, job.entry_id, cleared=True)
    letter = letters.get_letter(session, entry.letter_id) if entry.letter_id else None
    unit = directory.unit_by_code(session, entity.id, str(job.facts.get("unit", "")))
    notice_only = job.facts.get("delivery") == "notice"
    shown = head.of_entry(entry)
    leaving = tuple(file for file in entry.enclosures if not file.withheld)
    return Draft(
        mail_from=parties.bounce_address(entity, tools.keys, job.id),
        rcpt_to=job.to_address,
        message_id=job.message_id,
        sender=parties.desk_of(entity),
        receiver=Address(unit.name if unit else "", job.to_address),
        reply_to=parties.answer_address(entity, tools.keys, entry.id),
        references=(entry.message_id,) if entry.message_id else (),
        at=job.created_at,
        template="copy",
        html=True,
        facts={
            "head": shown,
            "office": entity.name,
            "unit": unit.name if unit else "",
            "why": to_thai(str(job.facts.get("why", ""))),
            "text": letter.text.strip() if letter and not entry.secrecy else "",
            "notice_only": notice_only,
            "reply_line": REPLY_LINE,
            "answer_to": shown.sender or "ผู้ส่ง",
            "answer_how": _answer_how(tools, letter),
            "paper": letter is not None and bool(letter.facts.get("paper")),
            "withheld": withheld(entry.enclosures),
            "again": bool(job.facts.get("again")),
        },
        more_header=QUIET,
        enclosed=enclosed(leaving, tools, none_in_mail=notice_only),
        link_for=None if entry.secrecy else entry.letter_id,
        receiver_limit=_limit(entity, unit),
    )


def _answer_how(tools: Tools, letter: Letter | None) -> str:
    """Say what becomes of an answer with a file, as this office has set it.

    Who wrote on paper may have no address that we know; then an officer says whom it goes to.
    """
    if letter is not None and letter.from_entity_id is None and not letter.sender:
        return "เป็นร่าง รอเจ้าหน้าที่สารบรรณระบุผู้รับและออกเลขก่อนส่ง"
    if tools.office.registry.send == "automatic":
        return "ระบบออกเลขและส่งให้ทันที"
    return "เป็นร่าง รอเจ้าหน้าที่สารบรรณออกเลขก่อนส่ง"


def withheld(files: tuple[EntryFile, ...]) -> dict[str, object] | None:
    """Say why files are not in this mail and which they are; None where none is withheld."""
    held = [file for file in files if file.withheld]
    if not held:
        return None
    names = [f"{file.name} ({human_size(file.bytes)})" for file in held]
    return {"why": held[0].withheld, "files": names}


def _limit(entity: LegalEntity, unit: Unit | None) -> int | None:
    """Return the figure of our own mailbox server, where the box is on it."""
    return entity.max_message_bytes if unit else None
