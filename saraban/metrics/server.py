"""The role ``metrics``: ``GET /metrics`` for Prometheus, with a bearer token where one is set.

Counters are added up from the files of all processes, gauges are read when asked, so that nothing
here slows the others. While the database is away its figures are missing and
``saraban_database_up`` is 0; an error in one source never hides the others.
"""

import asyncio
import hmac
import logging
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gateway.service import Ready, Runtime
from gateway.serving import serve_app
from registry import counters
from registry.errors import OutOfOrder, SarabanError
from saraban.metrics.families import Figure, counted, families
from saraban.metrics.standing import books
from saraban.metrics.surroundings import surroundings

log = logging.getLogger(__name__)


class Figures(Collector):
    """All figures of one installation, as they stand when collected. Blocking."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def collect(self) -> Iterator[Metric]:
        """Give every family once."""
        return families(self._all())

    def _all(self) -> list[Figure]:
        found = [Figure("saraban_info", "Version.", 1, {"version": version("saraban")})]
        found += counted(counters.read_all(self._runtime.data_dir))
        try:
            found += surroundings(self._runtime)
        except (OSError, SarabanError) as error:
            log.warning("figures of the data folder are missing: %s", type(error).__name__)
        return found + self._books()

    def _books(self) -> list[Figure]:
        told, up = "Whether the books could be asked.", "saraban_database_up"
        try:
            with self._runtime.database.read() as session:
                return [*books(session, self._runtime), Figure(up, told, 1)]
        except (SQLAlchemyError, SarabanError) as error:
            log.warning("figures of the books are missing: %s", type(error).__name__)
            return [Figure(up, told, 0)]


class Page:
    """The handler of /metrics; without a token anybody who reaches it may see it."""

    def __init__(self, runtime: Runtime, token: bytes | None) -> None:
        self._figures = CollectorRegistry(auto_describe=False)
        self._figures.register(Figures(runtime))
        self._token = token

    async def show(self, request: Request) -> Response:
        """Give the figures to whoever may see them."""
        if not self._may(request.headers.get("authorization", "")):
            denied = {"WWW-Authenticate": "Bearer"}
            return PlainTextResponse("a bearer token is needed\n", 401, headers=denied)
        text = await run_in_threadpool(generate_latest, self._figures)
        return Response(text, media_type=CONTENT_TYPE_PLAIN_0_0_4)

    def _may(self, header: str) -> bool:
        if self._token is None:
            return True
        kind, _, given = header.partition(" ")
        same = hmac.compare_digest(given.strip().encode(), self._token)
        return kind.lower() == "bearer" and same


async def run_metrics(runtime: Runtime, stop: asyncio.Event, ready: Ready) -> None:
    """Serve the figures until told to stop. Raises OutOfOrder when the token cannot be read."""
    settings = runtime.office.metrics
    if not settings.listen:
        ready({})
        await stop.wait()
        return
    token = _token(settings.token_file) if settings.token_file else None
    app = Starlette(routes=[Route("/metrics", Page(runtime, token).show, methods=["GET"])])
    await serve_app(app, "metrics", settings.listen, stop, ready)


def _token(path: str) -> bytes:
    try:
        token = Path(path).read_bytes().strip()
    except OSError as error:
        token, why = b"", error.strerror
    else:
        why = "it is empty"
    if not token:
        raise OutOfOrder(
            f"metrics.token_file {path}: {why}",
            thai=f"อ่าน metrics.token_file {path} ไม่ได้ หรือไฟล์ว่าง",
        )
    return token
