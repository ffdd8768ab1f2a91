"""How entries and letters are printed by the commands: number, JSON, lines."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registry.chain import Kin, Link
from registry.deliveries import DeliveryEvent
from registry.desk.subject import in_brief
from registry.letter.book import Book
from registry.letter.enclosure import human_size
from registry.letter.entry import Entry, EntryFile, EntryLink
from registry.letter.vouched import in_words, what_to_do
from registry.letters import Letter
from registry.thai.dates import long_date
from registry.thai.numerals import to_thai
from saraban.times import iso, when

RELATIONS = {
    "answers": "ตอบ",
    "answered_by": "ได้รับตอบโดย",
    "cites": "อ้างถึง",
    "cited_by": "ถูกอ้างถึงโดย",
    "passes_on": "ส่งต่อจาก",
    "passed_on_by": "ส่งต่อเป็น",
    "encloses": "แนบสำเนาของ",
    "enclosed_by": "แนบไปกับ",
    "replaces": "แทน",
    "replaced_by": "ถูกแทนโดย",
    "duplicates": "อาจซ้ำกับ",
    "duplicated_by": "อาจซ้ำกับ",
    "reports": "รายงานผลของ",
    "reported_by": "รายงานผลโดย",
}
HOW = {
    "token": "ที่อยู่ตอบกลับ",
    "references": "หัวจดหมาย",
    "cited": "อ้างถึงในหนังสือ",
    "subject": "เลขในชื่อเรื่อง",
    "officer": "เจ้าหน้าที่ระบุ",
    "same_number": "เลขที่และวันที่เดียวกัน",
    "alike": "เรื่องและผู้ออกหนังสือใกล้เคียง",
}
STATES = {"registered": "", "reserved": "จองเลขไว้", "void": "ยกเลิกเลข"}


def number_of(one: Entry | Kin) -> str:
    """Give the number as people say it, with ว or ลับ in front, in Arabic digits."""
    if one.series == "secret":
        return f"ลับ {one.number}"
    circular = one.series == "circular" or (one.book == "sent" and "/ว" in one.letter_number)
    return f"ว {one.number}" if circular else str(one.number)


def place_in_books(one: Entry | Kin) -> str:
    """Give the place in the books, as in รับ ๒๒๓๑/๒๕๖๘."""
    return to_thai(f"{Book(one.book).thai} {number_of(one)}/{one.year}")


def as_data(one: Entry, links_url: str) -> dict[str, Any]:
    """Give the entry as JSON, with whole addresses of its enclosures' pages."""
    data = one.as_json()
    for file in data["enclosures"]:
        if file["url"]:
            file["url"] = links_url + file["url"]
    return data


def letter_data(one: Letter) -> dict[str, Any]:
    """Give a letter without a number as JSON; times carry their offset."""
    return {
        "id": one.id,
        "entity": one.entity,
        "direction": one.direction,
        "state": one.state,
        "accepted_at": iso(one.accepted_at),
        "from": one.sender or one.clerk,
        "from_name": one.sender_name,
        "to": one.to_text,
        "subject": one.subject,
        "letter_number": one.letter_number,
        "dated": one.dated.isoformat() if one.dated else None,
        "urgency": one.urgency,
        "secrecy": one.secrecy,
        "why_waiting": one.why_waiting,
        "authenticated": one.authenticated,
        "message_id": one.message_id,
        "original_sha256": one.original_sha256,
        "related_entry": one.related_entry_id,
        "enclosures": [
            {"name": file.name, "role": file.role, "bytes": file.bytes, "sha256": file.sha256,
             "media_type": file.media_type, "split": file.split, "url": file.url,
             "withheld": bool(file.withheld)}
            for file in one.enclosures
        ],
        "defects": list(one.defects),
        "scan": one.scan,
        "scan_detail": one.scan_detail,
    }  # fmt: skip


def inside_of(
    letter: Letter | None, file: EntryFile, told: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Give what is known of the inside of a file, and what it was taken out of.

    ``told`` is what there is to say of the reading of files, by their SHA-256
    (:mod:`registry.texts.told`).
    """
    yield from (("", f"  {line}") for line in told.get(file.sha256, "").split("; ") if line)
    facts = letter.facts if letter else {}
    outer = facts.get("taken_from", {}).get(file.sha256)
    if outer is not None:
        yield ("", f"  แยกออกมาจาก{f' {outer}' if outer else 'ข้อความ'}")
    for line in facts.get("contents", {}).get(file.sha256, ()):
        yield ("", f"  {line}")


def facts_of(
    one: Entry,
    letter: Letter | None,
    links_url: str,
    linked: Mapping[str, Entry],
    history: Mapping[int, Sequence[DeliveryEvent]],
    told: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """Give what ``letter show`` prints, name by name."""
    yield ("ทะเบียน", f"{place_in_books(one)} ({one.entity})")
    yield ("สถานะ", " ".join(filter(None, (STATES[one.state], one.void_reason))))
    yield ("ที่", to_thai(one.letter_number))
    yield ("ลงวันที่", long_date(one.dated) if one.dated else "")
    yield ("จาก", one.from_text)
    yield ("ถึง", one.to_text)
    yield ("เรื่อง", one.subject)
    yield ("ชั้นความเร็ว", one.urgency)
    yield ("ชั้นความลับ", one.secrecy or "")
    yield ("ให้เสร็จภายใน", when(one.due))
    outgoing = letter is not None and letter.direction == "out"
    yield ("ผู้ร่างส่งเมื่อ" if outgoing else "รับเข้าระบบ", when(one.accepted_at))
    yield ("ถือว่าได้รับ", when(one.deemed_received_at))
    yield ("ลงทะเบียน", when(one.registered_at))
    yield ("การปฏิบัติ", one.action)
    yield ("หมายเหตุ", one.note)
    if letter and letter.direction == "in":
        yield ("ผู้ส่ง", letter.sender)
        yield from sender_facts(letter)
    if letter:
        yield ("ตรวจไวรัส", scan_of(letter))
    yield from _references(one)
    for file in one.enclosures:
        word = "ตัวหนังสือ" if file.role == "letter" else "สิ่งที่ส่งมาด้วย"
        word = "ภาพในข้อความ" if file.inline else word
        way = f" · ลิงก์ {links_url}{file.url}" if file.url else ""
        yield (word, f"{file.name} ({human_size(file.bytes)}){way}")
        yield from inside_of(letter, file, told)
    yield from (("เกี่ยวข้อง", _link(link, linked)) for link in one.links)
    for delivery in one.deliveries:
        number = f" เลขรับ {to_thai(delivery.remote_number)}" if delivery.remote_number else ""
        yield (
            "ส่งถึง",
            f"{delivery.to_name or delivery.to} <{delivery.to}>: {delivery.state.thai}{number}",
        )
        for event in history.get(delivery.id, ()):
            yield ("", f"  {when(event.at)} {event.state.thai} {event.detail}".rstrip())
    yield ("รหัส", one.id)
    yield ("Message-ID", one.message_id or "")
    yield ("SHA-256", one.original_sha256 or "")


def sender_facts(letter: Letter) -> Iterator[tuple[str, str]]:
    """Say who vouches for the sender of an incoming letter, and what to do when nobody does."""
    yield ("การยืนยันผู้ส่ง", in_words(letter.trust))
    yield ("ข้อควรทำ", what_to_do(letter.trust))


def scan_of(letter: Letter) -> str:
    """Say what the virus scanner found of a letter; "" where there was none."""
    words = {
        "clean": "ไม่พบไวรัส",
        "not_scanned": "ยังไม่ได้ตรวจ ไฟล์ถูกกักไว้",
        "infected": "พบไวรัส ไฟล์ถูกกักไว้",
        "cleared": f"{letter.facts.get('cleared_by', '')} ให้ใช้ไฟล์ได้",
    }
    detail = letter.scan_detail.removeprefix("final: ")
    said = words.get(letter.scan, letter.scan)
    return f"{said} ({detail})" if said and detail else said


def _references(one: Entry) -> Iterator[tuple[str, str]]:
    """Name อ้างถึง once, and number several."""
    for place, reference in enumerate(one.references, 1):
        number = f"{to_thai(str(place))}. " if len(one.references) > 1 else ""
        yield ("อ้างถึง" if place == 1 else "", number + reference.text)


def _link(link: EntryLink, linked: Mapping[str, Entry]) -> str:
    other = linked[link.entry]
    return (
        f"{RELATIONS[link.relation]} {place_in_books(other)} {in_brief(other.subject)}"
        f" – รู้จาก{HOW.get(link.how, link.how)}{doubt_of(link)}"
    )


def doubt_of(link: EntryLink | Link) -> str:
    """Say of a link that nobody confirmed how likely it is."""
    return "" if link.confirmed else to_thai(f" (น่าจะใช่ {link.score}% รอยืนยัน)")
