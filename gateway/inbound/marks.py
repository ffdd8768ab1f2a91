"""What a mail looks like from outside: made by a machine, sent to many, a report, one of ours.

Automatic mail as RFC 3834 §5 has it, with the older fields that vacation programs write. A field
``Auto-Submitted: no`` says that a person sent it. Bounces: the null sender, or a delivery report
(RFC 6522, RFC 3464). A read receipt (RFC 8098) is automatic and no bounce, though its sender is
null.
Nothing here is proof of anything; it only keeps us from answering machines.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from gateway.inbound.encoded_words import decode_words
from gateway.inbound.fields import Fields
from gateway.inbound.parameters import Parameterised

_OURS: Final = "x-saraban-"
_MOST_MARKS: Final = 30
_AUTOMATIC: Final = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-vacation",
)
_LISTS: Final = ("list-id", "list-post", "list-unsubscribe", "list-help", "x-mailing-list")
_WORD: Final = re.compile(rb"[a-z_-]+")


@dataclass(frozen=True, slots=True)
class Marks:
    """See the fields of the same names of :class:`registry.letter.message.Message`."""

    bounce: bool = False
    automatic: bool = False
    bulk: bool = False
    ours: dict[str, str] = field(default_factory=dict)


def read_marks(fields: Fields, content: Parameterised, *, null_sender: bool) -> Marks:
    """Judge a mail by its top header, its type, and whether its envelope has the null sender."""
    report = content.get("report-type").lower() if content.value == "multipart/report" else None
    precedence = _word(fields.get("precedence"))
    disposition = report == "disposition-notification"
    return Marks(
        bounce=(null_sender and not disposition) or report in {"", "delivery-status"},
        automatic=_says_automatic(fields)
        or precedence in {"auto_reply", "auto-reply"}
        or disposition,
        bulk=precedence in {"bulk", "list", "junk"} or fields.has_any(_LISTS),
        ours=_ours(fields),
    )


def _says_automatic(fields: Fields) -> bool:
    if fields.has("auto-submitted") and _word(fields.get("auto-submitted")) != "no":
        return True
    return fields.has_any(_AUTOMATIC) and any(
        fields.has(name) and _word(fields.get(name)) not in {"no", "false"} for name in _AUTOMATIC
    )


def _word(value: bytes) -> str:
    found = _WORD.search(value.lower())
    return found[0].decode("ascii") if found else ""


def _ours(fields: Fields) -> dict[str, str]:
    """Our own fields, each under its full name as it is written: ``X-Saraban-Letter-Number``."""
    found: dict[str, str] = {}
    for name, value in fields.items:
        if name.startswith(_OURS) and len(found) < _MOST_MARKS:
            found.setdefault(name.title(), decode_words(value)[0])
    return found
