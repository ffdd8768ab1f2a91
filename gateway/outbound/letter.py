"""A letter of ours to one addressee: From the central address, with the clerk named in it.

The head repeats what the signed paper says (ที่, ลงวันที่, เรื่อง, อ้างถึง), since many
receivers register from the mail; what the clerk wrote stands below, marked off by two quiet lines,
and is not said twice. The X-Saraban fields and the manifest tell another installation the same
without guessing; the manifest also carries the SHA-256 of every file, those on the download page
included. The Message-ID is the entry's, one for all addressees; In-Reply-To and
References name the letter that this one answers. It carries no Auto-Submitted: a person wrote it.
"""

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from gateway.outbound import head, parties
from gateway.outbound.draft import Draft, Page, Tools, enclosed
from gateway.outbound.template import one_line
from gateway.outbound.write import File
from gateway.quoting import NO_WORDS, WORDS_BEGIN, WORDS_END
from registry import directory, entries, letters
from registry.clock import BANGKOK
from registry.desk.addressees import Addressee, in_words
from registry.errors import NotFound
from registry.jobs import Job
from registry.letter.address import Address
from registry.letter.delivery import Delivery
from registry.letter.entity import LegalEntity
from registry.letter.entry import Entry
from registry.letters import Letter

MANIFEST = "application/vnd.saraban.letter+json"
_REFERS: Final = re.compile(r"^[ \t]*อ้างถึง", re.MULTILINE)


def draft(session: Session, tools: Tools, job: Job) -> Draft:
    """Return the draft of one delivery. Raises NotFound when entry or letter are not there."""
    if job.entry_id is None or job.letter_id is None:
        raise NotFound(f"job {job.id} names no letter")
    entity = directory.entity_by_id(session, job.entity_id)
    entry = entries.get(session, job.entry_id, cleared=True)
    letter = letters.get_letter(session, job.letter_id)
    delivery = next((one for one in entry.deliveries if one.id == job.delivery_id), None)
    name = parties.clerk_name(session, letter.clerk, letter.sender_name)
    to_name = delivery.to_name if delivery else ""
    text, copy = letter.text.strip(), delivery is not None and delivery.is_copy
    if copy:
        entry = replace(entry, due=None)  # nothing is asked of who gets it for information
    return Draft(
        mail_from=parties.bounce_address(entity, tools.keys, job.id),
        rcpt_to=job.to_address,
        message_id=job.message_id,
        sender=parties.sender_of(entity, name),
        receiver=Address("" if to_name == job.to_address else to_name, job.to_address),
        reply_to=parties.answer_address(entity, tools.keys, entry.id),
        references=tuple(job.facts.get("references", ())),
        at=entry.registered_at,
        template="letter",
        html=True,
        facts={
            "head": _head(entry, text),
            "office": entry.from_text or entity.name,
            **_receivers(letter, job.to_address, to_name),
            "copy": copy,
            "text": text,
            "words_begin": WORDS_BEGIN,
            "words_end": WORDS_END,
            "contact": parties.contact(session, entity, letter.clerk, letter.sender_name),
        },
        more_header=_marks(entry, text),
        enclosed=enclosed(entry.enclosures, tools, none_in_mail=False),
        link_for=None if entry.secrecy else letter.id,
        receiver_limit=_limit(session, job),
        machine=_manifest(entity, entry, delivery),
    )


def _receivers(letter: Letter, address: str, to_name: str) -> dict[str, str]:
    """Return ถึง and สำเนาส่ง: whoever gets a copy reads to whom the letter itself went (ข้อ 11)."""
    there = [Addressee.from_fact(fact) for fact in letter.facts.get("addressees", ())]
    copies = [one for one in there if one.copy]
    main = in_words(one for one in there if not one.copy)
    mine = any(one.address == address for one in copies)
    return {
        "to": (main if mine else to_name) or letter.to_text,
        "copies": in_words(replace(one, copy=False) for one in copies),
    }


def _limit(session: Session, job: Job) -> int | None:
    known = directory.entity_by_address(session, job.to_address)
    return known.max_message_bytes if known else None


def _head(entry: Entry, text: str) -> head.Head:
    """Return what stands above the clerk's words; their own อ้างถึง is not repeated."""
    shown = head.of_entry(entry)
    return replace(shown, references=()) if _REFERS.search(text) else shown


def _marks(entry: Entry, text: str) -> tuple[tuple[str, str], ...]:
    """Return what another installation reads instead of guessing; stored forms, Arabic digits."""
    marks = {
        "X-Saraban-Letter-Number": entry.letter_number,
        "X-Saraban-Dated": entry.dated.isoformat() if entry.dated else "",
        "X-Saraban-Urgency": entry.urgency,
        "X-Saraban-Due": entry.due.astimezone(BANGKOK).isoformat() if entry.due else "",
        "X-Saraban-Subject": entry.subject,
        "X-Saraban-Text": "" if text else NO_WORDS,
    }
    return tuple((name, one_line(value)) for name, value in marks.items() if value)


def _manifest(entity: LegalEntity, entry: Entry, delivery: Delivery | None) -> "_Manifest":
    facts: dict[str, Any] = {
        "version": 1,
        "letter_number": entry.letter_number,
        "dated": _day(entry.dated),
        "subject": entry.subject,
        "urgency": entry.urgency,
        "due": entry.due.isoformat() if entry.due else None,
        "message_id": entry.message_id,
        "from": {"name": entity.name, "address": entity.central_address},
        "to": {"name": delivery.to_name, "address": delivery.to} if delivery else None,
        "references": [
            {"text": one.text, "entity": one.entity, "number": one.number, "dated": _day(one.dated)}
            for one in entry.references
        ],
    }
    return _Manifest(facts, entry)


class _Manifest:
    """Makes the part once it is known which files travel by link."""

    def __init__(self, facts: dict[str, Any], entry: Entry) -> None:
        self._facts, self._entry = facts, entry

    def __call__(self, page: Page, out: frozenset[int]) -> File:
        files = [
            {
                "name": one.name, "role": one.role, "bytes": one.bytes, "sha256": one.sha256,
                "media_type": one.media_type, "by": "link" if place in out else "mail",
            }
            for place, one in enumerate(self._entry.enclosures)
        ]  # fmt: skip
        where = {"page": page.url, "until": _day(page.until)} if out else {}
        text = json.dumps(
            {**self._facts, "enclosures": files, **where}, ensure_ascii=False, indent=1
        )
        return File("saraban.json", "saraban.json", MANIFEST, data=text.encode())


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
