"""Webhooks of programs: one signed POST for each event that a subscription asked for.

Headers and signature are those of Standard Webhooks (standardwebhooks.com): ``webhook-id`` is the
same on every try, ``webhook-timestamp`` is of this try, ``webhook-signature: v1,<base64>`` is
HMAC-SHA256 of ``id.timestamp.body`` under the secret. The body says which letter and what was done;
what a letter says must be asked of the API, with a token that may read it.

A program names the address, not the administrator, so the address must not lead into this network:
the name is resolved here, every address that it has must be on the public Internet or in
``send.webhook_networks``, and the call goes to the address that was looked at. Only such networks
are called without TLS. Redirects are not followed, nothing of an answer is read but its status.
"""

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import json
import socket
from datetime import datetime
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.orm import Session

from gateway.networks import Networks, address_of
from gateway.outbound import webhook
from gateway.outbound.answer import Answer, Fate
from gateway.service import Runtime
from gateway.threads import in_thread
from registry import directory, entries, letters, webhooks
from registry.clock import BANGKOK
from registry.jobs import Job
from registry.letter.book import Book

_AROUND: Final = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16"))
"""Networks that lead on to an IPv4 address, which may be any (RFC 6052, RFC 3056)."""


class Forbidden(Exception):
    """The address leads where no webhook may go."""


async def post(runtime: Runtime, job: Job) -> Answer:
    """Make the call of one job, and say what came of it."""
    found = await in_thread(_prepare, runtime, job)
    if found is None:
        return Answer(Fate.REFUSED, None, "the webhook was ended")
    url, secret, body = found
    try:
        address = await _where(url, Networks(runtime.gateway.send.webhook_networks))
        headers = _signed(job.id, runtime.clock.now(), body, secret)
        code = await webhook.call(url, webhook.request(url, body, headers), address=address)
    except Forbidden as error:
        return Answer(Fate.REFUSED, None, str(error))
    except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError) as error:
        return Answer(Fate.DEFERRED, None, f"{type(error).__name__}: {error}")
    return Answer(webhook.fate(code), code, "webhook", sent_bytes=len(body))


def follow(runtime: Runtime) -> None:
    """Write the calls of what happened since; a look costs one small question. Blocking."""
    with runtime.database.read() as session:
        behind = webhooks.are_behind(session)
    if behind:
        with runtime.database.write() as session:
            webhooks.follow(session, runtime.desk)


def facts_of(session: Session, job: Job) -> dict[str, Any]:
    """Return what the body says: ids, number and act, nothing that stands in a letter."""
    entry_id, letter_id = job.facts.get("entry"), job.facts.get("letter")
    entry = entries.get(session, entry_id, cleared=True) if entry_id else None
    letter = letters.get_letter(session, letter_id) if letter_id else None
    about, received = entry or letter, entry is not None and entry.book == Book.RECEIVED
    at = datetime.fromisoformat(str(job.facts["at"])).astimezone(BANGKOK)
    return {
        "type": job.facts["type"],
        "timestamp": at.isoformat(timespec="seconds"),
        "data": {
            "entity": directory.entity_by_id(session, job.entity_id).code,
            "position": job.facts["position"],
            "entry": entry_id,
            "letter": letter_id,
            "receive_number": f"{entry.number}/{entry.year}" if entry and received else "",
            "secret": bool(about and about.secrecy),
        },
    }


def _prepare(runtime: Runtime, job: Job) -> tuple[SplitResult, str, bytes] | None:
    with runtime.database.read() as session:
        found = webhooks.called(session, runtime.keys, int(job.facts["hook"]))
        if found is None:
            return None
        body = json.dumps(facts_of(session, job), ensure_ascii=False).encode()
    return urlsplit(found[0].url), found[1], body


def _signed(name: str, at: datetime, body: bytes, secret: str) -> dict[str, str]:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    stamp = str(int(at.timestamp()))
    mac = hmac.new(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": name,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode('ascii')}",
    }


async def _where(url: SplitResult, allowed: Networks) -> str:
    """Resolve the host, and give the address to call. Raises Forbidden, OSError."""
    loop, port = asyncio.get_running_loop(), webhook.port_of(url)
    async with asyncio.timeout(webhook.TIMEOUT):
        found = await loop.getaddrinfo(
            webhook.host_of(url).strip("[]"), port, type=socket.SOCK_STREAM
        )
    addresses = [str(one[4][0]) for one in found]
    for address in addresses:
        if address not in allowed and (url.scheme != "https" or not _is_public(address)):
            raise Forbidden(
                f"{address} is not on the public Internet, or is called without TLS; "
                "send.webhook_networks may allow it"
            )
    return addresses[0]


def _is_public(text: str) -> bool:
    address = address_of(text)
    if address is None or not address.is_global or address.is_multicast:
        return False
    return not any(address in network for network in _AROUND)
