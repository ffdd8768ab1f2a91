"""A notice: a short Thai text to a clerk, an officer or a citizen: what happened, what to do.

``facts["text"]`` of the job names the template; the other facts are handed to it beside what the
register knows of the entry and the letter. The envelope sender is null and the mail says that a
machine made it, so no notice is ever answered by a machine, nor is a notice about a notice written.

A notice that people answer (a number slip above all) carries the token address of its entry.

The exceptions are the request to give a letter back and the reminder, which go to another office
because a person asked for it: they say nothing of a machine, so that the receiver's registry puts
them before people, and their bounces come back, since whoever asked must hear that. Of a recall, an
installation of this system reads the part for machines and finds the letter by itself.
"""

from typing import Any, Final

from sqlalchemy.orm import Session

from gateway.outbound import head, parties
from gateway.outbound.acknowledgement import machine_part
from gateway.outbound.copy import QUIET
from gateway.outbound.draft import Draft, Tools, counted
from gateway.quoting import REPLY_LINE
from registry import directory, entries, letters
from registry.clock import BANGKOK
from registry.jobs import Job
from registry.letter.address import Address
from registry.letter.entry import Entry
from registry.letter.message import Receipt
from registry.letters import Letter
from registry.thai.numerals import thai_number

_ANSWERED: Final = frozenset({"number_slip", "note_taken", "citizen_receipt", "reminder"})
_REPLIES: Final = frozenset(
    {
        "citizen_receipt", "draft_returned", "draft_waiting", "not_known_clerk", "note_taken",
        "number_slip", "refused_code",
    }
)  # fmt: skip
_BY_A_PERSON: Final = frozenset({"recall_request", "reminder"})


def draft(session: Session, tools: Tools, job: Job) -> Draft:
    """Return the draft of one notice. Raises NotFound for a template that there is none of."""
    entity = directory.entity_by_id(session, job.entity_id)
    entry = entries.get(session, job.entry_id, cleared=True) if job.entry_id else None
    letter = letters.get_letter(session, job.letter_id) if job.letter_id else None
    name = str(job.facts.get("text", ""))
    answered = entry is not None and name in _ANSWERED
    bounces = parties.bounce_address(entity, tools.keys, job.id)
    return Draft(
        mail_from=bounces if name in _BY_A_PERSON else "",
        rcpt_to=job.to_address,
        message_id=job.message_id,
        sender=parties.desk_of(entity),
        receiver=Address(parties.clerk_name(session, job.to_address), job.to_address),
        reply_to=parties.answer_address(entity, tools.keys, entry.id) if entry and answered else "",
        references=_thread(entry, letter, ours=name not in _BY_A_PERSON),
        at=job.created_at,
        template=name,
        facts={
            "head": _head(entry, letter),
            "office": entity.name,
            "dispatch": entity.central_address.replace("@", "+รหัสหน่วยงาน@"),
            "contact": parties.contact(session, entity),
            "reply_line": REPLY_LINE,
            **_pages(tools, entry, letter),
            **_of_register(entry, letter),
            **_of_job(job),
        },
        more_header=_automatic(name),
        machine=_recall(entry, job) if entry and name == "recall_request" else None,
    )


def _pages(tools: Tools, entry: Entry | None, letter: Letter | None) -> dict[str, str]:
    """Give the address of the officers' pages, and of the page of the matter; "" where unknown."""
    pages = tools.office.instance.public_url.rstrip("/")
    if not pages or (entry is None and letter is None):
        return {"pages": pages, "page": ""}
    matter = f"/entries/{entry.id}" if entry else f"/letters/{letter.id}" if letter else ""
    return {"pages": pages, "page": pages + matter}


def _automatic(name: str) -> tuple[tuple[str, str], ...]:
    """Say that a machine wrote it, and whether to a mail or of itself (RFC 3834 §5)."""
    if name in _BY_A_PERSON:
        return ()
    return (("Auto-Submitted", "auto-replied"), *QUIET[1:]) if name in _REPLIES else QUIET


def _recall(entry: Entry, job: Job) -> Any:
    """Return the part by which the receiver's installation finds the letter to give back."""
    receipt = Receipt(
        act="recall",
        message_id=entry.message_id or "",
        letter_number="" if entry.secrecy else entry.letter_number,
        at=job.created_at.astimezone(BANGKOK).isoformat(timespec="seconds"),
        reason=str(job.facts.get("reason", "")),
    )
    return machine_part(receipt)


def _thread(entry: Entry | None, letter: Letter | None, *, ours: bool) -> tuple[str, ...]:
    """Return the Message-IDs under which the reader's program already shows the matter.

    The clerk's own mail first; that one is nobody's business outside (``ours``).
    """
    ids = [
        letter.facts.get("clerk_message_id") if letter and ours else None,
        letter.message_id if letter else None,
        entry.message_id if entry else None,
    ]
    return tuple(dict.fromkeys(one for one in ids if one))


def _head(entry: Entry | None, letter: Letter | None) -> head.Head:
    if entry is not None:
        return head.of_entry(entry)
    return head.of_letter(letter) if letter is not None else head.Head()


def _of_register(entry: Entry | None, letter: Letter | None) -> dict[str, Any]:
    about = entry or letter
    if about is None or about.secrecy:
        return {}
    receivers = [one.to_name or one.to for one in entry.deliveries] if entry else _named(letter)
    return {
        "receivers": list(dict.fromkeys(receivers)),
        "to": about.to_text,
        "files": counted(letter.enclosures if letter else about.enclosures),
    }


def _named(letter: Letter | None) -> list[str]:
    """Return whom a draft names, so that its clerk sees what a group came to."""
    facts = letter.facts.get("addressees", ()) if letter else ()
    return [str(one.get("name") or one.get("address", "")) for one in facts]


def _of_job(job: Job) -> dict[str, Any]:
    """Return the job's own facts; one that is empty does not hide what the register knows."""
    facts = {name: value for name, value in job.facts.items() if value not in ("", None, [])}
    seconds = facts.get("hold_seconds")
    if seconds:
        facts["held"] = _duration(float(seconds))
    return facts


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{thai_number(round(seconds))} วินาที"
    if seconds < 3600:
        return f"{thai_number(round(seconds / 60))} นาที"
    return f"{thai_number(round(seconds / 3600))} ชั่วโมง"
