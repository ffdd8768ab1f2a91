"""Templates and what they may use: filters for Thai, and the facts that every page has.

Everything is escaped; a name that is not there is an error, not an empty place. Filters::

    {{ 12 | num }}            digits as the reader likes them: ๑๒ or 12; a@b2.th stays
    {{ day | day }}           ๓ ต.ค. ๒๕๖๘          {{ day | long_day }}  ๓ ตุลาคม ๒๕๖๘
    {{ at | when }}           ๑๐.๔๒ น. today, else ๓ ต.ค. ๒๕๖๘ ๑๐.๔๒ น.
    {{ bytes | size }}        ๔๐.๐ MB
    {{ subject | wbr }}       with places where a line may end
    {{ subject | mark(spans) }}  the same, with (start, end) places marked

Besides the page's own facts each template knows ``visit``, ``viewer`` (None for a guest),
``menu``, ``counts()``, ``told``, ``theme``, ``digits``, ``static(name)``, ``token``, ``layout``.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from registry import awaiting
from registry.clock import BANGKOK
from registry.letter.enclosure import human_size
from registry.thai.dates import long_date, short_date, thai_time
from registry.thai.numerals import to_arabic, to_thai
from saraban.web import cookies, guide, nav, words
from saraban.web.assets import path_of
from saraban.web.breaks import breakable, marked
from saraban.web.typeset import Typeset

if TYPE_CHECKING:
    from saraban.web.visit import Visit

_HERE: Final = Path(__file__).parent / "templates"
_PLAIN: Final = re.compile(r"(?<!\S)[^\sA-Za-z]*\d[^\sA-Za-z]*(?!\S)")
"""A word with figures and no Latin letter: a number, a date; no address, code or file's name."""


def page(visit: "Visit", template: str, status: int, facts: Mapping[str, Any]) -> Response:
    """Give a page as HTML; what was just done is told on it, and then forgotten."""
    told = cookies.told(visit.request)
    html = environment().get_template(f"{template}.html").render(
        {**_common(visit), "told": told, **facts}
    )  # fmt: skip
    response = HTMLResponse(html, status_code=status)
    if told is not None:
        cookies.forget_told(response)
    return response


@cache
def environment() -> Environment:
    """Make the environment, once a process."""
    made = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False, extensions=[Typeset],
    )  # fmt: skip
    made.filters.update(
        num=_num,
        day=_day,
        long_day=_long_day,
        clock=_clock,
        when=_when,
        size=_size,
        wbr=_wbr,
        mark=marked,
    )
    made.globals.update(
        static=path_of,
        words=words,
        figure=nav.figure,
        about=guide.about,
        new_key=lambda: uuid4().hex,
    )
    return made


def _common(visit: "Visit") -> dict[str, Any]:
    routed = visit.request.app.state.routed
    viewer = visit.seen
    return {
        "visit": visit,
        "viewer": viewer,
        "now": visit.now,
        "path": visit.request.url.path,
        "layout": "bare.html" if visit.wants_part else "base.html",
        "theme": cookies.preference(visit.request, "theme", cookies.THEMES),
        "digits": cookies.preference(visit.request, "digits", cookies.DIGITS),
        "token": visit.form_token(),
        "menu": nav.menu(viewer, _offered(visit, routed)) if viewer else [],
        "routed": routed,
        "counts": cache(lambda: _counts(visit)),
    }


def _offered(visit: "Visit", routed: frozenset[str]) -> frozenset[str]:
    """Give the pages that the menu leads to: none of mailboxes where none is collected from."""
    return routed if visit.runtime.gateway.collector else routed - {"/mailboxes"}


def _counts(visit: "Visit") -> awaiting.Counts:
    with visit.read() as session:
        return awaiting.counts(session, visit.entity.id, cleared=visit.viewer.clearance)


@pass_context
def _num(context: Context, value: object) -> str:
    """Change figures, but not those of an address, a code or a file's name."""
    return _PLAIN.sub(lambda found: _digits(context, found[0]), str(value))


@pass_context
def _day(context: Context, value: date | datetime) -> str:
    return _digits(context, short_date(_date_of(value)))


@pass_context
def _long_day(context: Context, value: date | datetime) -> str:
    return _digits(context, long_date(_date_of(value)))


@pass_context
def _clock(context: Context, at: datetime) -> str:
    return _digits(context, thai_time(at))


@pass_context
def _when(context: Context, at: datetime) -> str:
    """Say when, briefly: the time of day alone for what happened today."""
    local, now = at.astimezone(BANGKOK), context["now"].astimezone(BANGKOK)
    day = "" if local.date() == now.date() else f"{short_date(local.date())} "
    return _digits(context, f"{day}{thai_time(local)}")


@pass_context
def _size(context: Context, size: int) -> str:
    return _digits(context, human_size(size))


def _wbr(text: str) -> Markup:
    return breakable(text)


def _digits(context: Context, text: str) -> str:
    return to_thai(text) if context["digits"] == "thai" else to_arabic(text)


def _date_of(value: date | datetime) -> date:
    return value.astimezone(BANGKOK).date() if isinstance(value, datetime) else value
