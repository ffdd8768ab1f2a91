"""Before the first request: open and read what the first page needs, so that it is like the others.

Templates are compiled, the word list is loaded, and over large books the first page of the pages is
made once for nobody: that takes a database that was just opened three times as long as later ones.
Small books do without.
"""

import logging

from sqlalchemy import select
from starlette.requests import Request
from starlette.types import ASGIApp

from registry import directory, schema
from registry.accounts.access import Reach
from registry.letter.entity import LegalEntity, Officer, Role
from registry.models.search import SearchDocRow
from saraban.runtime import OfficeRuntime
from saraban.web import assets, render
from saraban.web.breaks import breakable
from saraban.web.forms import Form
from saraban.web.pages.inbox import inbox
from saraban.web.viewer import Viewer
from saraban.web.visit import Visit

log = logging.getLogger(__name__)

_MANY = 10_000


def open_all(runtime: OfficeRuntime) -> None:
    """Read what every page needs. Raises OutOfOrder for old tables or missing keys."""
    schema.require_newest(runtime.database)
    _ = runtime.desk
    assets.assets()
    for name in render.environment().list_templates():
        render.environment().get_template(name)
    breakable("งานสารบรรณ")


def try_first_page(runtime: OfficeRuntime, app: ASGIApp, least: int = _MANY) -> bool:
    """Make the first page once, unless fewer letters than ``least`` are found; say if it was.

    Nothing is written, and nobody is noted as having looked. A page that cannot be made is told to
    the log: whoever asks for it will hear why.
    """
    with runtime.database.read() as session:
        many = select(SearchDocRow.doc).order_by(SearchDocRow.doc.desc()).limit(1)
        houses = directory.hosted(session)
        if not houses or (session.scalar(many) or 0) < least:
            return False
    try:
        inbox(_visit(runtime, app, houses[0]))
    except Exception:
        log.exception("the first page could not be made before anybody asked")
    return True


def _visit(runtime: OfficeRuntime, app: ASGIApp, house: LegalEntity) -> Visit:
    nobody = Officer(0, "", house.code, "", "", Role.OFFICER, disabled=False)
    scope = {
        "type": "http", "method": "GET", "path": "/inbox", "query_string": b"", "headers": [],
        "server": ("localhost", 80), "scheme": "http", "app": app,
    }  # fmt: skip
    viewer = Viewer(nobody, house, Reach(house.id, cleared=False))
    return Visit(Request(scope), runtime, Form({}, {}), None, viewer, "")
