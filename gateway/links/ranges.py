"""Which piece of a content a request asks for: one range of bytes, or the whole (RFC 9110 §14).

A header that says no range that there can be is as good as none, as the RFC allows, and so is one
that asks for several pieces: who wants to go on with a download asks for one. ``If-Range`` counts
with our own strong ETag alone (§13.1.5).
"""

import re
from typing import Final

from starlette.requests import Request

_ONE: Final = re.compile(r"bytes\s*=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})\Z", re.IGNORECASE)


def piece(request: Request, size: int, etag: str) -> range | None:
    """Give the bytes of a content of this size that are asked for; None for all of it.

    An empty range says that there are none such: the answer is 416. ``etag`` is with its quotes.
    """
    found = _ONE.match(request.headers.get("range", "").strip())
    first, last = found.groups() if found else ("", "")
    if request.method != "GET" or not (first or last):
        return None
    if request.headers.get("if-range", etag) != etag:
        return None
    if not first:
        return range(max(size - int(last), 0), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)


def first_byte(request: Request) -> int:
    """Give where the piece that is asked for begins; 0 for all, for the end alone, for nonsense."""
    found = _ONE.match(request.headers.get("range", "").strip())
    return int(found[1]) if found and found[1] else 0
