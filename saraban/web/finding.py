"""What a search asks for, as the address of its page says it: the line that was typed, and clicks.

``q`` is the line; what was clicked stands beside it (``book``, ``year``, ``urgency``, ``kind``,
``unit``, ``files``) and above what the line says. A value that is none of those offered is left
out. Everything is looked for as the viewer: their entity, and secret letters only when cleared.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from registry import directory
from registry.books import booklines
from registry.errors import NotUnderstood
from registry.letter.entity import Unit
from registry.letter.number import LetterNumber
from registry.search import saying
from registry.search.folding import key_of
from registry.search.hits import Hit
from registry.search.line import parse
from registry.search.terms import Narrowing, Query, Reader
from registry.thai.numerals import to_arabic
from saraban.web.viewer import Viewer

URGENCIES: Final = ("ด่วนที่สุด", "ด่วนมาก", "ด่วน")
_LONGEST: Final = 1000
_YEARS: Final = 6
_GROUPS: Final = (
    ("book", "ทะเบียน"), ("year", "ปี"), ("kind", "สถานะ"), ("urgency", "ชั้นความเร็ว"),
    ("unit", "หน่วยงานย่อย"), ("files", "ไฟล์"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """One click: its word, where it leads, and whether it is chosen now (then it leads out)."""

    name: str
    value: str
    word: str
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """One piece of what is asked for, and the address of the search without it."""

    label: str
    value: str
    href: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One search: the line as it was typed, and what was clicked (name → value, all sound)."""

    line: str
    clicks: Mapping[str, str]

    @property
    def narrowing(self) -> Narrowing:
        """What was clicked, as the search takes it."""
        given: dict[str, Any] = dict(self.clicks)
        if "year" in given:
            given["year"] = int(given["year"])
        if "files" in given:
            given["files"] = True
        return Narrowing(**given)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not self.line and not self.clicks

    @property
    def query(self) -> Query:
        """The line alone, as it is read."""
        return parse(self.line)


def reader_of(viewer: Viewer) -> Reader:
    """Give the reader that a viewer is: of what is within reach, and secret letters if cleared."""
    return Reader.of(viewer.reach)


def asked_of(parameters: Mapping[str, str], options: Mapping[str, Mapping[str, str]]) -> Asked:
    """Read the parameters of the address; ``options`` are what may be clicked."""
    clicks = {
        name: value
        for name, words in options.items()
        if (value := to_arabic(parameters.get(name, ""))) in words
    }
    return Asked(parameters.get("q", "").strip()[:_LONGEST], clicks)


def options_of(session: Session, viewer: Viewer) -> dict[str, dict[str, str]]:
    """Give what may be clicked: for each name its values, and the word for each."""
    theirs = viewer.reach.units
    units: list[Unit] = [
        unit
        for unit in directory.units(session, viewer.entity.id)
        if theirs is None or unit.code in theirs
    ]
    books = booklines.books(session, viewer.entity.id).values()
    years = sorted({year for book in books for year in book}, reverse=True)[:_YEARS]
    kinds = {name: word for name, word in saying.KINDS.items() if name != "secret"}
    return {
        "book": dict(saying.BOOKS),
        "year": {str(year): str(year) for year in years},
        "kind": kinds | ({"secret": "ลับ"} if viewer.clearance else {}),
        "urgency": {word: word for word in URGENCIES},
        "unit": {unit.code: unit.name for unit in units},
        "files": {"yes": "มีไฟล์"},
    }


def filters(
    asked: Asked, options: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, list[Choice]]]:
    """Give the groups of clicks with their titles; a group without choices is left out."""
    said = _narrowed_by_line(asked)
    groups = []
    for name, title in _GROUPS:
        now = asked.clicks.get(name, said.get(name, ""))
        line = saying.without(asked.line, name)
        rest = {key: value for key, value in asked.clicks.items() if key != name}
        found = [
            Choice(
                name, value, word, address(line, rest if value == now else rest | {name: value}),
                value == now,
            )
            for value, word in options[name].items()
        ]  # fmt: skip
        if found:
            groups.append((title, found))
    return groups


def chips(asked: Asked, options: Mapping[str, Mapping[str, str]]) -> list[Chip]:
    """Say in words what is asked for, each piece with the way to leave it out."""
    found = [
        Chip(piece.label, piece.value, address(piece.rest, asked.clicks))
        for piece in saying.pieces(asked.line)
        if piece.name not in asked.clicks
    ]
    for name, value in asked.clicks.items():
        rest = {key: other for key, other in asked.clicks.items() if key != name}
        label = saying.in_words(name, value)[0]
        line = saying.without(asked.line, name)
        found.append(Chip(label, options[name][value], address(line, rest)))
    return found


def address(line: str, clicks: Mapping[str, str], after: str = "") -> str:
    """Give the address of a search; ``after`` is the cursor of a page of it."""
    parts = {"q": line, **clicks, "after": after}
    said = urlencode({name: value for name, value in parts.items() if value})
    return f"/search?{said}" if said else "/search"


def exact(query: Query, hits: tuple[Hit, ...]) -> Hit | None:
    """Give the one letter whose whole number was asked for; None where there is none, or two."""
    wanted = {one.number or one.mark for one in query.terms}
    if len(query.terms) != 1 or not wanted:
        return None
    found = [hit for hit in hits if wanted & _marks(hit)]
    return found[0] if len(found) == 1 else None


def _marks(hit: Hit) -> set[str]:
    """Give the marks by which the index knows the numbers of this letter, and no other's."""
    marks = {f"N{key_of(hit.letter_number)}", f"I{hit.letter_id}", f"I{hit.entry_id}"}
    with suppress(NotUnderstood):
        marks.add(f"N{key_of(LetterNumber.parse(hit.letter_number).key)}")
    book, _, number = hit.place.partition("/")
    names = {"รับ": "received", "ส่ง": "sent"}
    if number:
        number = number.replace(" ", "")
        marks |= {f"N{number}", f"N{names.get(book, book)}/{number}"}
    return marks


def _narrowed_by_line(asked: Asked) -> dict[str, str]:
    narrowing = asked.query.narrowing
    return {
        name: str(value)
        for name, _title in _GROUPS
        if (value := getattr(narrowing, name)) is not None
    }
