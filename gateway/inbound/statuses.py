"""Delivery and disposition notifications, taken apart: one report for each recipient they name.

``message/delivery-status`` (RFC 3464 §2.1) is a group of fields about the mail and one for each
recipient; ``message/disposition-notification`` (RFC 8098 §3.1) is one group. Both are read to 64 kB
and 100 recipients, every value is cut, cleaned of control characters and made one line; types
in front of addresses (``rfc822;``, ``utf-8;``) go. What an attached mail holds is not read: only
the notification itself speaks. Nothing here is believed.
"""

import re
from collections.abc import Iterator
from typing import Final

from gateway.inbound.charset import clean
from gateway.inbound.decode import read_decoded
from gateway.inbound.fields import Fields, read_fields
from gateway.inbound.headers import find_message_id
from gateway.inbound.split import Node
from gateway.inbound.window import Window
from registry.letter.report import Report

DISPOSITION: Final = frozenset(
    {"message/disposition-notification", "message/global-disposition-notification"}
)
DELIVERY: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
_MOST: Final = 64 * 1024
_MOST_RECIPIENTS: Final = 100
_BLANK: Final = re.compile(rb"(?:\r?\n){2,}")
_TYPE: Final = re.compile(r"^\s*[a-z0-9-]{1,30}\s*;\s*", re.IGNORECASE)
_STATUS: Final = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
_WORD: Final = re.compile(r"[a-z-]{1,30}")


def read_reports(window: Window, root: Node) -> tuple[Report, ...]:
    """Return the reports of the first notification in the mail; () when there is none."""
    for node in root.walk():
        if node.nested or node.media_type not in DELIVERY | DISPOSITION:
            continue
        data = read_decoded(window, node, _MOST)[0]
        if node.media_type in DISPOSITION:
            return tuple(_disposition(read_fields(data.strip() + b"\r\n")))
        return tuple(_delivery(data))
    return ()


def _delivery(data: bytes) -> Iterator[Report]:
    groups = [read_fields(group) for group in _BLANK.split(data.strip())[: _MOST_RECIPIENTS + 1]]
    about = next((group for group in groups if group.has("reporting-mta")), Fields())
    envelope_id = _text(about, "original-envelope-id", 100)
    for group in groups:
        action = _WORD.match(_text(group, "action", 40).lower())
        status = _STATUS.search(_text(group, "status", 40))
        if action is None and status is None:
            continue
        yield Report(
            action=action[0] if action else _of(status),
            recipient=_address(group, "final-recipient"),
            original=_address(group, "original-recipient"),
            status=status[0] if status else "",
            diagnostic=_TYPE.sub("", _text(group, "diagnostic-code", 600))[:400],
            remote=_TYPE.sub("", _text(group, "remote-mta", 260)),
            envelope_id=envelope_id,
        )


def _disposition(group: Fields) -> Iterator[Report]:
    """The type stands behind the modes: ``manual-action/MDN-sent-manually; displayed``."""
    told = _text(group, "disposition", 200).lower().rpartition(";")[2].strip()
    word = _WORD.match(told)
    if word is not None:
        yield Report(
            action=word[0],
            recipient=_address(group, "final-recipient"),
            original=_address(group, "original-recipient"),
            message_id=find_message_id(group.get("original-message-id")) or "",
            disposition=True,
        )


def _of(status: "re.Match[str] | None") -> str:
    """Say what a status without an Action means (RFC 3463 §3.1)."""
    first = status[0][0] if status else "5"
    return {"2": "delivered", "4": "delayed"}.get(first, "failed")


def _address(group: Fields, name: str) -> str:
    return _TYPE.sub("", _text(group, name, 400)).strip(" <>").casefold()[:320]


def _text(group: Fields, name: str, most: int) -> str:
    value = clean(group.get(name)[: most * 4].decode("utf-8", "replace"))
    return " ".join(value.split())[:most]
