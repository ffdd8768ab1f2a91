"""An alert by webhook: one signed POST of JSON to an address that ``[[notify]]`` names.

The body holds ids, receive number, urgency and entity; of an ordinary letter also its number, its
subject and whom it is from or to; of a secret letter, and of one that could not be read, none of
these. ``X-Saraban-Signature: sha256=<hex>`` is HMAC-SHA256 of the body under the secret; ``id`` and
``at`` stand in the body, are the same on every try, and tell a repeated call from a new one.

2xx is taken; 408, 425, 429 and 5xx are tried again with the waits of the mail queue, as are
connections that fail; anything else is given up. Redirects are not followed: they would carry
the alert to where nobody set it to go. Certificates are verified. Limit: which hosts may
be called is the administrator's to say, in the settings; private addresses are allowed.
"""

import asyncio
import hashlib
import hmac
import json
import re
import ssl
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, quote, urlsplit

from sqlalchemy.orm import Session

from gateway.outbound.answer import Answer, Fate
from gateway.service import Runtime
from gateway.threads import in_thread
from gateway.watchers import webhook_named
from registry import directory, entries, letters
from registry.clock import BANGKOK
from registry.jobs import Job
from registry.letter.book import Book

TIMEOUT: Final = 15.0  # seconds for the whole call
_LINE: Final = 8192  # bytes of the longest line that is read of an answer
_LINES: Final = 100
_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: |\r?\n|$)")
_AGAIN: Final = frozenset({408, 425, 429})


async def post(runtime: Runtime, job: Job) -> Answer:
    """Make the call of one job, and say what came of it."""
    hook = webhook_named(runtime.gateway.notify, job.to_address)
    if hook is None:
        return Answer(Fate.REFUSED, None, "no [[notify]] names this webhook any more")
    body = await in_thread(_body, runtime, job)
    try:
        secret = await in_thread(Path(hook.secret_file).read_bytes)
        url, headers = urlsplit(hook.webhook), _headers(job, body, secret.strip())
        code = await call(url, request(url, body, headers), ca_file=hook.ca_file)
    except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError) as error:
        return Answer(Fate.DEFERRED, None, f"{type(error).__name__}: {error}")
    return Answer(fate(code), code, "webhook", sent_bytes=len(body))


def facts_of(session: Session, job: Job) -> dict[str, Any]:
    """Return what the body says, by what the register knows now."""
    event, entry_id, letter_id = (job.facts.get(name) for name in ("event", "entry", "letter"))
    entry = entries.get(session, entry_id, cleared=True) if entry_id else None
    letter = letters.get_letter(session, letter_id) if letter_id else None
    about, received = entry or letter, entry is not None and entry.book == Book.RECEIVED
    said: dict[str, Any] = {
        "id": job.id,
        "event": event,
        "at": job.created_at.astimezone(BANGKOK).isoformat(timespec="seconds"),
        "entity": directory.entity_by_id(session, job.entity_id).code,
        "letter": letter_id,
        "entry": entry_id,
        "receive_number": f"{entry.number}/{entry.year}" if entry and received else "",
        "urgency": about.urgency if about else "",
        "secret": bool(about and about.secrecy),
    }
    hidden = about is None or about.secrecy or (letter is not None and letter.sealed)
    if about is not None and not hidden:
        sender = entry.from_text if entry else letter.sender_name or letter.sender if letter else ""
        said |= {
            "letter_number": about.letter_number,
            "subject": about.subject,
            "from": sender,
            "to": about.to_text,
        }
    return said


def _body(runtime: Runtime, job: Job) -> bytes:
    with runtime.database.read() as session:
        return json.dumps(facts_of(session, job), ensure_ascii=False).encode()


def _headers(job: Job, body: bytes, secret: bytes) -> dict[str, str]:
    if not secret:
        raise ValueError("the secret_file of the webhook is empty")
    signature = hmac.new(secret, body, hashlib.sha256).hexdigest()
    return {
        "X-Saraban-Event": str(job.facts.get("event", "")),
        "X-Saraban-Signature": f"sha256={signature}",
    }


def request(url: SplitResult, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return the bytes of one POST."""
    path = quote(url.path or "/", safe="/%:@!$&'()*+,;=-._~")
    query = "?" + quote(url.query, safe="/%:@!$&'()*+,;=-._~?") if url.query else ""
    lines = [
        f"POST {path}{query} HTTP/1.1",
        f"Host: {host_of(url)}{f':{url.port}' if url.port else ''}",
        "Content-Type: application/json; charset=utf-8",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
        "User-Agent: saraban",
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


async def call(url: SplitResult, request: bytes, *, ca_file: str = "", address: str = "") -> int:
    """Send one request and return the status; the whole call has :data:`TIMEOUT` seconds.

    ``address`` is where to connect instead of what the host's name leads to now.
    """
    tls = ssl.create_default_context(cafile=ca_file or None) if url.scheme == "https" else None
    host = host_of(url).strip("[]")
    async with asyncio.timeout(TIMEOUT):
        reader, writer = await asyncio.open_connection(
            address or host, port_of(url), ssl=tls, limit=_LINE,
            server_hostname=host if tls else None,
        )  # fmt: skip
        try:
            writer.write(request)
            await writer.drain()
            return await _status(reader)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


async def _status(reader: asyncio.StreamReader) -> int:
    """Read the status of the final answer; what is announced before it (1xx) is passed over."""
    for _ in range(_LINES):
        found = _STATUS.match(await reader.readline())
        if found is None:
            raise ValueError("the answer is not HTTP")
        if int(found[1]) >= 200:
            return int(found[1])
        while (await reader.readline()).strip():
            pass
    raise ValueError("the answer does not end")


def port_of(url: SplitResult) -> int:
    """Return the port of a URL, also where it does not say."""
    return url.port or (443 if url.scheme == "https" else 80)


def host_of(url: SplitResult) -> str:
    """Return the host of a URL in ASCII, an IPv6 address in brackets."""
    host = url.hostname or ""
    return f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")


def fate(code: int) -> Fate:
    """Say by the status what came of a call."""
    if 200 <= code < 300:
        return Fate.SENT
    return Fate.DEFERRED if code in _AGAIN or code >= 500 else Fate.REFUSED
