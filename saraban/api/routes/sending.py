"""What a program hands in: letters to send, paper to register, numbers to reserve."""

import hashlib
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry import directory
from registry.desk import paper as counter
from registry.desk import slip
from registry.desk.compose import ComposedFile, Composition, hand_over
from registry.desk.lay_down import LaidFile
from registry.desk.scans import Scan
from registry.errors import NotFound
from registry.ids import new_id
from registry.letter.book import Book
from saraban.api.caller import Caller, Registering, Reserving, Sending
from saraban.api.doing import Result, do, entry_to_act_on
from saraban.api.shapes.entry import EntryShape
from saraban.api.shapes.said import HandedIn
from saraban.api.shapes.words import (
    Asked,
    Code,
    Day,
    IdField,
    LongText,
    Rests,
    Text,
    Written,
    day_of,
)
from saraban.api.uploads import read_upload

router = APIRouter(tags=["sending"])

_Upload = Annotated[str, Field(max_length=4000, description="`upload` of POST /files.")]
_Urgency = Literal["", "ด่วน", "ด่วนมาก", "ด่วนที่สุด"]
_MADE: Any = {201: {"model": EntryShape}}


class NewLetter(Asked):
    """A letter to be sent. ``to`` are tokens of /directory: codes, or addresses."""

    subject: Written
    text: LongText = ""
    to: Annotated[list[Written], Field(min_length=1, max_length=500)]
    copies: list[Written] = Field([], max_length=500)
    urgency: _Urgency = ""
    due: Day | None = None
    circular: bool = False
    cites: list[Written] = Field([], max_length=50, description="Lines of อ้างถึง.")
    answers: IdField | None = None
    reserved: IdField | None = None
    unit: Code | None = None
    files: list[_Upload] = Field([], max_length=100)
    send: bool = Field(False, description="Number and send it at once; for registry officers.")
    rest: Rests = True


class ScanOf(Asked):
    """A file laid down, and whether it is the letter itself."""

    upload: _Upload
    role: Literal["letter", "enclosure"] = "letter"


class NewPaper(Asked):
    """A letter on paper, as it lies on the counter."""

    subject: Written
    sender: Written
    letter_number: Annotated[Text, Field(max_length=120)] = ""
    dated: Day | None = None
    to_text: Text = ""
    urgency: _Urgency = ""
    pages: Annotated[int, Field(ge=0, le=10_000)] = 0
    way: Literal["", "post", "registered", "ems", "hand", "fax", "other"] = ""
    unit: Code | None = None
    note: Text = ""
    distinct: bool = False
    scans: list[ScanOf] = Field([], max_length=100)


class NewNumber(Asked):
    """A number to be reserved (จองเลข), of the sent book or a named one."""

    subject: Text = ""
    book: Annotated[str, Field(max_length=40, pattern=r"^[a-zก-ฮเ-ไ][^\s/:+\d]*$")] = "sent"
    unit: Code | None = None
    circular: bool = False
    dated: Day | None = None
    reason: Text = ""


@router.post(
    "/letters", response_model=None, status_code=201, responses={201: {"model": HandedIn}},
    summary="Hand a letter in",
)  # fmt: skip
def hand_in(caller: Sending, body: NewLetter) -> Response:
    """Hand a letter in: a draft that waits for a number, or sent at once (`send`)."""
    what = Composition(
        _key(caller), subject=body.subject, text=body.text, to=tuple(body.to),
        copies=tuple(body.copies), urgency=body.urgency, due=day_of(body.due),
        circular=body.circular, cites=tuple(body.cites), answers=body.answers or "",
        slip=body.reserved or "", unit=body.unit or "", files=_files(caller, body.files),
    )  # fmt: skip

    def work(session: Session) -> Result:
        for entry_id in filter(None, (body.answers, body.reserved)):
            entry_to_act_on(session, caller, entry_id)
        desk = caller.resting if body.rest else caller.desk
        done = hand_over(session, desk, caller.entity, caller.by, what, now=body.send)
        said = {
            "letter": done.letter_id, "entry": done.entry_id, "state": done.state,
            "number": done.number, "year": done.year,
        }  # fmt: skip
        return Result(201, said=said)

    return do(caller, body, work)


@router.post(
    "/papers", response_model=None, status_code=201, responses=_MADE, summary="ลงรับหนังสือกระดาษ"
)
def paper(caller: Registering, body: NewPaper) -> Response:
    """Register a letter that came on paper; it takes the next receive number."""
    read = counter.Paper(
        body.subject, body.sender, body.letter_number, day_of(body.dated), body.to_text,
        body.urgency, "", body.pages, body.way, body.unit or "", body.note, body.distinct,
    )  # fmt: skip
    scans = [Scan(_laid(caller, one.upload), one.role) for one in body.scans]

    def work(session: Session) -> Result:
        desk, entity = caller.desk, caller.entity
        made = counter.register_paper(session, desk, entity, caller.by, read, scans)
        return Result(201, entry=made.id)

    return do(caller, body, work)


@router.post("/numbers", response_model=None, status_code=201, responses=_MADE, summary="จองเลข")
def reserve(caller: Reserving, body: NewNumber) -> Response:
    """Reserve the next number; it waits until a letter uses it or it is voided."""
    book, day = str(Book(body.book)), day_of(body.dated)

    def work(session: Session) -> Result:
        made = slip.reserve(
            session, caller.desk, caller.entity, caller.by, book=book, subject=body.subject,
            unit_code=_unit(session, caller, body.unit), circular=body.circular, date=day,
            reason=body.reason,
        )  # fmt: skip
        return Result(201, entry=made.id)

    return do(caller, body, work)


def _unit(session: Session, caller: Caller, code: str | None) -> str:
    unit = directory.unit_by_code(session, caller.entity.id, code) if code else None
    if code and unit is None:
        raise NotFound("no such unit", thai="ไม่พบหน่วยงานย่อยรหัสนี้")
    return unit.code if unit else ""


def _key(caller: Caller) -> str:
    """Give the key by which the letter is known again: the same for the same Idempotency-Key."""
    if not caller.once:
        return new_id()
    return hashlib.sha256(f"{caller.token.id}:{caller.once}".encode()).hexdigest()[:32]


def _files(caller: Caller, uploads: list[str]) -> tuple[ComposedFile, ...]:
    found = [_laid(caller, one) for one in uploads]
    return tuple(
        ComposedFile(one.name, one.bytes, one.sha256, one.media_type, one.not_scanned)
        for one in found
    )


def _laid(caller: Caller, upload: str) -> LaidFile:
    found = read_upload(caller.runtime.keys, caller.token.id, upload, caller.now)
    host = caller.request.client.host if caller.request.client else ""
    agent = f"token:{caller.token.name}"
    return LaidFile(
        found.name, found.bytes, found.sha256, found.media_type, host, agent, found.not_scanned
    )
