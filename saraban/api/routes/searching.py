"""Searching, as officers do it: a line of plain words, narrowed by what could be clicked."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import AfterValidator
from starlette.responses import JSONResponse, Response

from registry.search.hits import Hit
from registry.search.query import search
from registry.search.terms import Narrowing, Reader
from registry.thai.text import tidy
from saraban.api.caller import Reading
from saraban.api.shapes.entry import HitPage
from saraban.api.shapes.words import Day, day_of
from saraban.times import iso

router = APIRouter(tags=["search"])

_Word = Annotated[
    str | None, Query(max_length=40), AfterValidator(lambda text: text and tidy(text))
]


@router.get("/search", response_model=None, responses={200: {"model": HitPage}}, summary="Find")
def find(  # noqa: PLR0913, PLR0917 - one parameter a field
    caller: Reading,
    q: Annotated[str, Query(max_length=500, description="จาก แพร่ ปี 2569 "), AfterValidator(tidy)],
    book: _Word = None,
    year: Annotated[int | None, Query(ge=2400, le=2799, description="พ.ศ.")] = None,
    since: Day | None = None,
    until: Day | None = None,
    urgency: Literal["ด่วน", "ด่วนมาก", "ด่วนที่สุด"] | None = None,
    kind: Literal["entry", "waiting", "draft"] | None = None,
    unit: _Word = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str, Query(max_length=200), AfterValidator(tidy)] = "",
) -> Response:
    """Find letters; no line is wrong: `notes` tell what was made of odd places."""
    reader = Reader.of(caller.reach)
    narrowing = Narrowing(
        book=book, year=year, since=day_of(since), until=day_of(until), urgency=urgency, kind=kind,
        unit=unit,
    )  # fmt: skip
    with caller.read() as session:
        page = search(session, q, reader, narrowing, limit=limit, cursor=cursor or None)
    caller.note_reading("search", detail=f"{len(page.hits)} hits")
    return JSONResponse(
        {
            "items": [_hit(one) for one in page.hits],
            "cursor": page.cursor,
            "total": page.total.number if page.total else None,
            "total_exact": not page.total.more if page.total else None,
            "notes": list(page.notes),
            "offers": list(page.offers),
            "explained": list(page.explained),
        }
    )


def _hit(one: Hit) -> dict[str, Any]:
    return {
        "letter": one.letter_id, "entry": one.entry_id, "unit": one.unit, "place": one.place,
        "letter_number": one.letter_number, "dated": one.dated.isoformat() if one.dated else None,
        "from": one.from_text, "to": one.to_text, "subject": one.subject, "urgency": one.urgency,
        "secrecy": one.secrecy, "state": one.state, "at": iso(one.at),
        "matches": [
            {
                "where": match.where, "text": match.text, "file": match.file,
                "spans": [list(span) for span in match.spans],
            }
            for match in one.matches
        ],
    }  # fmt: skip
