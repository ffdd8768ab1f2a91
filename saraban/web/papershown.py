"""The fields that were read off a letter's paper as its page shows them: words, order, places.

Each has its label, its value as an officer reads and types it, how surely it was read, in a word,
what a person said of it, and the address of the picture on which its place is marked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from registry import paper_fields
from registry.desk.field_standing import versions
from registry.desk.judge_paper import may_go_in
from registry.letter.paper import HIGH, PaperField
from registry.letters import Letter
from registry.paper_fields import NAMES, KeptField
from registry.paper_words import more_of
from registry.texts.kinds import has_text
from saraban.web.words import Tag

_LIKELY: Final = 70
_STATES: Final[Mapping[str, Tag]] = {
    "taken": Tag("ใช้แล้ว", "blue"), "confirmed": Tag("ยืนยันแล้ว", "green"),
    "refused": Tag("ไม่ใช้"),
}  # fmt: skip
_FROM: Final[Mapping[str, str]] = {"text": "", "ocr": "จากภาพ", "mail": "จากอีเมล"}
_MOST: Final = 60
_AWAITED: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Shown:
    """One field on the page; ``typed`` is its value as it stands in its box.

    ``mark`` is the path of the page with its place marked, "" where it has none; ``asks`` says
    that a person may still confirm or correct it, ``version`` names the state they would judge.
    """

    id: int
    name: str
    label: str
    typed: str
    sure: str
    state: Tag | None
    by: str
    mark: str
    asks: bool
    more: str
    version: str


@dataclass(frozen=True, slots=True)
class PaperShown:
    """All fields of a letter, what is wrong with it, and how far the reading came."""

    fields: tuple[Shown, ...]
    state: str
    detail: str
    next: int

    def mark(self, field_id: str) -> str:
        """Give the path that marks the place of the field with this id; "" for none."""
        return next((one.mark for one in self.fields if str(one.id) == field_id), "")


def of_letter(session: Session, letter: Letter | None) -> PaperShown:
    """Give what the page of a letter shows of its paper; nothing for a secret one."""
    if letter is None or letter.secrecy is not None:
        return PaperShown((), "", "", 0)
    kept = paper_fields.of(session, letter.id)[:_MOST]
    order = {name: at for at, name in enumerate(NAMES)}
    kept.sort(key=lambda one: (order.get(one.field.name, len(order)), one.field.position))
    files = {file.sha256: file.id for file in letter.enclosures}
    named = versions(session, letter.id) if kept else {}
    fields = tuple(_shown(letter, one, files, named.get(one.id, "")) for one in kept)
    state, detail = paper_fields.progress(session, letter.id)
    following = next((one.id for one in fields if one.asks), 0)
    return PaperShown(fields, state, detail, following)


def is_awaited(letter: Letter | None, read: PaperShown, now: datetime) -> bool:
    """Say whether a letter came so lately that its paper may be read while it is looked at."""
    return (
        letter is not None
        and letter.direction == "in"
        and letter.secrecy is None
        and not read.fields
        and read.state in {"", "pending"}
        and any(has_text(file.media_type) for file in letter.enclosures)
        and now - letter.accepted_at < _AWAITED
    )


def field_of(session: Session, letter_id: str, field_id: int) -> KeptField | None:
    """Give one field of a letter, None for one that it has not."""
    found = (one for one in paper_fields.of(session, letter_id) if one.id == field_id)
    return next(found, None)


def _shown(letter: Letter, one: KeptField, files: Mapping[str, int], version: str) -> Shown:
    field = one.field
    file = files.get(one.sha256 or "")
    mark = ""
    if field.place is not None and file is not None:
        mark = f"/letters/{letter.id}/files/{file}/view?field={one.id}"
    asks = may_go_in(field.name) and one.state not in {"confirmed", "refused"}
    return Shown(
        one.id, field.name, NAMES.get(field.name, field.name), paper_fields.in_words(field),
        _sure(field), _STATES.get(one.state), one.by, mark, asks, more_of(field),
        version,
    )  # fmt: skip


def _sure(one: PaperField) -> str:
    word = (
        "อ่านได้ชัด"
        if one.confidence >= HIGH
        else "ควรตรวจ"
        if one.confidence >= _LIKELY
        else "ไม่แน่ใจ"
    )
    return " ".join(filter(None, (word, _FROM[one.source])))
