"""Entries of the books: listed, read, corrected; how far a letter came at each addressee."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import AfterValidator, Field
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from registry import deliveries, paging
from registry.desk import amend as lines
from registry.errors import NotUnderstood
from registry.letter.entry import Entry
from registry.thai.text import tidy
from saraban.api.caller import Reading, Registering
from saraban.api.doing import (
    Result,
    data_of_entry,
    do,
    entry_to_act_on,
    must_match,
    seen_entry,
    show,
)
from saraban.api.shapes.entry import DeliveriesShape, EntryPage, EntryShape
from saraban.api.shapes.words import Asked, Day, Id, Text, Written, day_of
from saraban.times import iso

router = APIRouter(tags=["entries"])

_Word = Annotated[
    str | None, Query(max_length=40), AfterValidator(lambda text: text and tidy(text))
]


class Amendment(Asked):
    """Fields of the register as the paper has them; what stood there stays, struck through."""

    reason: Written
    subject: Written | None = None
    letter_number: Annotated[Text | None, Field(max_length=120)] = None
    dated: Day | None = None
    from_text: Text | None = None
    to_text: Text | None = None
    urgency: Literal["", "ด่วน", "ด่วนมาก", "ด่วนที่สุด"] | None = None
    action: Text | None = None
    note: Text | None = None


@router.get(
    "/entries", response_model=None, responses={200: {"model": EntryPage}}, summary="A book"
)
def listing(  # noqa: PLR0913, PLR0917 - one parameter a field
    caller: Reading,
    book: _Word = None,
    series: Literal["ordinary", "circular", "secret"] | None = None,
    year: Annotated[int | None, Query(ge=2400, le=2799, description="พ.ศ.")] = None,
    number: Annotated[int | None, Query(ge=1, le=2_000_000_000)] = None,
    unit: _Word = None,
    state: Literal["registered", "reserved", "void"] | None = None,
    order: Literal["oldest", "newest"] = "oldest",
    limit: Annotated[int, Query(ge=1, le=paging.MOST)] = 50,
    cursor: Annotated[str, Query(pattern=r"^([a-z2-7]{16})?$")] = "",
) -> Response:
    """List entries in the order of their making."""
    with caller.read() as session:
        found, after = paging.page(
            session, caller.entity.id, cursor=cursor, most=limit, newest=order == "newest",
            keys=caller.runtime.keys, cleared=caller.cleared, book=book, series=series, year=year,
            number=number, unit_code=unit, state=state,
        )  # fmt: skip
    return JSONResponse({"items": [data_of_entry(caller, one) for one in found], "cursor": after})


@router.get(
    "/entries/{entry_id}", response_model=None, responses={200: {"model": EntryShape}},
    summary="One entry",
)  # fmt: skip
def entry(caller: Reading, entry_id: Id) -> Response:
    """Give one entry; of one with a marking its number and times, unless the token is cleared."""
    response = show(caller, Result(entry=entry_id))
    caller.note_reading("page", entry_id=entry_id)
    return response


@router.patch(
    "/entries/{entry_id}", response_model=None, responses={200: {"model": EntryShape}},
    summary="Correct an entry",
)  # fmt: skip
def amend(caller: Registering, entry_id: Id, body: Amendment) -> Response:
    """Correct fields, for a reason that stays; needs If-Match with the ETag that was read."""
    given = body.model_dump(exclude_unset=True, exclude={"reason"})
    wanted = {name: value for name, value in given.items() if value is not None}
    if "dated" in wanted:
        wanted["dated"] = day_of(wanted["dated"])

    def work(session: Session) -> Result:
        found = entry_to_act_on(session, caller, entry_id)
        must_match(session, caller, found, needed=True)
        if not wanted:
            raise NotUnderstood("nothing to correct", thai="ไม่ได้ระบุช่องที่จะแก้ไข")
        lines.amend(session, caller.desk, entry_id, caller.by, body.reason, **wanted)
        return Result(entry=entry_id)

    return do(caller, body, work)


@router.get(
    "/entries/{entry_id}/deliveries", response_model=None,
    responses={200: {"model": DeliveriesShape}}, summary="How far it came at each addressee",
)  # fmt: skip
def how_far(caller: Reading, entry_id: Id) -> Response:
    """Give the addressees of a letter with their histories."""
    with caller.read() as session:
        found = seen_entry(session, caller, entry_id)
        items = _deliveries(session, found)
    return JSONResponse({"items": items})


def _deliveries(session: Session, found: Entry) -> list[dict[str, object]]:
    history = deliveries.history(session, [one.id for one in found.deliveries])
    return [
        {
            "to": one.to, "to_name": one.to_name, "to_entity": one.to_entity,
            "state": str(one.state), "at": iso(one.at), "remote_number": one.remote_number or None,
            "reported_at": iso(one.reported_at), "is_copy": one.is_copy,
            "history": [
                {"at": iso(line.at), "state": str(line.state), "detail": line.detail, "by": line.by}
                for line in history[one.id]
            ],
        }
        for one in found.deliveries
    ]  # fmt: skip
