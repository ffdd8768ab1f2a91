"""The parts of a mail that machines wrote for machines: receipts of ours, and delivery reports.

A receipt is ``application/vnd.saraban.receipt+json``. A delivery report (RFC 3464) tells in
``message/delivery-status`` what failed, and in a returned header which letter it was; reports of
older servers say it in their text. All of it is a stranger's word: it is read with caps, checked
for shape, and believed by nobody on its own.
"""

import json
import re
from typing import Any, Final

from gateway.inbound.charset import clean
from gateway.inbound.decode import read_decoded
from gateway.inbound.fields import Fields, read_fields
from gateway.inbound.headers import find_message_id
from gateway.inbound.split import Node
from gateway.inbound.window import Window
from registry.letter.message import Receipt

RECEIPT_TYPE: Final = "application/vnd.saraban.receipt+json"
MANIFEST_TYPE: Final = "application/vnd.saraban.letter+json"
_MOST: Final = 64 * 1024

_ACTS: Final = frozenset(
    {
        "arrived", "registered", "returned", "wrong", "wrong_number",
        "recall", "recall_agreed", "recall_declined",
    }
)  # fmt: skip
_RETURNED: Final = frozenset({"message/rfc822", "message/global", "text/rfc822-headers"})
_QUOTED_ID: Final = re.compile(
    rb"^[> \t]*message-id:[ \t]*(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE
)
_TOLD: Final = ("final-recipient", "action", "status", "diagnostic-code", "remote-mta")


def is_machine_part(node: Node) -> bool:
    """Whether this part is for the receiving system alone, and no file for people."""
    return node.media_type in {RECEIPT_TYPE, MANIFEST_TYPE} and node.end - node.start <= _MOST


def read_receipt(window: Window, root: Node) -> Receipt | None:
    """Return the first well-formed receipt in the mail, or None."""
    for node in root.walk():
        if node.media_type == RECEIPT_TYPE and not node.nested:
            data, whole = read_decoded(window, node, _MOST)
            return _receipt(data) if whole else None
    return None


def read_bounce(window: Window, root: Node, text: str) -> tuple[str, str]:
    """Return the Message-ID of the letter that came back, "" if not told, and what was told."""
    told, returned = "", ""
    for node in root.walk():
        if node.media_type == "message/delivery-status" and not told:
            told = _status(read_decoded(window, node, _MOST)[0])
        elif node.media_type in _RETURNED and node.parent and not returned:
            returned = _returned_id(window, node)
    if not returned:
        quoted = _QUOTED_ID.search(text[:_MOST].encode())
        returned = quoted[1].decode() if quoted else ""
    return returned, told


def _receipt(data: bytes) -> Receipt | None:
    try:
        facts = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(facts, dict) or str(facts.get("act")) not in _ACTS:
        return None
    message_id = _text(facts, "message_id")
    if not message_id:
        return None
    year = facts.get("year")
    return Receipt(
        act=facts["act"],
        message_id=message_id,
        letter_number=_text(facts, "letter_number"),
        number=_text(facts, "number"),
        year=year if isinstance(year, int) and 2400 < year < 2800 else 0,
        at=_text(facts, "at"),
        reason=_text(facts, "reason"),
    )


def _text(facts: dict[str, Any], key: str) -> str:
    value = facts.get(key, "")
    value = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return clean(value)[:990] if isinstance(value, str) else ""


def _status(data: bytes) -> str:
    """Tell the first report of a delivery status, one line."""
    groups = [read_fields(group) for group in re.split(rb"\r?\n\r?\n", data)[:200]]
    failed = next((g for g in groups if g.has("action") or g.has("status")), Fields())
    said = [f"{name}: {_plain(failed.get(name))}" for name in _TOLD if failed.has(name)]
    return "; ".join(said)[:900]


def _plain(value: bytes) -> str:
    return re.sub(r"[\s\x00-\x1f]+", " ", value[:300].decode("utf-8", "replace"))


def _returned_id(window: Window, node: Node) -> str:
    if node.children:
        fields = node.children[0].fields
    else:
        fields = read_fields(read_decoded(window, node, _MOST)[0].strip())
    return find_message_id(fields.get("message-id")) or ""
