"""ค้นหา: one box in the head of every page, and what it finds, while one types or by Enter.

The line is read as plain Thai words and explained by chips; clicks narrow it. What is found is of
the viewer's entity alone, and secret letters only for who is cleared. An empty box shows what the
viewer opened last. A search asked for by Enter is written down, with how many letters it found.
"""

from typing import Any, Final

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry import directory, readings
from registry.clock import buddhist_year
from registry.search.hits import Hit, hits_of
from registry.search.places import Span
from registry.search.query import Page, search
from registry.search.terms import Query
from registry.thai.numerals import thai_number
from saraban.web import finding
from saraban.web.finding import Asked
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()

_ON_A_PAGE: Final = 20
_RECENT: Final = 10
_PARTS: Final = ("results", "more")


@router.get("/search")
def find(visit: Visitor) -> Response:
    """Show what was found, or what was opened last where nothing is asked for."""
    visit.must(Act.READ)
    asked_for = visit.request.query_params
    part = visit.request.headers.get("hx-target", "") in _PARTS
    with visit.read() as session:
        options = finding.options_of(session, visit.viewer)
        asked = finding.asked_of(asked_for, options)
        facts = _found(session, visit, asked, asked_for.get("after", ""))
        units = {unit.code: unit.name for unit in directory.units(session, visit.entity.id)}
    page: Page | None = facts["found"]
    if page is not None and page.total is not None and not part:
        visit.note_reading("search", detail=f"{page.total.number} found")
    return visit.page(
        "search_results" if part else "search", asked=asked, units=units,
        part=part,
        year=buddhist_year(visit.now), spans_of=_spans,
        filters=finding.filters(asked, options), chips=finding.chips(asked, options), **facts,
    )  # fmt: skip


def _found(session: Session, visit: Visit, asked: Asked, after: str) -> dict[str, Any]:
    if asked.is_empty:
        return {
            "found": None, "hits": _recent(session, visit), "exact": None, "more": "", "said": "",
            "first": "", "after": "", "offers": (),
        }  # fmt: skip
    page = search(
        session, asked.line, finding.reader_of(visit.viewer), asked.narrowing,
        limit=_ON_A_PAGE, cursor=after or None,
    )  # fmt: skip
    return {
        "found": page,
        "hits": page.hits,
        "exact": None if after else finding.exact(asked.query, page.hits),
        "more": finding.address(asked.line, asked.clicks, page.cursor) if page.cursor else "",
        "said": _total(page),
        "first": finding.address(asked.line, asked.clicks),
        "offers": [(one, finding.address(one, asked.clicks)) for one in page.offers],
        "after": after,
    }


def _recent(session: Session, visit: Visit) -> list[Hit]:
    """Give what the viewer opened last and may still see."""
    refs = readings.opened(session, visit.entity.id, visit.viewer.email, _RECENT)
    return [hit for hit in hits_of(session, refs, Query()) if hit.entity == visit.entity.code]


def _spans(hit: Hit) -> dict[str, tuple[Span, ...]]:
    """Give the places to mark in the line of the register, by field."""
    fields: dict[str, tuple[Span, ...]] = dict.fromkeys(("subject", "number", "from", "to"), ())
    for one in hit.matches:
        if one.where in fields and not (one.where == "from" and one.text != hit.from_text):
            fields[one.where] = one.spans
    return fields


def _total(page: Page) -> str:
    if page.total is None:
        return ""
    if not page.total.number:
        return "ไม่พบหนังสือ"
    about = "มากกว่า " if page.total.more else ""
    return f"พบ {about}{thai_number(page.total.number, thousands=True)} ฉบับ"
