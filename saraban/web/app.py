"""The role ``web``: the officers' pages at ``web.listen``, and below /api/ what programs use.

FastAPI over the same Starlette and uvicorn as the download pages (docs/decisions/0036). Pages are
found by :mod:`saraban.web.routes`; every request passes :mod:`saraban.web.guard` first.
"""

import asyncio
from contextlib import closing
from functools import partial
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from gateway.service import Ready
from gateway.serving import serve_app
from registry.pdf.preview import Previewer
from saraban.api.app import mounted
from saraban.runtime import OfficeRuntime
from saraban.web import assets, warm, wrong
from saraban.web.guard import Guard
from saraban.web.live import Live
from saraban.web.routes import routers

_NOT_PACKED = ("application/pdf", "application/octet-stream", "message/rfc822")


def make_app(runtime: OfficeRuntime, stop: asyncio.Event, previews: Previewer) -> FastAPI:
    """Make the application; ``stop`` ends the streams that are open, ``previews`` draws pages.

    It is served behind :func:`guarded` only.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.runtime = runtime
    app.state.live = Live(runtime, stop)
    app.state.previews = previews
    app.state.hashing = asyncio.Semaphore(2)  # argon2 takes 19 MB and a core each
    app.router.routes.append(Route("/static/{name}", assets.serve, methods=["GET"]))
    app.router.routes.append(Route("/healthz", _healthz, methods=["GET"]))
    routed: set[str] = set()
    for router in routers():
        app.include_router(router)
        routed.update(str(getattr(route, "path", "")) for route in router.routes)
    app.state.routed = frozenset(routed)
    app.mount("/api/v1", mounted(runtime, previews.apart))
    for kind, handler in wrong.handlers().items():
        app.add_exception_handler(kind, handler)
    return app


def guarded(app: FastAPI, runtime: OfficeRuntime) -> ASGIApp:
    """Give the application as strangers may reach it."""
    packed = GZipMiddleware(
        app, minimum_size=1000, compresslevel=5,
        exclude_content_types=DEFAULT_EXCLUDED_CONTENT_TYPES + _NOT_PACKED,
    )  # fmt: skip
    return Guard(packed, _hosts(runtime), https=runtime.pages_url.startswith("https:"))


async def run_web(runtime: OfficeRuntime, stop: asyncio.Event, ready: Ready) -> None:
    """Serve the pages until told to stop. Raises OutOfOrder for old tables or missing keys."""
    settings = runtime.web
    if not settings.listen:
        ready({})
        await stop.wait()
        return
    await run_in_threadpool(partial(warm.open_all, runtime))
    with closing(Previewer(runtime.data_dir, runtime.office.reading)) as previews:
        app = make_app(runtime, stop, previews)
        await run_in_threadpool(partial(warm.try_first_page, runtime, app))
        pages = guarded(app, runtime)
        await serve_app(
            pages, "web", settings.listen, stop, ready, cert=settings.tls_cert, key=settings.tls_key
        )


def _hosts(runtime: OfficeRuntime) -> list[str]:
    """Name the hosts under which the pages may be asked for."""
    public = urlsplit(runtime.pages_url).hostname or ""
    own = runtime.web.listen.rpartition(":")[0].strip("[]")
    local = ("localhost", "127.0.0.1", "::1")
    return [public, own, runtime.office.instance.hostname, *local, *runtime.web.hosts]


def _healthz(_request: object) -> PlainTextResponse:
    return PlainTextResponse("ok")
