"""The form on which a letter is written: from its fields to what is saved, and on to the desk.

What is saved (:mod:`registry.saved`) is what was typed, a date that cannot be read included. Files
lie in the tray of the form's key and are named by their ids; one that was swept from the tray but
is saved is still in the blob store.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy.orm import Session

from registry import saved
from registry.desk.compose import ComposedFile, Composition
from registry.desk.lay_down import LaidFile
from registry.errors import NotFound, NotUnderstood
from registry.ids import is_id
from registry.letter.enclosure import safe_name
from registry.letter.grades import Urgency
from registry.thai.dates import long_date, parse_date
from registry.thai.text import tidy
from saraban.web.trays import Laid, Tray
from saraban.web.visit import Visit

FORM: Final = "letter"
_MOST: Final = 200_000
_RECEIVERS: Final = 300
_TEXTS: Final = {"subject": 1000, "due": 60, "cites": 4000, "answers": 16, "unit": 40}
Content = dict[str, Any]


def begun(what: Composition) -> Content:
    """Give what the form shows of a composition."""
    return {
        "subject": what.subject, "text": what.text, "to": list(what.to),
        "copies": list(what.copies), "urgency": what.urgency,
        "due": long_date(what.due) if what.due else "", "circular": what.circular,
        "cites": "\n".join(what.cites), "answers": what.answers, "unit": what.unit,
        "slip": what.slip, "files": [],
    }  # fmt: skip


def kept(session: Session, visit: Visit, key: str) -> Content | None:
    """Give what this officer has saved under a key, None for nothing."""
    found = saved.get(session, visit.viewer.officer.id, FORM, key) if is_id(key) else None
    return dict(found.content) if found is not None else None


def must_be_kept(session: Session, visit: Visit, key: str) -> Content:
    """Give what is saved under a key; raise NotFound."""
    found = kept(session, visit, key)
    if found is None:
        raise NotFound(
            "no letter is being written here", thai="ไม่พบหนังสือที่เขียนค้างไว้ อาจส่งไปแล้วหรือทิ้งไปแล้ว"
        )
    return found


def keep(session: Session, visit: Visit, key: str, content: Mapping[str, Any]) -> None:
    """Save what was typed."""
    saved.put(session, visit.viewer.officer.id, FORM, key, content, visit.now)


def typed(visit: Visit, key: str, before: Content | None) -> Content:
    """Give what the form says now; what it cannot say comes from what was saved ``before``."""
    form = visit.form
    was = before or begun(Composition(key))
    content: Content = {name: tidy(form.raw(name))[:most] for name, most in _TEXTS.items()}
    content |= {
        "text": form.raw("text").replace("\r\n", "\n").replace("\x00", "")[:_MOST],
        "to": list(dict.fromkeys(form.all("to")))[:_RECEIVERS],
        "copies": list(dict.fromkeys(form.all("copies")))[:_RECEIVERS],
        "urgency": form.choice("urgency", [one.thai for one in Urgency]),
        "circular": form.has("circular"),
        "slip": was["slip"],
        "files": _files(visit, key, was),
    }
    return content


def composition(visit: Visit, key: str, content: Content) -> Composition:
    """Make what the desk takes; what is missing or cannot be read is told beside its field."""
    wrong = visit.form.wrong
    if not content["subject"].strip():
        wrong["subject"] = "โปรดพิมพ์เรื่อง"
    if not content["to"]:
        wrong["find"] = "โปรดเลือกผู้รับอย่างน้อยหนึ่งราย"
    if not content["text"].strip() and not content["files"]:
        wrong["text"] = "โปรดพิมพ์ข้อความ หรือใส่ไฟล์หนังสือ"
    due = None
    try:
        due = parse_date(content["due"]) if content["due"].strip() else None
    except NotUnderstood as error:
        wrong["due"] = error.thai
    names = [safe_name(one["name"]) for one in content["files"]]
    files = [
        ComposedFile(name, one["bytes"], one["sha256"], one["media_type"], one["not_scanned"])
        for name, one in zip(names, content["files"], strict=True)
    ]
    return replace(
        Composition(key), subject=content["subject"].strip(), text=content["text"].strip(),
        to=tuple(content["to"]), copies=tuple(content["copies"]),
        urgency="" if content["urgency"] == Urgency.NORMAL.thai else content["urgency"],
        due=due, circular=content["circular"],
        cites=tuple(line.strip() for line in content["cites"].split("\n") if line.strip()),
        answers=content["answers"], slip=content["slip"], unit=content["unit"],
        files=tuple(files),
    )  # fmt: skip


def laid(content: Content) -> list[Laid]:
    """Give the files of what is written, as the tray shows them."""
    facts = ("name", "bytes", "sha256", "media_type", "not_scanned")
    return [
        Laid(one["id"], LaidFile(**{name: one[name] for name in facts}), one["role"])
        for one in content["files"]
    ]


def _files(visit: Visit, key: str, was: Content) -> list[Content]:
    """Give the files that the form names and that came with it, each once, the letter first."""
    tray = Tray(visit, key)
    there = {one.id: _file(one) for one in tray.sent()}
    before = {one["id"]: one for one in was["files"]}
    named = dict.fromkeys((*visit.form.all("file"), *there))
    found = [there.get(one) or before.get(one) for one in named]
    return sorted((one for one in found if one), key=lambda one: one["role"] != "letter")


def _file(one: Laid) -> Content:
    file = one.file
    return {
        "id": one.id, "name": file.name, "bytes": file.bytes, "sha256": file.sha256,
        "media_type": file.media_type, "not_scanned": file.not_scanned, "role": one.role,
    }  # fmt: skip
