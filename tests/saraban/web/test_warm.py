"""The first page made for nobody before anybody asks."""

import asyncio
import logging
from contextlib import closing

from sqlalchemy import func, select

from registry.models.access import ReadingRow
from registry.pdf.preview import Previewer
from saraban.web import warm
from saraban.web.app import make_app


def test_over_large_books_the_first_page_is_made_once_and_nobody_has_looked(desk, caplog):
    runtime = desk.runtime
    with closing(Previewer(runtime.data_dir, runtime.office.reading)) as previews:
        app = make_app(runtime, asyncio.Event(), previews)
        assert warm.try_first_page(runtime, app, least=0)
        assert not [one for one in caplog.records if one.levelno >= logging.WARNING]
        assert not warm.try_first_page(runtime, app)  # small books do without
    with runtime.database.read() as session:
        assert session.scalar(select(func.count()).select_from(ReadingRow)) == 0


def test_a_first_page_that_cannot_be_made_stops_nothing(desk, caplog, monkeypatch):
    def broken(_visit):
        raise RuntimeError

    monkeypatch.setattr(warm, "inbox", broken)
    with closing(Previewer(desk.runtime.data_dir, desk.runtime.office.reading)) as previews:
        app = make_app(desk.runtime, asyncio.Event(), previews)
        assert warm.try_first_page(desk.runtime, app, least=0)
    assert "the first page could not be made" in caplog.text
