"""The API below ``/api/v1``: an application of its own inside the role ``web``.

It shares nothing with the pages but the runtime: no cookies, no forms, its own words for what goes
wrong. ``/api/v1/openapi.json`` tells programs what there is, ``/api/v1/docs`` people.
"""

import logging
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from registry.apart import Apart
from saraban.api import docs, routes, spec
from saraban.api.pace import Pace
from saraban.api.problems import THAI, handlers, problem
from saraban.runtime import OfficeRuntime

log = logging.getLogger(__name__)

_MOST: Final = 1_000_000  # bytes of a request that is no file
_FILES: Final = "/files"


def make_api(runtime: OfficeRuntime, apart: Apart) -> FastAPI:
    """Make the application; ``apart`` opens files for it. Mount it at ``/api/v1``."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.runtime = runtime
    app.state.apart = apart
    app.state.pace = Pace(runtime.web.api_per_minute)
    for router in _routers():
        app.include_router(router)
    for kind, handler in handlers().items():
        app.add_exception_handler(kind, handler)
    app.add_route("/openapi.json", _document, include_in_schema=False)
    app.add_route("/docs", _docs, include_in_schema=False)
    app.add_middleware(_Bounded)
    app.add_exception_handler(405, _no_such_method)
    return app


def mounted(runtime: OfficeRuntime, apart: Apart) -> ASGIApp:
    """Make the application as the pages mount it: what went wrong in it is answered in it."""
    app = make_api(runtime, apart)

    async def contained(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except Exception:  # noqa: BLE001 - logged whole and answered by its handler in there
            log.debug("an error of the API ends here")

    return contained


def _routers() -> Iterator[APIRouter]:
    """Give the router of every file of ``routes``."""
    for found in pkgutil.iter_modules(routes.__path__):
        yield import_module(f"{routes.__name__}.{found.name}").router


async def _no_such_method(request: Request, _error: Exception) -> Response:
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    methods = spec.allowed(request.app, path) or "GET"
    return problem(405, "no such method", THAI[405], headers={"Allow": methods})


def _document(request: Request) -> Response:
    return JSONResponse(spec.openapi(request.app))


def _docs(request: Request) -> Response:
    return HTMLResponse(docs.page(spec.openapi(request.app)))


class _Bounded:
    """Ends a request whose body is larger than any JSON that is asked for; files stream."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting."""
        if scope["type"] != "http" or scope["path"].endswith(_FILES):
            await self._app(scope, receive, send)
            return
        got = 0

        async def counted() -> Message:
            nonlocal got
            message: dict[str, Any] = dict(await receive())
            got += len(message.get("body", b""))
            if got > _MOST:
                raise HTTPException(413, f"more than {_MOST} bytes")
            return message

        await self._app(scope, counted, send)
