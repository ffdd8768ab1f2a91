"""The officers' pages as they run: an office, its clock, and a server on a port of its own."""

import asyncio
import re
import shutil
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from registry import directory
from registry.accounts import sessions
from registry.clock import BANGKOK, FrozenClock
from saraban.config.load import load
from saraban.runtime import OfficeRuntime
from saraban.web.app import run_web
from tests.saraban.office import OFFICER, Office

NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients that ask without TLS: to read whom the world trusts takes each a thirtieth second."""


class WebDesk:
    """One running installation; ``url`` is where its pages are, ``clock`` moves when told to."""

    def __init__(self, office: Office) -> None:
        self.office = office
        settings = load(office.config, {"SARABAN__WEB__LISTEN": "127.0.0.1:0"})
        self.clock = FrozenClock(datetime.now(BANGKOK))
        self.runtime = OfficeRuntime(
            settings.office, settings.gateway, clock=self.clock, web=settings.web
        )
        self.url = ""
        self._clients: list[httpx.Client] = []

    @contextmanager
    def serving(self) -> Iterator["WebDesk"]:
        """Serve from a thread until the block ends."""
        began, ended = threading.Event(), threading.Event()
        loops: list[asyncio.AbstractEventLoop] = []
        stop = asyncio.Event()

        def ready(ports: dict[str, int]) -> None:
            self.url = f"http://127.0.0.1:{ports['web']}"
            began.set()

        async def serve() -> None:
            loops.append(asyncio.get_running_loop())
            await run_web(self.runtime, stop, ready)

        def run() -> None:
            try:
                asyncio.run(serve())
            finally:
                ended.set()
                began.set()

        thread = threading.Thread(target=run)
        thread.start()
        began.wait()
        try:
            yield self
        finally:
            for client in self._clients:
                client.close()
            if not ended.is_set():
                loops[0].call_soon_threadsafe(stop.set)
            thread.join()
            self.runtime.close()

    def browser(self) -> httpx.Client:
        """Give a client without a session, that follows no redirects by itself."""
        self._clients.append(Reader(base_url=self.url, timeout=30, verify=NOBODY))
        return self._clients[-1]

    def signed_in(self, email: str = OFFICER) -> httpx.Client:
        """Give a client with a session of this officer, begun without the work of a password."""
        client = self.browser()
        client.cookies.set("saraban", self.session_of(email))
        return client

    def session_of(self, email: str) -> str:
        """Begin a session for an officer, and give its token."""
        now = self.clock.now()
        with self.runtime.database.write() as session:
            officer = directory.officer_by_email(session, email)
            assert officer is not None
            return sessions.begin(
                session, officer.id, at=now, life=timedelta(hours=12), complete=True
            )

    def post(
        self, client: httpx.Client, path: str, *, page: str = "", **fields: str
    ) -> httpx.Response:
        """Send a form as a browser does: with the token of a page that holds one."""
        token = token_of(client.get(page or (path if "sign" in path else "/account")).text)
        return client.post(path, data={"_token": token} | fields, headers={"Origin": self.url})


class Reader(httpx.Client):
    """A browser without script that reads text as people do: where a line may end is no text."""

    def send(self, request: httpx.Request, **more: Any) -> httpx.Response:
        """Send a request; of a page give the text without its places for breaks."""
        answer = super().send(request, **more)
        if answer.headers.get("content-type", "").startswith("text/html"):
            text = re.sub('<wbr>|<span class="w">([^<]*)</span>', r"\1", answer.text)
            answer._content = text.encode()
            answer.__dict__.pop("_text", None)
        return answer


def token_of(html: str) -> str:
    """Give the token of the first form of a page."""
    return html.partition('name="_token" value="')[2].partition('"')[0]


def copied(folder: Path, to: Path) -> Office:
    """Give a copy of an office that nobody serves."""
    shutil.copytree(folder, to)
    return Office(to / "saraban.toml")
