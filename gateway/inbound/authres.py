"""Authentication-Results (RFC 8601): what another server says that it has found out.

Believed are that of the mailbox which a letter was collected from, and, in the field of an ARC set
(:mod:`gateway.inbound.arc`), that of a sealer we trust. Of the mailbox, only the field that its own
server added is believed: the top-most of its id, with a few Received fields above it at most, since
what a sender forges stands below all that our server added. RFC 8601 §5 has that server take out
forged fields of its own id; a server that does not must not be named in ``collector.authserv_id``.
"""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from gateway.inbound.alignment import aligned
from gateway.inbound.fields import Fields

_MOST_HOPS: Final = 5  # Received fields that the own server's inner ways may put on top
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\\.|[^"()\\]+|[()"\\]', re.DOTALL)
_COMMENTED: Final = re.compile(r"\\.|[^()\\]+|[()\\]", re.DOTALL)
_UNSAFE: Final = re.compile(r"[^\w.@+-]")
_RESULT: Final = re.compile(r"(?:^|\s)(dkim|spf|dmarc|arc)\s*=\s*([a-z]+)\b", re.IGNORECASE)
_PROPERTY: Final = re.compile(r"\b([a-z]+\.[a-z0-9_-]+)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_PROVES: Final = {
    "dmarc": ("header.from",),
    "dkim": ("header.d", "header.i"),
    "spf": ("smtp.mailfrom",),
}
_MOST_RESULTS: Final = 50
_MOST_FIELDS: Final = 20
_LONGEST_NAME: Final = 500


@dataclass(frozen=True, slots=True)
class Result:
    """What one method said (``pass``, ``fail``, ...), and of which domain; "" when not told."""

    method: str
    result: str
    domain: str


def proven_domain(fields: Fields, authserv_id: str, author: str) -> Result | None:
    """Return what the server's own field proves for the author's domain, or None."""
    return first_proof(read_results(_own_field(fields, authserv_id)), author)


def first_proof(results: list[Result], author: str) -> Result | None:
    """Return the first result that proves the author's domain; none if DMARC failed for it."""
    if any(r.method == "dmarc" and r.result == "fail" for r in results):
        return None
    proofs = (r for r in results if r.result == "pass" and aligned(r.domain, author))
    return next(proofs, None)


def claims(fields: Fields, authserv_id: str) -> bool:
    """Say whether one of the first Authentication-Results fields of the mail bears this name."""
    values = islice(fields.all("authentication-results"), _MOST_FIELDS)
    names = (_server(bare(value.partition(b";")[0][:_LONGEST_NAME]))[0] for value in values)
    return authserv_id.lower() in names


def read_results(value: str) -> list[Result]:
    """Read the results of a field without comments, what stands before the first ``;`` apart."""
    return [found for part in value.split(";")[:_MOST_RESULTS] if (found := _result(part))]


def bare(raw: bytes) -> str:
    """Take out comments, and make quoted strings harmless: strangers may write into both.

    In a comment only brackets and backslashes mean anything, so a quotation mark there opens
    nothing (RFC 5322 §3.2.2).
    """
    value = raw.decode("latin-1")
    kept: list[str] = []
    depth, at = 0, 0
    while at < len(value):
        token = _COMMENTED.match(value, at) if depth else _TOKEN.match(value, at)
        text = token[0] if token else value[at]
        at += len(text)
        depth += {"(": 1, ")": -1 if depth else 0}.get(text, 0)
        if not depth and text != ")":
            kept.append(_UNSAFE.sub("_", text[1:-1]) if text[:1] == '"' else text)
    return "" if depth else "".join(kept)


def _own_field(fields: Fields, authserv_id: str) -> str:
    if not authserv_id:
        return ""
    hops = looked = 0
    for name, raw in fields.items:
        hops += name == "received"
        looked += name == "authentication-results"
        if hops > _MOST_HOPS or looked > _MOST_FIELDS:
            return ""
        if name == "authentication-results":
            server, rest = _server(bare(raw))
            if server == authserv_id.lower():
                return rest
    return ""


def _server(value: str) -> tuple[str, str]:
    """Cut off the name of the server, in lower case and without its version."""
    server, _, rest = value.partition(";")
    return next(iter(server.lower().split()), ""), rest


def _result(part: str) -> Result | None:
    said = _RESULT.search(part)
    if not said:
        return None
    method = said[1].lower()
    properties = {key.lower(): text for key, text in _PROPERTY.findall(part)}
    values = (properties.get(key, "") for key in _PROVES.get(method, ()))
    domains = (value.rpartition("@")[2].lower() for value in values)
    return Result(method, said[2].lower(), next(filter(None, domains), ""))
