"""Serving an ASGI application on one listener until told to stop, by uvicorn.

Signals stay with the process; no access log is written, since addresses may be keys. A certificate
is that of :mod:`gateway.tls`: each handshake gets the one that is in use then, so that new files
need no restart.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from gateway.service import Ready
from gateway.tls import Certificate

_GRACE = 25  # seconds for downloads under way


class _Server(uvicorn.Server):
    """A server that leaves signals to the process it runs in."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signal handlers; the role's own stop event ends the serving."""
        yield


async def serve_app(
    app: Any,
    name: str,
    listen: str,
    stop: asyncio.Event,
    ready: Ready,
    *,
    cert: str = "",
    key: str = "",
) -> None:
    """Serve ``app`` at ``listen`` (host:port), tell its port by ``ready``, and end with ``stop``.

    Raises OSError when the port cannot be had, OutOfOrder for a certificate that cannot be used.
    """
    host, _, port = listen.rpartition(":")
    listener = socket.create_server((host.strip("[]"), int(port)), backlog=512)
    config = uvicorn.Config(
        app,
        access_log=False,
        lifespan="off",
        log_config=None,
        server_header=False,
        ssl_certfile=cert or None,
        ssl_keyfile=key or None,
        timeout_graceful_shutdown=_GRACE,
    )
    config.load()
    if cert:
        config.ssl = _newest(Certificate(Path(cert), Path(key)))
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    ready({name: listener.getsockname()[1]})
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await serving


def _newest(certificate: Certificate) -> ssl.SSLContext:
    """Make a context whose handshakes use the certificate as it is at that moment."""
    context = certificate.context

    def choose(client: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        client.context = certificate.context

    context.sni_callback = choose  # asked whether or not the client names a host
    return context
