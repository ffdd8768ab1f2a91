"""Authentication-Results (RFC 8601) of the mailbox that a letter was collected from.

Only the field that the mailbox's own server added is believed: the top-most of its id, with a few
Received fields above it at most, since what a sender forges stands below all that our server
added. RFC 8601 §5 has that server take out forged fields of its own id; a server that does not
must not be named in ``collector.authserv_id``.
"""

import re
from dataclasses import dataclass
from typing import Final

from gateway.inbound.alignment import aligned
from gateway.inbound.fields import Fields

_MOST_HOPS: Final = 5  # Received fields that the own server's inner ways may put on top
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\\.|[^"()\\]+|[()"\\]', re.DOTALL)
_COMMENTED: Final = re.compile(r"\\.|[^()\\]+|[()\\]", re.DOTALL)
_UNSAFE: Final = re.compile(r"[^\w.@+-]")
_RESULT: Final = re.compile(r"(?:^|\s)(dkim|spf|dmarc)\s*=\s*([a-z]+)\b", re.IGNORECASE)
_PROPERTY: Final = re.compile(r"\b([a-z]+\.[a-z0-9_-]+)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_PROVES: Final = {
    "dmarc": ("header.from",),
    "dkim": ("header.d", "header.i"),
    "spf": ("smtp.mailfrom",),
}


@dataclass(frozen=True, slots=True)
class Result:
    """One method that passed, and the domain it passed for."""

    method: str
    domain: str


def proven_domain(fields: Fields, authserv_id: str, author: str) -> Result | None:
    """Return what the server's own field proves for the author's domain, or None."""
    if not authserv_id:
        return None
    value = _own_field(fields, authserv_id)
    return next((r for r in _passes(value) if aligned(r.domain, author)), None)


def _own_field(fields: Fields, authserv_id: str) -> str:
    hops = 0
    for name, raw in fields.items:
        hops += name == "received"
        if hops > _MOST_HOPS:
            return ""
        if name == "authentication-results":
            value = _bare(raw.decode("latin-1"))
            server, _, rest = value.partition(";")
            if [word.lower() for word in server.split()[:1]] == [authserv_id.lower()]:
                return rest
    return ""


def _bare(value: str) -> str:
    """Take out comments, and make quoted strings harmless: strangers may write into both.

    In a comment only brackets and backslashes mean anything, so a quotation mark there opens
    nothing (RFC 5322 §3.2.2).
    """
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


def _passes(value: str) -> list[Result]:
    found = []
    for part in value.split(";"):
        result = _RESULT.search(part)
        if not result or result[2].lower() != "pass":
            continue
        method = result[1].lower()
        properties = {key.lower(): text for key, text in _PROPERTY.findall(part)}
        for key in _PROVES[method]:
            domain = properties.get(key, "").rpartition("@")[2].lower()
            if domain:
                found.append(Result(method, domain))
                break
    return found
