"""Fixtures of the pages: a seeded office made once a run, served anew for each test; Chromium.

``desk`` is the running office, ``page`` a browser's page on it that fails its test when the page
complains (errors of scripts, of the Content-Security-Policy, of the network). One Chromium serves
all tests of a worker; each test has a context of its own.
"""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.saraban.office import OFFICER
from tests.saraban.web.desk import WebDesk, copied

DESKTOP, PHONE = {"width": 1360, "height": 900}, {"width": 390, "height": 844}
PATIENCE = 60_000
"""Milliseconds until what must come true is said never to: a machine with much to do is slow."""


@pytest.fixture
def desk(seeded: Path, tmp_path: Path) -> Iterator[WebDesk]:
    """จังหวัดแพร่ with its pages served."""
    with WebDesk(copied(seeded, tmp_path / "pages")).serving() as running:
        yield running


@dataclass(frozen=True)
class Chromium:
    """Debian's Chromium; its driver's event loop seems to run in this thread while it is used.

    Beside it no test that is a coroutine could run, so that loop is set aside between the tests.
    """

    browser: Browser
    loop: asyncio.AbstractEventLoop

    def take(self) -> Browser:
        """Let the driver's loop run."""
        asyncio._set_running_loop(self.loop)
        return self.browser

    def leave(self) -> None:
        """Set it aside."""
        asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """Debian's Chromium without its windows, started once a worker.

    It is the same engine; what it leaves out (menus, profiles, drawing frames nobody sees) was two
    fifths of the work of these tests.
    """
    program = shutil.which("chromium-headless-shell")
    assert program, "scripts/test-servers installs chromium-headless-shell"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        made = Chromium(browser, asyncio.get_running_loop())
        made.leave()
        yield made
        made.take().close()


@pytest.fixture
def open_page(desk: WebDesk, chromium: Chromium) -> Iterator[Callable[..., Page]]:
    """Open pages of one's own: ``open_page(email, phone=…)``; nothing may go wrong on any."""
    browser = chromium.take()
    contexts, complaints = [], []

    def opened(email: str = OFFICER, *, phone: bool = False, **options: object) -> Page:
        context = browser.new_context(
            viewport=PHONE if phone else DESKTOP, base_url=desk.url, has_touch=phone,
            locale="th-TH", timezone_id="Asia/Bangkok", **options,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda said: _hear(complaints, said.type, said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if email:
            cookie = {"name": "saraban", "value": desk.session_of(email), "url": desk.url}
            context.add_cookies([cookie])
            page.goto("/")
        return page

    yield opened
    for context in contexts:
        context.close()
    chromium.leave()
    assert complaints == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page of an officer who has signed in, on a desktop."""
    return open_page()


_AS_MEANT = ("the server responded with a status of 4", "htmx:afterRequest", "htmx:sendAbort")


def _hear(complaints: list[str], kind: str, text: str) -> None:
    """Keep what the browser complains of.

    An answer of 4xx that a test asked for is no complaint, nor is a request that htmx took back for
    a newer one: it tells of both ends of that as errors. A line that broke is (htmx:sendError).
    """
    if kind in {"error", "warning"} and not any(one in text for one in _AS_MEANT):
        complaints.append(text)
