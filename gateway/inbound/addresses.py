"""Address lists (RFC 5322 §3.4) read without trust: From, To, Cc, Reply-To.

One pass over the bytes, linear in time: quoted strings, comments however deep, groups, routes,
and what mailers write instead. Display names are decoded afterwards, so that no encoded comma can
make two mailboxes of one. ``a@b <c@d>`` is the mailbox c@d with an odd name; two angle
addresses in one mailbox are two addresses, since readers disagree which one counts. Addresses are
folded; what cannot be an address is left out and counted.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from gateway.inbound.charset import read_text
from gateway.inbound.encoded_words import decode_words
from registry.errors import NotUnderstood
from registry.letter.address import fold_address

MOST_ADDRESSES: Final = 200
_LONGEST_NAME: Final = 300
_SHORT: Final = 200  # bytes of a field that is worth remembering

_TOKEN: Final = re.compile(
    rb'(?P<quoted>"(?:[^"\\]|\\.)*"?)|(?P<comment>\()|<(?P<angle>[^<>]*)>?|(?P<mark>[,;:])'
    rb'|(?P<text>[^"(<,;:\[]+|\[[^\]]*\]?)',
    re.DOTALL,
)
_PAREN: Final = re.compile(rb"\\.|[()]", re.DOTALL)
_BLANK: Final = re.compile(rb"\s+")
_AROUND: Final = re.compile(rb" ?([@.]) ?")  # where RFC 5322 §4.4 lets white space stand


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address, folded, and the name beside it."""

    name: str
    address: str


@dataclass(slots=True)
class _Draft:
    """A mailbox while it is being read."""

    phrase: list[bytes] = field(default_factory=list)  # what may be the display name
    bare: list[bytes] = field(default_factory=list)  # the same with quotation marks
    angles: list[bytes] = field(default_factory=list)
    comment: bytes = b""


def read_addresses(raw: bytes) -> tuple[tuple[Mailbox, ...], tuple[str, ...]]:
    """Return the mailboxes of one field in their order, at most 200, and the defects."""
    return _read_again(raw) if len(raw) <= _SHORT else _read(raw)


def _read(raw: bytes) -> tuple[tuple[Mailbox, ...], tuple[str, ...]]:
    boxes: list[Mailbox] = []
    defects: list[str] = []
    for draft in _drafts(raw):
        if len(boxes) >= MOST_ADDRESSES:
            defects.append(f"more than {MOST_ADDRESSES} addresses in one field")
            break
        name, addresses, wrong = _finish(draft)
        boxes += [Mailbox(name, address) for address in addresses]
        if wrong:
            defects.append("an address that cannot be one")
    return tuple(boxes[:MOST_ADDRESSES]), tuple(dict.fromkeys(defects))


_read_again: Final = lru_cache(maxsize=512)(_read)  # offices write to the same few


def _drafts(raw: bytes) -> list[_Draft]:
    drafts: list[_Draft] = []
    draft, at = _Draft(), 0
    while at < len(raw) and len(drafts) <= MOST_ADDRESSES:
        found = _TOKEN.match(raw, at)
        assert found, "every byte begins a token"
        at = found.end()
        if found["comment"]:
            start, at = at, _after_comment(raw, at)
            draft.comment = draft.comment or raw[start : at - 1]
        elif found["mark"] == b":" and not draft.angles and b"@" not in b"".join(draft.bare):
            draft = _Draft()  # the name of a group
        elif found["mark"]:
            drafts.append(draft)
            draft = _Draft()
        else:
            _add(draft, found)
    return [d for d in [*drafts, draft] if d.angles or b"".join(d.bare).strip()]


def _add(draft: _Draft, found: "re.Match[bytes]") -> None:
    if found["angle"] is not None:
        draft.angles.append(found["angle"])
    elif found["quoted"]:
        inner = found["quoted"][1:].removesuffix(b'"')
        draft.phrase.append(re.sub(rb"\\(.)", rb"\1", inner, flags=re.DOTALL))
        draft.bare.append(found["quoted"])
    else:
        draft.phrase.append(found["text"])
        draft.bare.append(found["text"])


def _after_comment(raw: bytes, at: int) -> int:
    depth = 1
    for found in _PAREN.finditer(raw, at):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return len(raw)


def _finish(draft: _Draft) -> tuple[str, list[str], bool]:
    """Return name, addresses, and whether something was no address."""
    if draft.angles:
        specs = [angle for angle in draft.angles if angle.strip()]
        name = b"".join(draft.phrase)
    else:
        words = _BLANK.sub(b" ", b"".join(draft.bare)).replace(b" @", b"@").replace(b"@ ", b"@")
        specs = [word for word in words.split(b" ") if b"@" in word] or [words]
        name = draft.comment
    folded = [address for spec in specs if (address := _fold(spec))]
    return decode_words(name.strip())[0][:_LONGEST_NAME], folded, len(folded) < len(specs)


def _fold(spec: bytes) -> str:
    if b"\x00" in spec:
        return ""
    if spec.lstrip().startswith(b"@"):  # RFC 5322 §4.4: a route before the address
        spec = spec.rpartition(b":")[2]
    try:
        return fold_address(read_text(_AROUND.sub(rb"\1", _BLANK.sub(b" ", spec)).strip()).text)
    except NotUnderstood:
        return ""
