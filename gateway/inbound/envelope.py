"""The envelope of a letter in the spool: how it came, from whom, for whom; kept as NAME.json.

The raw bytes say nothing of the envelope, and nothing is added to them: so everything that the
door knew and the desk will need stands here, in readable JSON. Addresses are as the client gave
them (RFC 5321 §4.1.2), checked but not folded; the null sender is "". Unknown keys are passed
over when reading, so that an older program can read what a newer one spooled.
"""

import json
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, Self

from registry.errors import NotUnderstood
from registry.letter.message import Listener


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is known of one mail besides its bytes.

    ``name``, ``raw_sha256`` and ``raw_bytes`` are filled in when the letter is committed to the
    spool. ``accepted_at`` is aware. ``source`` says where a collected mail was found: account,
    folder, uidvalidity, uid, authserv_id. ``dsn`` is ``{"ret": "HDRS", "envid": "...",
    "recipients": {address: {"notify": ["SUCCESS"], "orcpt": "rfc822;..."}}}`` with what was not
    asked left out.
    """

    listener: Listener
    accepted_at: datetime
    name: str = ""  # process/id, as the spool knows it
    peer: str = ""  # address of the client
    helo: str = ""
    tls: bool = False
    mail_from: str = ""
    recipients: tuple[str, ...] = ()
    signed_in: str = ""  # e-mail of the officer
    trusted_network: bool = False  # the client authenticates all its senders
    forwarder: bool = False  # the client's word about the sender is not taken
    hosted_entity: str = ""  # code of the sending entity; only from listener LOCAL
    source: dict[str, Any] | None = None
    raw_sha256: str = ""  # of the bytes as received
    raw_bytes: int = 0
    smtputf8: bool = False
    priority: int = 0  # the higher, the sooner it is picked up
    dsn: dict[str, Any] | None = None  # what RET, ENVID, NOTIFY and ORCPT asked (RFC 3461)
    scan: str = ""  # "" no scanner, clean, infected (collected mail only) or not_scanned
    scan_detail: str = ""  # name of what was found, or why it was not scanned

    def to_json(self) -> str:
        """Give the envelope as it is written beside the raw bytes."""
        values = {name: getattr(self, name) for name in _FIELDS}
        values["accepted_at"] = self.accepted_at.isoformat()
        return json.dumps(values, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read an envelope; raise NotUnderstood for anything that is none."""
        try:
            found = json.loads(text)
            known = {name: found[name] for name in _FIELDS if name in found}
            known["listener"] = Listener(known["listener"])
            known["accepted_at"] = datetime.fromisoformat(known["accepted_at"])
            known["recipients"] = tuple(known.get("recipients", ()))
            known["raw_bytes"] = abs(int(known.get("raw_bytes", 0)))
            return cls(**known)
        except (ValueError, TypeError, KeyError) as error:
            raise NotUnderstood(f"not an envelope: {type(error).__name__}") from error


_FIELDS: Final = tuple(field.name for field in fields(Envelope))
