"""``saraban letter`` - look at letters and work on those that wait.

REF is the id of a letter or an entry, or รับ/2231/2568, ส่ง/ว 12/2569. Acts on letters are in
:mod:`saraban.cli.letter_acts`.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import click

from gateway.inbound import rebuild
from gateway.service import Runtime
from registry import deliveries, entries, letters, movements
from registry.accounts.clearance import covers
from registry.errors import NotAllowed
from registry.letter.enclosure import human_size
from registry.letter.entry import Entry, EntryFile
from registry.letter.signature import Signature
from registry.letters import Letter
from registry.signature_words import OUTCOMES
from registry.thai.dates import short_date
from registry.thai.numerals import to_thai
from registry.withheld import WITHHELD, why_withheld
from saraban.cli import letter_acts, stamped
from saraban.cli.beside import beside
from saraban.cli.common import as_json, emit, entity_option, say, show, show_facts, with_runtime
from saraban.cli.entries import (
    as_data,
    facts_of,
    inside_of,
    letter_data,
    scan_of,
    sender_facts,
)
from saraban.cli.passing import way_of
from saraban.cli.pressing import pressing
from saraban.cli.read import chain_facts, chain_of, read_facts
from saraban.cli.who import (
    clearance_in,
    cleared_entity,
    hosted_entity,
    letter_of,
    resolve,
    secrets_for,
)
from saraban.times import when

STATES = {
    "waiting": "รอลงรับ",
    "secret": "รอนายทะเบียนข้อมูลข่าวสารลับ",
    "draft": "รอออกเลข",
    "returned": "ส่งคืนแล้ว",
    "withdrawn": "เรียกคืนแล้ว",
    "registered": "ลงรับแล้ว ไฟล์รอตรวจ",
    "sent": "ส่งแล้ว ไฟล์รอตรวจ",
}
SECRET = "หนังสือมีชั้นความลับ โปรดระบุ --as เป็นนายทะเบียนข้อมูลข่าวสารลับของหน่วยงาน"  # noqa: S105 - a text
SEALED = "ระบบอ่านหนังสือฉบับนี้ไม่ได้ จึงอาจเป็นหนังสือลับ โปรดเปิดดูก่อนด้วย saraban letter open"


@click.group()
def letter() -> None:
    """Look at letters; accept, return, link them."""


letter_acts.join(letter)
stamped.join(letter)


@letter.command("show")
@click.argument("ref")
@entity_option
@as_json
@secrets_for
@with_runtime
def show_(
    runtime: Runtime, ref: str, owner: str | None, *, as_json: bool, cleared: str | None
) -> None:
    """Show one letter with its files, links and deliveries."""
    with runtime.database.read() as session:
        letter_id, entry_id = resolve(session, ref, owner)
        entry = (
            entries.get(session, entry_id, keys=runtime.keys, cleared=True) if entry_id else None
        )
        whole = letters.get_letter(session, letter_id) if letter_id else None
        marked = (entry.secrecy if entry else None) or (whole.secrecy if whole else None)
        clear = cleared_entity(session, cleared, marked)
        if entry and _hidden(entry, clear):
            entry = entries.redact(entry)
        found = _seen(whole, clear) if whole else None
        history = deliveries.history(session, [one.id for one in entry.deliveries] if entry else [])
        way = movements.of(session, entry.id) if entry and not _hidden(entry, clear) else []
        hidden = found is not whole or (entry is not None and _hidden(entry, clear))
        known = beside(session, found, hidden=hidden)
        kin = chain_of(session, entry, cleared=bool(clear))
        numbers = {
            one.entry: entries.get(session, one.entry) for one in (entry.links if entry else ())
        }
    if as_json:
        shown = as_data(entry, runtime.links_url) if entry else letter_data(found) if found else {}
        emit(shown | known.as_json())
    elif entry:
        show_facts(facts_of(entry, found, runtime.links_url, numbers, history, known.told))
        show_facts(pressing(runtime.desk, entry, runtime.clock.now()))
        show_facts([*chain_facts(kin), *read_facts(known.paper, known.detail)])
        show_facts([*way_of(way), *_signed_facts(known.signatures)])
    elif found:
        show_facts(_waiting_facts(found, known.told))
        show_facts(
            [*pressing(runtime.desk, found, runtime.clock.now()), *_signed_facts(known.signatures)]
        )
        show_facts(read_facts(known.paper, known.detail))


@letter.command()
@click.argument("ref")
@entity_option
@secrets_for
@with_runtime
def original(runtime: Runtime, ref: str, owner: str | None, cleared: str | None) -> None:
    """Write the mail as it came in, byte for byte, to standard output."""
    with runtime.database.read() as session:
        letter_id = letter_of(session, ref, owner)
        found = letters.get_letter(session, letter_id)
        if (found.secrecy or found.sealed) and found.entity != cleared_entity(
            session, cleared, found.secrecy
        ):
            raise NotAllowed(
                "a secret letter: name a cleared officer with --as",
                thai=SEALED if found.sealed and not found.secrecy else SECRET,
            )
        kept = letters.original_of(session, letter_id)
    if found.scan in WITHHELD:
        say(f"คำเตือน: {why_withheld(found.scan)} ({found.scan_detail})")
    rebuild.write(kept, runtime.blobs, sys.stdout.buffer)
    sys.stdout.buffer.flush()


@letter.command()
@entity_option
@as_json
@secrets_for
@with_runtime
def waiting(runtime: Runtime, owner: str | None, *, as_json: bool, cleared: str | None) -> None:
    """List letters that wait to be registered (รอลงรับ), for a number, or with files withheld."""
    with runtime.database.read() as session:
        own = hosted_entity(session, owner).code if owner else None
        clear = cleared_entity(session, cleared)
        grades = clearance_in(session, cleared, clear or "")
        found = [*letters.waiting(session, own), *letters.drafts(session, own)]
        there = {one.id for one in found}
        found += [one for one in letters.withheld(session, own) if one.id not in there]
    shown = [_seen(one, clear if covers(grades, one.secrecy) else None) for one in found]
    if as_json:
        emit([letter_data(one) for one in shown])
        return
    rows = [
        (
            one.id,
            one.entity,
            STATES.get(one.state, one.state),
            when(one.accepted_at),
            one.sender_name or one.sender or one.clerk,
            one.subject or (f"({one.secrecy})" if one.secrecy else ""),
            one.why_waiting or why_withheld(one.scan),
        )
        for one in shown
    ]
    headers = ("รหัส", "หน่วยงาน", "สถานะ", "เข้าเมื่อ", "จาก", "เรื่อง", "เหตุที่รอ")
    show(rows, headers, "ไม่มีหนังสือรอดำเนินการ")


def _hidden(entry: Entry, clear: str | None) -> bool:
    return entry.secrecy is not None and entry.entity != clear


def _seen(one: Letter, clear: str | None) -> Letter:
    """Give the letter as this reader may see it."""
    if one.entity == clear or not (one.secrecy or one.sealed):
        return one
    why = one.why_waiting if one.sealed and not one.secrecy else ""
    return replace(letters.redact(one), why_waiting=why)


def _waiting_facts(one: Letter, told: Mapping[str, str]) -> list[tuple[str, str]]:
    return [
        ("รหัส", one.id),
        ("สถานะ", STATES.get(one.state, one.state)),
        ("เข้าเมื่อ", when(one.accepted_at)),
        ("จาก", f"{one.sender_name} <{one.sender}>".strip() if one.sender else ""),
        *(sender_facts(one) if one.direction == "in" else ()),
        ("ที่", to_thai(one.letter_number)),
        ("ลงวันที่", short_date(one.dated) if one.dated else ""),
        ("เรื่อง", one.subject),
        ("ถึง", one.to_text),
        ("ชั้นความเร็ว", one.urgency),
        ("ชั้นความลับ", one.secrecy or ""),
        ("เหตุที่รอ", one.why_waiting),
        ("เหตุที่ส่งคืน", one.return_reason),
        ("ตรวจไวรัส", scan_of(one)),
        *(line for file in one.enclosures for line in _file_facts(one, file, told)),
        *(("หมายเหตุการอ่าน", defect) for defect in one.defects),
    ]


def _signed_facts(signatures: Iterable[Signature]) -> Iterator[tuple[str, str]]:
    for one in signatures:
        said = " · ".join(filter(None, (OUTCOMES[one.outcome], one.signer, one.detail)))
        yield ("ลายมือชื่อดิจิทัล", said)


def _file_facts(one: Letter, file: EntryFile, told: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield ("ไฟล์", f"{file.name} ({human_size(file.bytes)})")
    yield from inside_of(one, file, told)
