"""ทะเบียน: the books as the printed form, by year, month and day; to print, to take out, to close.

A page shows fifty lines of one series in the order of numbers; the year's last page comes first.
What is printed or taken out is the part that the page shows, written into a file without a name
before any of it leaves, so that a slow line holds no session; two such files are made at a time.
"""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import IO, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response, StreamingResponse

from gateway.links.files import disposition
from registry import directory
from registry.accounts.clearance import Clearance
from registry.books import bookform, booklines, closing, listforms
from registry.books.bookfiles import FORMS, write_book
from registry.books.listfiles import KINDS, write_list
from registry.clock import buddhist_year
from registry.desk.close_book import close_book, reopen_book
from registry.errors import NotFound
from registry.letter.book import Book, Series
from registry.thai.numerals import to_thai
from saraban.web import cookies
from saraban.web.bookview import LINES, View, number_asked, read_view
from saraban.web.cookies import Done
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()

_BLOCK: Final = 1 << 16
_WRITING: Final = threading.BoundedSemaphore(2)


@router.get("/books/received")
def received(visit: Visitor) -> Response:
    """Show the received book."""
    return _show(visit, "received")


@router.get("/books/sent")
def sent(visit: Visitor) -> Response:
    """Show the sent book."""
    return _show(visit, "sent")


@router.get("/books/{book}")
def named(visit: Visitor, book: str) -> Response:
    """Show a book by its name."""
    return _show(visit, book)


@router.get("/books/{book}/export/{form}")
def export(visit: Visitor, book: str, form: str) -> Response:
    """Give the part of a book that a page shows, as PDF or for a spreadsheet."""
    visit.must(Act.READ)
    if form not in FORMS:
        raise NotFound("no such form")
    thai = _thai(visit)
    with _WRITING, visit.read() as session, ExitStack() as stack:
        view = read_view(session, visit, book)
        found = booklines.lines(
            session, view.key, view.first, view.last, cleared=visit.viewer.clearance
        )
        file = stack.enter_context(tempfile.TemporaryFile())
        office = _owner(session, visit, view)
        write_book(file, form, found, view.key, office, of=view.of, at=visit.now, thai=thai)
        stack.pop_all()  # the answer closes it
    detail = f"{view.key.book}/{view.key.series}/{view.key.year} {view.first}-{view.last} {form}"
    visit.note_reading("print" if form == "pdf" else "export", detail=detail)
    headers = {
        "Content-Disposition": disposition(f"{bookform.title(view.key)} {view.of}.{form}"),
        "Content-Length": str(file.tell()),
    }
    return StreamingResponse(_pieces(file), headers=headers, media_type=FORMS[form])


@router.get("/books/{book}/forms/{number}/{kind}")
def form_of(visit: Visitor, book: str, number: str, kind: str) -> Response:
    """Give form 16, 17, 19, 20 or 25 of the part of a book that a page shows."""
    visit.must(Act.READ)
    if number not in listforms.FORMS or kind not in KINDS:
        raise NotFound("no such form")
    form = listforms.FORMS[number]
    with _WRITING, visit.read() as session, ExitStack() as stack:
        view = read_view(session, visit, book)
        rows = listforms.rows_of(
            session, number, view.key, view.first, view.last, cleared=visit.viewer.clearance,
            keep_years=visit.runtime.office.registry.keep_years, now=visit.now,
        )  # fmt: skip
        file = stack.enter_context(tempfile.TemporaryFile())
        office = _owner(session, visit, view)
        write_list(file, kind, rows, form, office, of=view.of, at=visit.now, thai=_thai(visit))
        stack.pop_all()  # the answer closes it
    detail = f"form {number} {view.key.book}/{view.key.series}/{view.key.year}"
    visit.note_reading("print" if kind == "pdf" else "export", detail=detail)
    headers = {
        "Content-Disposition": disposition(f"{form.title} {view.of}.{kind}"),
        "Content-Length": str(file.tell()),
    }
    return StreamingResponse(_pieces(file), headers=headers, media_type=KINDS[kind])


@router.get("/books/{book}/closing")
def closing_page(visit: Visitor, book: str) -> Response:
    """Show what a book's year holds, and whether it is closed."""
    return _closing(visit, book)


@router.post("/books/{book}/close")
def close(visit: Visitor, book: str) -> Response:
    """Close a book's year."""
    visit.must(Act.REGISTER)

    def work(session: Session) -> Done:
        view = read_view(session, visit, book)
        close_book(
            session, visit.desk, visit.entity, visit.viewer.email,
            unit=view.key.unit_code, book=view.key.book, year=view.key.year,
        )  # fmt: skip
        said = f"ปิด{Book(view.key.book).heading} ปี {to_thai(str(view.key.year))} แล้ว"
        return Done(f"{view.path}/closing?{view.query}", said)

    return visit.act(work)


@router.post("/books/{book}/reopen")
def reopen(visit: Visitor, book: str) -> Response:
    """Open a closed book again, with a reason."""
    visit.must(Act.REGISTER)
    reason = visit.form.text("reason", need="โปรดเขียนเหตุผลที่เปิดทะเบียนอีกครั้ง")
    if visit.form.wrong:
        return _closing(visit, book, 422)

    def work(session: Session) -> Done:
        view = read_view(session, visit, book)
        reopen_book(
            session, visit.desk, visit.entity, visit.viewer.email, reason,
            unit=view.key.unit_code, book=view.key.book, year=view.key.year,
        )  # fmt: skip
        return Done(f"{view.path}/closing?{view.query}", "เปิดทะเบียนอีกครั้งแล้ว")

    return visit.act(work)


def _show(visit: Visit, book: str) -> Response:
    visit.must(Act.READ)
    cleared = visit.viewer.clearance
    asked = visit.request.query_params.get("go", "").strip()[:40]
    with visit.read() as session:
        view = read_view(session, visit, book)
        number, missing = _number_in(session, view, asked)
        if number is not None:
            return _go(view, *number)
        key = view.key
        lines = booklines.page(session, key, view.start, view.last, LINES, cleared=cleared)
        facts: dict[str, Any] = {
            "months": booklines.months(session, key),
            "books": booklines.books(session, visit.entity.id),
            "units": {one.code: one.name for one in directory.units(session, visit.entity.id)},
            "closed": closing.is_closed(session, key.entity_id, key.unit_code, key.book, key.year),
            "owner": _owner(session, visit, view),
        }
    return visit.page(
        "books", view=view, lines=lines, asked=asked, missing=missing, bookform=bookform,
        heads=bookform.heads(view.key.book), title=bookform.title(view.key), series=_series(view,
        cleared=cleared), Book=Book, forms=_forms(view), ended=_ended(visit, view), **facts,
    )  # fmt: skip


def _forms(view: View) -> list[listforms.ListForm]:
    """Give the forms that can be printed of a book."""
    return [
        one for one in listforms.FORMS.values() if view.key.book == Book.SENT or not one.only_sent
    ]


def _ended(visit: Visit, view: View) -> bool:
    """Say whether the year of a book is over, so that it may be closed."""
    return view.key.year < buddhist_year(visit.now)


def _number_in(session: Session, view: View, asked: str) -> tuple[tuple[int, int] | None, str]:
    """Give the number and year that somebody wants to see, or what to say when it is not there."""
    if not asked:
        return None, ""
    number, year = number_asked(asked)
    if number is None:
        return None, f"“{asked}” ไม่ใช่เลขทะเบียน โปรดพิมพ์เช่น ๒๒๓๑ หรือ ๒๒๓๑/๒๕๖๘"
    year = year or view.key.year
    key = replace(view.key, year=year)
    first, last = booklines.ends(session, key)
    if first <= number <= last:
        return (number, year), ""
    held = f"มีเลข {first} ถึง {last}" if last else "ยังไม่มีเลข"
    return None, f"ไม่มีเลข {number} ในทะเบียนปี {year} ({held})"


def _go(view: View, number: int, year: int) -> Response:
    told: dict[str, str | int] = {"year": year, "from": number}
    if view.key.unit_code:
        told["unit"] = view.key.unit_code
    if view.key.series != Series.ORDINARY:
        told["series"] = view.key.series
    return RedirectResponse(f"{view.path}?{urlencode(told)}#n{number}", status_code=303)


def _closing(visit: Visit, book: str, status: int = 200) -> Response:
    visit.must(Act.READ)
    with visit.read() as session:
        view = read_view(session, visit, book)
        place = view.key.entity_id, view.key.unit_code, view.key.book, view.key.year
        facts: dict[str, Any] = {
            "tallies": closing.tally(session, *place),
            "history": closing.history(session, *place),
            "reserved": closing.reserved(session, *place),
            "closed": closing.is_closed(session, *place),
            "owner": _owner(session, visit, view),
        }
    words = {str(one): one.thai for one in Series}
    return visit.page(
        "book_closing", status=status, view=view, words_of=words, Book=Book,
        form=visit.form, title=Book(view.key.book).heading, ended=_ended(visit, view), **facts,
    )  # fmt: skip


def _series(view: View, *, cleared: Clearance) -> list[tuple[str, str]]:
    """Give the series of the year that this reader may choose, with their words."""
    found = view.years.get(view.key.year, [])
    if len(found) < 2 and view.key.series == Series.ORDINARY:
        return []
    return [(one, Series(one).thai) for one in found if cleared or one != Series.SECRET]


def _owner(session: Session, visit: Visit, view: View) -> str:
    unit = directory.unit_by_code(session, visit.entity.id, view.key.unit_code)
    return unit.name if unit else visit.entity.name


def _thai(visit: Visit) -> bool:
    return cookies.preference(visit.request, "digits", cookies.DIGITS) == "thai"


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_BLOCK):
            yield piece
