"""What every request passes before any page: host, origin, size; and what every answer carries.

Requests for another host's name are refused, so that no cached or rebound name leads here. A
request that changes something must come from our own pages: browsers say so in Sec-Fetch-Site or
Origin; besides, each form carries a token (:mod:`saraban.web.csrf`). Programs that come with a
bearer token below ``/api/`` use no cookies and are not asked.

Nothing inline runs and nothing is loaded from elsewhere: scripts, styles and fonts are files of our
own. Pages are never kept by a browser or proxy: an office's computer is shared.
"""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_ELSEWHERE: Final = "คำขอนี้ไม่ได้มาจากหน้าของระบบ จึงไม่ดำเนินการ โปรดเปิดหน้าของระบบแล้วทำรายการใหม่\n"


class Guard:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str], *, https: bool) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts if host)
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(MutableHeaders(scope=message))
            await send(message)

        refused = self._refused(scope, headers)
        await (refused or self._app)(scope, receive, guarded)

    def _refused(self, scope: Scope, headers: Headers) -> ASGIApp | None:
        host = headers.get("host", "")
        if _name_of(host) not in self._hosts:
            return PlainTextResponse("ไม่รู้จักชื่อเครื่องนี้ ผู้ดูแลระบบเพิ่มได้ที่ web.hosts\n", 400)
        if scope["method"] in _SAFE or scope["path"].startswith("/api/"):
            return None
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        ours = site in {None, "same-origin", "none"}
        if origin is not None:
            ours = ours and _name_of(urlsplit(origin).netloc) in self._hosts and origin != "null"
        return None if ours else PlainTextResponse(_ELSEWHERE, 403)

    def _add_headers(self, headers: MutableHeaders) -> None:
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        if self._https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def _name_of(netloc: str) -> str:
    """Give the name of ``name:port``, in lower case."""
    try:
        return (urlsplit(f"//{netloc}").hostname or "").lower()
    except ValueError:
        return ""
