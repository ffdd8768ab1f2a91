"""A message as the gateway hands it to the desk: read, cut into parts, and judged, nothing decided.

These values know no SMTP and no MIME. The gateway fills them, the desk reads them; nothing here
is trusted merely because it is written: ``trust`` alone says what is known of the sender.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from registry.letter.report import Report


class Listener(StrEnum):
    """The door a mail came through."""

    MX = "mx"  # port 25, anyone
    SUBMISSION = "submission"  # a clerk who signed in
    COLLECTOR = "collector"  # fetched by IMAP
    LOCAL = "local"  # from an entity hosted here


class Means(StrEnum):
    """How the sender was proven (design: Who is it)."""

    HOSTED = "hosted"
    SIGNED_IN = "signed_in"
    TRUSTED_NETWORK = "trusted_network"
    DKIM = "dkim"
    SPF = "spf"
    ARC = "arc"  # a sealer that we trust says that it was proven there
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Check:
    """What one method said of the mail (RFC 8601 §2.7).

    ``method`` is spf, dkim, dmarc or arc; ``result`` one of that method's words (pass, fail,
    softfail, none, temperror, ...); ``domain`` the one it was about.
    """

    method: str
    result: str
    domain: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Trust:
    """What is known of the sender; frozen with the letter.

    ``domain`` is the domain that was proven (aligned with the From address), ``detail`` one
    English line for the evidence, ``signed_in`` the officer's e-mail where one signed in.
    """

    means: Means = Means.NONE
    domain: str = ""
    detail: str = ""
    signed_in: str = ""
    checks: tuple[Check, ...] = ()

    @property
    def authenticated(self) -> bool:
        """Whether the From address may be believed."""
        return self.means is not Means.NONE

    def as_dict(self) -> dict[str, Any]:
        """Give the verdict as it is stored with the letter."""
        return {
            "means": str(self.means),
            "domain": self.domain,
            "detail": self.detail,
            "signed_in": self.signed_in,
            "checks": [
                {
                    "method": check.method,
                    "result": check.result,
                    "domain": check.domain,
                    "detail": check.detail,
                }
                for check in self.checks
            ],
        }


@dataclass(frozen=True, slots=True)
class Part:
    """One file found in a mail; its bytes are already in the blob store under ``sha256``.

    ``bytes`` is the decoded size. ``media_type`` is what the bytes are, ``claimed_type`` what
    the mail said. ``position`` counts all leaf parts of the mail from 0, and what was taken out of
    one (a winmail.dat, a PDF, a signature, a uuencoded text) behind it; ``taken_from`` is then the
    position of that one. The original never needs such a file. ``contents`` tells what a zip says
    it holds: short Thai lines, at most some 200.
    """

    position: int
    name: str  # safe to show; never empty
    original_name: str  # as decoded from the mail; may be empty
    media_type: str
    claimed_type: str
    bytes: int
    sha256: str
    inline: bool = False  # a picture of the text, not a file the sender attached
    decoration: bool = False  # a picture of our own mails, an emptied winmail.dat, a signature
    content_id: str = ""
    taken_from: int | None = None
    contents: tuple[str, ...] = ()


def not_out_of_pdfs(parts: Sequence[Part]) -> list[Part]:
    """Give the parts without those that lie in a PDF beside them, of which they are no more."""
    papers = {part.position for part in parts if part.media_type == "application/pdf"}
    return [part for part in parts if part.taken_from is None or part.taken_from not in papers]


@dataclass(frozen=True, slots=True)
class Original:
    """The raw mail as it is kept.

    ``form`` is whole (a blob), skeleton (a blob and a recipe of parts), or stretch (the blob holds
    other mails too, and the recipe tells where this one stands).
    """

    sha256: str
    bytes: int
    form: str
    blob: str
    recipe: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """The machine-readable part of an acknowledgement: application/vnd.saraban.receipt+json.

    ``act`` is arrived | registered | returned | wrong | wrong_number; ``message_id`` names the
    letter that is acknowledged, ``number`` the receive number there, ``year`` its พ.ศ. year, ``at``
    is ISO 8601.
    """

    act: str
    message_id: str
    letter_number: str = ""
    number: str = ""
    year: int = 0
    at: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One mail, neutral: what it says, what it carries, how it came, and what it looks like."""

    spool_name: str
    listener: Listener
    accepted_at: datetime
    mail_from: str  # envelope; "" for the null sender
    recipients: tuple[str, ...]  # envelope, as accepted
    raw_sha256: str  # as received, before any trace field of ours
    raw_bytes: int
    original: Original
    trust: Trust
    peer: str = ""
    sender: str = ""  # From address, case-folded; "" when there is none or more than one
    sender_name: str = ""
    senders: tuple[str, ...] = ()  # all From addresses
    reply_to: str = ""
    to: tuple[str, ...] = ()  # addresses in To, case-folded
    cc: tuple[str, ...] = ()
    message_id: str | None = None  # with angle brackets
    references: tuple[str, ...] = ()  # In-Reply-To first, then References from the newest back
    date_header: datetime | None = None
    subject: str = ""
    text: str = ""  # readable body: quoted history and signature still in it
    own_text: str = ""  # text without quoted history
    words: str | None = None  # of a letter of another installation: what its clerk wrote
    parts: tuple[Part, ...] = ()  # files only, without the body texts
    bounce: bool = False  # null sender or multipart/report
    automatic: bool = False  # Auto-Submitted, vacation, X-Autoreply ...
    bulk: bool = False  # lists and bulk
    receipt: Receipt | None = None
    bounced_message_id: str = ""  # Message-ID found in the returned headers of a bounce
    bounce_detail: str = ""
    reports: tuple[Report, ...] = ()  # what a notification says of each recipient
    parsed: bool = True  # False: kept, shown to an officer, registered by hand
    defects: tuple[str, ...] = ()  # what was repaired, guessed or could not be read
    marks: dict[str, str] = field(default_factory=dict)  # X-Saraban-* fields of our own mails
    dsn: dict[str, Any] | None = None  # what the sender asked to be told (RFC 3461), as enveloped
    scan: str = ""  # "" no scanner, clean, infected or not_scanned
    scan_detail: str = ""
    on_paper: str = ""  # marking of secrecy on the first page of a PDF: ลับ, ลับมาก, ลับที่สุด
