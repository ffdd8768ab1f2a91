"""Letters that wait: listed, read, registered, attached, sent back; drafts let go or given back.

Letters with a marking, and those that nobody could read, are there only for a cleared token.
"""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from registry import letters
from registry.accounts import access
from registry.desk import draft, print_number
from registry.desk.accept import accept, return_letter
from registry.desk.attach import attach
from registry.desk.context import Desk
from registry.desk.printed import PrintedCopy
from registry.errors import Conflict, NotUnderstood
from registry.letters import Letter
from registry.printing import Printer
from saraban.api.caller import Caller, Deciding, Reading, Registering
from saraban.api.doing import Result, do, entry_to_act_on, must_match, seen_letter, show
from saraban.api.shapes.entry import EntryShape, LetterPage, LetterShape
from saraban.api.shapes.said import Told
from saraban.api.shapes.words import (
    Asked,
    Code,
    Day,
    Id,
    IdField,
    Rests,
    Text,
    Written,
    day_of,
)
from saraban.cli.entries import letter_data
from saraban.printing import Printing

router = APIRouter(tags=["letters"])

_NEXT_ONLY: Final = "พิมพ์เลขลงในไฟล์ได้เฉพาะเลขถัดไป หรือเลขที่จองไว้ให้ร่างนี้"
_ENTRY: Any = {200: {"model": EntryShape}}


class Registration(Asked):
    """What the officer read on the paper; what is left out stays as it was read."""

    subject: Written | None = None
    letter_number: Annotated[Text, Field(max_length=120)] | None = None
    dated: Day | None = None
    from_text: Text | None = None
    from_entity: Code | None = None
    to_text: Text | None = None
    urgency: Literal["", "ด่วน", "ด่วนมาก", "ด่วนที่สุด"] | None = None
    unit: Code | None = None
    note: Text | None = None
    distinct: bool = Field(False, description="It is not the letter that it looks like.")


class SendingBack(Asked):
    """Why a letter goes back; its sender reads it."""

    reason: Written
    wrong: bool = Field(False, description="It is defective, or meant for somebody else.")


class Attaching(Asked):
    """The entry that a letter belongs to."""

    entry: IdField


class LettingGo(Asked):
    """Which number a draft is to bear: the next, the one on its paper, or a reserved one."""

    number: Annotated[
        str, Field(max_length=40, pattern=r"^(next|fresh|paper|[a-z2-7]{16})$"),
    ] = "next"  # fmt: skip
    rest: Rests = True
    print_number: bool = Field(
        False,
        description="Print number and date onto the draft's PDF, which was left blank for them; "
        "with `number` next only.",
    )


class GivingBack(Asked):
    """Why a draft goes back to its clerk."""

    reason: Written


@router.get(
    "/letters", response_model=None, responses={200: {"model": LetterPage}}, summary="What waits"
)
def listing(
    caller: Reading,
    direction: Literal["in", "out"] = "in",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str, Query(pattern=r"^([a-z2-7]{16})?$")] = "",
) -> Response:
    """List letters that wait to be registered (in), or drafts that wait for a number (out)."""
    with caller.read() as session:
        all_of_them = letters.waiting if direction == "in" else letters.drafts
        found = sorted(all_of_them(session, caller.entity.code), key=lambda one: one.id)
    shown = [one for one in found if one.id > cursor and _is_for(caller, one)]
    page = shown[:limit]
    after = page[-1].id if len(shown) > limit else None
    return JSONResponse({"items": [letter_data(one) for one in page], "cursor": after})


@router.get(
    "/letters/{letter_id}", response_model=None, responses={200: {"model": LetterShape}},
    summary="One letter",
)  # fmt: skip
def letter(caller: Reading, letter_id: Id) -> Response:
    """Give one letter as it came in or is drafted, by its id or that of its entry."""
    response = show(caller, Result(letter=letter_id))
    caller.note_reading("page", letter_id=letter_id)
    return response


@router.post("/letters/{letter_id}/register", response_model=None, responses=_ENTRY, summary="ลงรับ")
def register(caller: Registering, letter_id: Id, body: Registration) -> Response:
    """Register a waiting letter: it takes the next receive number. Who comes second gets 409."""
    given = body.model_dump(exclude_unset=True)
    wanted = {name: value for name, value in given.items() if value not in (None, False)}
    if "dated" in wanted:
        wanted["dated"] = day_of(wanted["dated"])

    def work(session: Session) -> Result:
        found = _incoming(session, caller, letter_id)
        must_match(session, caller, found)
        return Result(entry=accept(session, caller.desk, found.id, caller.by, **wanted).id)

    return do(caller, body, work)


@router.post(
    "/letters/{letter_id}/attach", response_model=None, responses=_ENTRY,
    summary="แนบกับเลขรับเดิม",
)  # fmt: skip
def attach_to(caller: Registering, letter_id: Id, body: Attaching) -> Response:
    """Keep a waiting letter under an entry that is there already; it takes no number."""

    def work(session: Session) -> Result:
        found = _incoming(session, caller, letter_id)
        entry = entry_to_act_on(session, caller, body.entry)
        return Result(entry=attach(session, caller.desk, found.id, entry.id, caller.by).id)

    return do(caller, body, work)


@router.post(
    "/letters/{letter_id}/return", response_model=None, responses={200: {"model": Told}},
    summary="ส่งคืน",
)  # fmt: skip
def send_back(caller: Registering, letter_id: Id, body: SendingBack) -> Response:
    """Send a waiting letter back; `sender_told` says whether a mail tells its sender."""

    def work(session: Session) -> Result:
        found = _incoming(session, caller, letter_id)
        told = return_letter(
            session, caller.desk, found.id, caller.by, body.reason, wrong=body.wrong
        )
        return Result(said={"letter": found.id, "sender_told": told})

    return do(caller, body, work)


@router.post(
    "/drafts/{letter_id}/send", response_model=None, responses=_ENTRY, summary="ออกเลขและส่ง"
)
def let_go(caller: Deciding, letter_id: Id, body: LettingGo) -> Response:
    """Number a draft and send it; with `print_number` the number is printed onto its PDF first."""
    desk = caller.resting if body.rest else caller.desk
    copy = _printed(caller, letter_id, body, desk) if body.print_number else None

    def work(session: Session) -> Result:
        found = _draft(session, caller, letter_id)
        if copy is not None:  # the draft has changed since by holding its number
            return Result(entry=print_number.send(session, desk, found.id, caller.by, copy).id)
        must_match(session, caller, found)
        return Result(entry=draft.accept(session, desk, found.id, caller.by, body.number).id)

    return do(caller, body, work)


@router.post(
    "/drafts/{letter_id}/return", response_model=None, responses={200: {"model": LetterShape}},
    summary="ส่งคืนผู้ร่าง",
)  # fmt: skip
def give_back(caller: Deciding, letter_id: Id, body: GivingBack) -> Response:
    """Give a draft back to its clerk, who hears why."""

    def work(session: Session) -> Result:
        found = _draft(session, caller, letter_id)
        draft.return_(session, caller.desk, found.id, caller.by, body.reason)
        return Result(letter=found.id)

    return do(caller, body, work)


def _printed(caller: Caller, letter_id: str, body: LettingGo, desk: Desk) -> PrintedCopy | None:
    """Reserve a draft's number and make the copy that bears it; None for what was sent before."""
    if body.number != "next":
        raise NotUnderstood("printed with another number", thai=_NEXT_ONLY)
    with caller.read() as session:
        found = _draft(session, caller, letter_id)
        if found.state != "draft":
            return None
        must_match(session, caller, found)
    printer = Printer(caller.request.app.state.apart)
    return Printing(caller.write, desk, caller.runtime.blobs, printer).copy(found.id, caller.by)


def _is_for(caller: Caller, one: Letter) -> bool:
    draft = one.direction == "out" and not access.sees_draft(caller.reach, one.clerk)
    return not draft and (caller.cleared or not (one.secrecy or one.sealed))


def _incoming(session: Session, caller: Caller, letter_id: str) -> Letter:
    found = seen_letter(session, caller, letter_id)
    if found.direction != "in":
        raise Conflict(f"letter {letter_id} did not come in", thai="หนังสือฉบับนี้เป็นหนังสือส่งออก")
    return found


def _draft(session: Session, caller: Caller, letter_id: str) -> Letter:
    found = seen_letter(session, caller, letter_id)
    if found.direction != "out":
        raise Conflict(f"letter {letter_id} is no draft", thai="หนังสือฉบับนี้ไม่ใช่ร่างหนังสือส่งออก")
    return found
