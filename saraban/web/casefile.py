"""What the page of one letter shows, gathered for its template; and who may see it at all.

A letter of another entity is not there (NotFound). One with a marking of secrecy shows its number
and times to those who are not cleared, and nothing else; before it has a number it is not there
for them, and says nothing to those who are cleared until they have opened it by name. Nothing is
decided here: acts are :mod:`registry.desk`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from registry import chain, corrections, deliveries, directory, dossier, entries, letters, movements
from registry.accounts.clearance import covers
from registry.desk import hold, withdraw_secret
from registry.desk.authority import must_be_cleared
from registry.desk.close import HOW
from registry.desk.withdraw_secret import Holder
from registry.dossier import Note
from registry.errors import Conflict, NotFound
from registry.ids import is_id
from registry.letter.book import Book
from registry.letter.entity import LegalEntity, Officer, Role
from registry.letter.entry import Entry, EntryFile
from registry.letters import Letter
from registry.movements import Movement
from registry.pdf.preview import can_show
from registry.signatures import signatures_of
from registry.texts.told import told_of
from saraban.web import evidence, papershown, seals
from saraban.web.forms import version_of
from saraban.web.timing import Timing, timing_of
from saraban.web.viewer import Act
from saraban.web.visit import Visit

_STEPS: Final = {
    "present": "เสนอ", "order": "สั่งการ", "endorse": "เกษียน", "pass_on": "ส่งต่อ",
    "close": "ปิดเรื่อง", "reopen": "เปิดเรื่องใหม่",
}  # fmt: skip
_JUDGED: Final = ("waiting", "registered")
_KINDS: Final = {
    "application/pdf": "PDF", "application/zip": "ไฟล์บีบอัด zip", "message/rfc822": "อีเมล",
    "text/plain": "ข้อความ", "text/html": "หน้าเว็บ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paper:
    """One file as the page lists it; ``inside`` are lines on what an archive holds.

    ``told`` is what there is to say of its reading: that it waits, is locked, holds commands.
    """

    file: EntryFile
    kind: str
    shown: bool
    inside: tuple[str, ...]
    outer: str | None
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a matter's way, or a note on it; ``waits`` for an answer that has not come."""

    at: datetime
    by: str
    by_for: str
    word: str
    text: str = ""
    to: str = ""
    letter_id: str | None = None
    waits: bool = False
    undone: bool = False
    id: int = 0


def entry_of(session: Session, visit: Visit, entry_id: str) -> Entry:
    """Give an entry within reach, redacted where they are not cleared; others are not there."""
    if not is_id(entry_id):
        raise NotFound("no id")
    with visit.gate(session):
        return entries.get(session, entry_id, cleared=visit.viewer.clearance)


def plain_entry(session: Session, visit: Visit, entry_id: str) -> Entry:
    """Give an entry that the viewer may read whole; one that is redacted for them is not there."""
    entry = entry_of(session, visit, entry_id)
    if not covers(visit.viewer.clearance, entry.secrecy):
        raise NotFound("no entry of this entity")
    return entry


def entry_to_act_on(session: Session, visit: Visit, entry_id: str) -> Entry:
    """Give an entry that the viewer may change; raise NotAllowed for one that they see redacted."""
    entry = entry_of(session, visit, entry_id)
    must_be_cleared(visit.viewer.acting, entry.id, secret=entry.secrecy)
    return entry


def letter_of(session: Session, visit: Visit, letter_id: str) -> Letter:
    """Give a letter that the viewer may read; others are not there (NotFound)."""
    if not is_id(letter_id):
        raise NotFound("no id")
    with visit.gate(session):
        return letters.get_letter(session, letter_id)


def of_entry(session: Session, visit: Visit, entry: Entry) -> dict[str, Any]:
    """Give the facts of an entry's page; of one that is redacted only itself."""
    hidden = not covers(visit.viewer.clearance, entry.secrecy)
    letter = None if hidden or not entry.letter_id else letters.get_letter(session, entry.letter_id)
    cleared = visit.viewer.clearance
    found = dossier.dossier(session, entry.id, entry.letter_id, cleared=cleared)
    steps = movements.of(session, entry.id)
    ids = [one.id for one in entry.deliveries]
    kin = chain.chain(session, entry.id, cleared=visit.viewer.cleared)
    confirmed = [line for line in found.lines if line.act == "confirmed"]
    facts = {
        "entry": entry, "hidden": hidden, "lines": found.lines, "place": place_of(entry),
        "confirmed": confirmed[-1] if confirmed else None, "version": version_of(entry),
        "steps": [], "struck": {}, "chain": [], "history": {}, "copies": (), "mails": (),
        "superiors": [], "units": [], "how": HOW.items(), "given_back": None, "stop": "",
        "holders": (),
    }  # fmt: skip
    if hidden:
        return facts | of_letter(session, visit, None)
    return facts | of_letter(session, visit, letter) | {
        "lines": found.lines, "steps": _way(steps, found.notes), "chain": kin,
        "struck": _struck(session, entry.id), "history": deliveries.history(session, ids),
        "copies": found.copies, "mails": found.mails,
        "superiors": _superiors(session, visit), "units": directory.units(session, visit.entity.id),
        "given_back": letter.facts.get("given_back") if letter else None,
        "holders": _holders(session, entry, letter), "timing": _timing(visit, entry),
        "stop": _stop(session, visit, entry, letter),
    }  # fmt: skip


def of_letter(session: Session, visit: Visit, letter: Letter | None) -> dict[str, Any]:
    """Give the facts of what came or is to go out: its files, who vouches for it, its text."""
    files = letter.enclosures if letter else ()
    told = told_of(session, [file.sha256 for file in files])
    papers = [_paper(letter, file, told.get(file.sha256, "")) for file in files] if letter else []
    return {
        "letter": letter,
        "timing": _timing(visit, letter),
        "proofs": evidence,
        "words_of_joins": evidence.JOINS,
        "forward": evidence.FORWARD,
        "body": [one for one in papers if one.file.role == "letter"],
        "enclosures": [one for one in papers if one.file.role != "letter" and not one.file.inline],
        "pictures": [one for one in papers if one.file.role != "letter" and one.file.inline],
        "first": _first(visit, papers),
        "scan": evidence.SCANS.get(letter.scan) if letter else None,
        "trust": evidence.trust_of(letter) if letter else None,
        "seals": seals.seals_of(letter, signatures_of(session, letter.id) if letter else ()),
        "known": _known(session, letter),
        "on_paper": letter is not None and bool(letter.facts.get("paper")),
        "lines": dossier.lines_of(session, letter.id) if letter else (),
        "asked_back": _asked_back(letter),
    } | _read(session, visit, letter)


def _asked_back(letter: Letter | None) -> dict[str, Any] | None:
    """Give who asked for the letter back, when and why, while nobody has answered."""
    asked = letter.facts.get("recall") if letter else None
    if not asked or asked["answer"]:
        return None
    return {"by": asked["from"], "at": datetime.fromisoformat(asked["at"]), "why": asked["reason"]}


def _read(session: Session, visit: Visit, letter: Letter | None) -> dict[str, Any]:
    """Give what was read off the paper, and which field is asked about next."""
    read, asked = papershown.of_letter(session, letter), visit.request.query_params.get("field", "")
    judged = letter is not None and letter.direction == "in" and letter.state in _JUDGED
    return {
        "read": read, "read_next": asked, "read_mark": read.mark(asked),
        "read_waits": papershown.is_awaited(letter, read, visit.now),
        "may_judge": judged and visit.viewer.may(Act.REGISTER),
    }  # fmt: skip


def _timing(visit: Visit, one: Entry | Letter | None) -> Timing | None:
    """Give the times of what came; of what we write none are shown."""
    came = one is not None and (
        one.book == Book.RECEIVED if isinstance(one, Entry) else one.direction == "in"
    )
    return timing_of(visit.desk, one, visit.now) if one is not None and came else None


def _stop(session: Session, visit: Visit, entry: Entry, letter: Letter | None) -> str:
    """Say how the viewer may stop a letter that was sent: take_back, recall, or "" for not at all.

    It is taken back while it has not left, and recalled once it has.
    """
    if letter is None or letter.direction != "out" or letter.state != "sent":
        return ""
    if not visit.viewer.may(Act.DECIDE) and letter.clerk != visit.viewer.email:
        return ""
    return "take_back" if hold.is_here(hold.letter_jobs(session, entry.id)) else "recall"


def _holders(session: Session, entry: Entry, letter: Letter | None) -> Sequence[Holder]:
    """Give who has a secret letter or has seen it, for the officer who must know."""
    if letter is None or entry.secrecy is None:
        return ()
    return withdraw_secret.holders(session, letter.id, entry.id)


def must_be_opened(letter: Letter) -> None:
    """See that a letter that is or may be secret was opened; else raise Conflict."""
    if letter.unopened:
        raise Conflict("it was not opened", thai="ยังไม่ได้เปิดอ่านหนังสือฉบับนี้ โปรดเปิดอ่านก่อน")


def place_of(entry: Entry) -> str:
    """Say which line it is, in Arabic digits: เลขรับ 3374/2562, ทะเบียนส่ง ว 12/2569."""
    word = "เลขรับ" if entry.book == Book.RECEIVED else f"ทะเบียน{Book(entry.book).thai}"
    mark = {"secret": "ลับ ", "circular": "ว "}.get(entry.series, "")
    return f"{word} {mark}{entry.number}/{entry.year}"


def _superiors(session: Session, visit: Visit) -> list[Officer]:
    """Give whom an entry can be presented to."""
    people = directory.officers(session, visit.entity.id)
    return [
        one
        for one in people
        if not one.disabled and one.role is not Role.AUDITOR and one.email != visit.viewer.email
    ]


def _struck(session: Session, entry_id: str) -> dict[str, list[corrections.Correction]]:
    found: dict[str, list[corrections.Correction]] = {}
    for one in corrections.of(session, [entry_id]).get(entry_id, ()):
        found.setdefault(one.field, []).append(one)
    return found


def _way(steps: list[Movement], notes: tuple[Note, ...]) -> list[Step]:
    """Give steps and notes in the order in which they came."""
    found = [
        Step(
            one.at, one.by, one.by_for, _STEPS[one.kind], one.text, one.to_name or one.to_address,
            one.answer_letter_id if one.kind == "order" else None,
            one.kind == "present" and not (one.answered_at or one.undone_at),
            one.undone_at is not None, one.id,
        )
        for one in steps
    ]  # fmt: skip
    found += [Step(one.at, one.by, "", "บันทึก", one.text, "", one.letter_id) for one in notes]
    return sorted(found, key=lambda one: one.at)


def _paper(letter: Letter, file: EntryFile, told: str) -> Paper:
    inside = letter.facts.get("contents", {}).get(file.sha256, ())
    outer = letter.facts.get("taken_from", {}).get(file.sha256)
    shown = can_show(file.media_type) and not file.withheld
    return Paper(
        file, _kind(file), shown, tuple(inside), outer, tuple(filter(None, told.split("; ")))
    )


def _kind(file: EntryFile) -> str:
    if file.media_type.startswith("image/"):
        return "ภาพ"
    ending = file.name.rpartition(".")[2]
    short = ending.upper() if "." in file.name and len(ending) <= 5 else "ไฟล์"
    return _KINDS.get(file.media_type, short)


def _first(visit: Visit, papers: list[Paper]) -> Paper | None:
    """Give the file that is shown: the one asked for, else the letter itself, else any."""
    wanted = visit.request.query_params.get("file", "")
    order = sorted(papers, key=lambda one: (str(one.file.id) != wanted, one.file.role != "letter"))
    return next((one for one in order if one.shown), None)


def _known(session: Session, letter: Letter | None) -> LegalEntity | None:
    sender = letter.from_entity_id if letter else None
    return directory.entity_by_id(session, sender) if sender else None
