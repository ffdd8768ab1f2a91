"""The links listener: the only part that may face the Internet by web.

    GET  /l/TOKEN          the page of a letter's files; looking spends nothing
    GET  /l/TOKEN/FILE     the same page
    POST /l/TOKEN/FILE     303 to a signed address of the file, good for twelve hours
    GET  /f/SIGNED         the file, with ranges; the first piece is written in the register
    GET  /u/TOKEN          the page onto which files are laid
    POST, HEAD, PATCH      below /u/TOKEN: resumable uploads (tus 1.0.0)

Files that are withheld (:mod:`registry.withheld`) are named with the reason and not given: 403.
Whoever has the token may read: it is 128 bits, and belongs to one letter and one receiver. No
access log is written, since addresses are keys.
"""

import asyncio
import logging
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from gateway.links import pages, receive
from gateway.links.files import begins, send_content
from gateway.links.uploads import Uploads
from gateway.service import Ready, Runtime
from gateway.serving import serve_app
from registry import links
from registry.counters import count
from registry.errors import NotAllowed, NotFound
from registry.letter.entry import EntryFile
from registry.links import LinkState, LinkView

log = logging.getLogger(__name__)


class Pages:
    """The handlers, around the runtime they serve from."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime

    async def show(self, request: Request) -> Response:
        """Show the page of a letter's files."""
        view = await run_in_threadpool(self.view, request, "download")
        if isinstance(view, Response):
            return view
        total = sum(file.bytes for file in view.files)
        path = f"/l/{request.path_params['token']}"
        return pages.page("download", link=view, total=total, path=path, office=view.entity.name)

    async def ask(self, request: Request) -> Response:
        """Answer a POST with the signed address of the file."""
        view = await run_in_threadpool(self.view, request, "download")
        if isinstance(view, Response):
            return view
        wanted = request.path_params["file"]
        file = next((file for file in view.files if file.id == wanted), None)
        if file is None:
            return pages.not_found()
        if file.withheld:
            return pages.withheld(file.withheld, view.entity.central_address)
        until = self.runtime.clock.now() + links.FILE_LIFE
        signed = links.sign_file(
            self.runtime.keys, view.id, wanted, until, generation=view.generation
        )
        return RedirectResponse(f"/f/{signed}", status_code=303, headers=pages.HEADERS)

    async def file(self, request: Request) -> Response:
        """Send a file; the first piece is evidence of pick-up."""
        return await run_in_threadpool(self._file, request)

    def _file(self, request: Request) -> Response:
        now = self.runtime.clock.now()
        signed = links.check_file(self.runtime.keys, request.path_params["signed"], now)
        if signed is None:
            return pages.not_found()
        with self.runtime.database.read() as session:
            file: EntryFile | None = links.file_of(session, signed, now)
        if file is None:
            return pages.not_found()
        if file.withheld:
            return pages.withheld(file.withheld)
        response = send_content(self.runtime.blobs, file, request)
        if begins(request):
            with self.runtime.database.write() as session:
                links.record_download(session, signed.link_id, file.id, now, *whence(request))
            count("saraban_downloads_total")
            peer = {"peer": whence(request)[0]}
            log.info("page %s: file %d is fetched", signed.link_id, file.id, extra=peer)
        return response

    def view(self, request: Request, kind: str) -> LinkView | Response:
        """Give the open page of the token, or the page that says why there is none."""
        now = self.runtime.clock.now()
        with self.runtime.database.read() as session:
            view = links.open_link(session, request.path_params["token"], now)
        if view is None or view.kind != kind:
            return pages.not_found()
        if view.state is not LinkState.OPEN:
            return pages.closed(view.entity.central_address)
        return view


def whence(request: Request) -> tuple[str, str]:
    """Give the address and the program of whoever asks."""
    peer = request.client.host if request.client else ""
    return peer, request.headers.get("user-agent", "")


def make_app(runtime: Runtime) -> Starlette:
    """Make the application."""
    shown = Pages(runtime)
    uploads = Uploads(runtime.data_dir / "uploads", runtime.gateway.smtp.min_free_bytes)
    laid = receive.Receiver(runtime, uploads, shown.view)
    routes = [
        Route("/l/{token}", shown.show, methods=["GET"]),
        Route("/l/{token}/{file:int}", shown.show, methods=["GET"]),
        Route("/l/{token}/{file:int}", shown.ask, methods=["POST"]),
        Route("/f/{signed}", shown.file, methods=["GET"]),
        Route("/u/{token}", laid.show, methods=["GET"]),
        Route("/u/{token}", laid.begin, methods=["POST"]),
        Route("/u/{token}/{upload}", laid.offset, methods=["HEAD"]),
        Route("/u/{token}/{upload}", laid.append, methods=["PATCH"]),
        Route("/healthz", lambda _: PlainTextResponse("ok"), methods=["GET"]),
        Mount("/static", StaticFiles(directory=pages.HERE / "static")),
    ]
    handlers: dict[Any, Any] = {404: _nowhere, NotFound: _nowhere, NotAllowed: _not_taken}
    return Starlette(routes=routes, exception_handlers=handlers)


async def _nowhere(_request: Request, _error: Exception) -> Response:
    return pages.not_found()


async def _not_taken(_request: Request, error: NotAllowed) -> Response:
    """Say in words, for the page's script, why a file was turned away."""
    return PlainTextResponse(error.thai, 422, headers=pages.HEADERS)


async def run_links(runtime: Runtime, stop: asyncio.Event, ready: Ready) -> None:
    """Serve the pages until told to stop; downloads under way are finished."""
    settings = runtime.gateway.links
    if not settings.listen:
        ready({})
        await stop.wait()
        return
    cert, key = settings.tls_cert, settings.tls_key
    await serve_app(make_app(runtime), "links", settings.listen, stop, ready, cert=cert, key=key)
