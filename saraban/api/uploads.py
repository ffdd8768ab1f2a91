"""The name of a file that a program laid down and has not used yet.

It holds what is known of the file, sealed for the token that laid it down: nothing of it stands in
the database, and no other program can use it. It is good for 20 hours; content without a user is
swept from the store after 24.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from registry import sealing
from registry.errors import NotFound, OutOfOrder
from registry.keys import KeyRing

LIFE: Final = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in the blob store; ``not_scanned`` says why the virus scanner said nothing of it."""

    name: str
    bytes: int
    sha256: str
    media_type: str
    not_scanned: str = ""


def name_upload(keys: KeyRing, token: int, upload: Upload, at: datetime) -> str:
    """Give the name by which this token may use the file."""
    facts = {"file": asdict(upload), "until": (at + LIFE).timestamp()}
    return sealing.seal(keys, f"upload:{token}", json.dumps(facts))


def read_upload(keys: KeyRing, token: int, name: str, at: datetime) -> Upload:
    """Give what the name says. Raises NotFound when it is not this token's, or too old."""
    try:
        facts = json.loads(sealing.unseal(keys, f"upload:{token}", name))
    except OutOfOrder:
        raise _unknown() from None
    if at.timestamp() > facts["until"]:
        raise _unknown()
    return Upload(**facts["file"])


def _unknown() -> NotFound:
    return NotFound(
        "no upload of this token, or too old", thai="ไม่พบไฟล์ที่วางไว้ หรือวางไว้นานเกินไป โปรดส่งไฟล์ใหม่"
    )
