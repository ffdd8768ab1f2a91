"""A signature as it was found when its letter came in: separate facts, and what to make of them.

The system verifies and signs for nobody. The verdict is frozen: a certificate that runs out later
changes nothing, and ``checked_at`` says what time it is of. The facts that ``facts`` may carry:

============= ==============================================================================
trouble       why there is no trust, or no verdict: "", unknown, self_signed, expired, not_yet,
              revoked, purpose, weak, other; locked, broken, dear
changed       what was added to the file since: none, proofs, forms, notes, other
certified     whether the author bound what may be changed (DocMDP)
stamp         whether it is a time stamp of the whole file and nobody's signature
addresses     mail addresses in the certificate; serial, certificate (SHA-256), valid_from, _until
============= ==============================================================================
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

Outcome = Literal["good", "later", "untrusted", "changed", "broken", "unknown"]


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature; what could not be found out is None.

    ``kind`` is pdf or smime, ``sha256`` the signed file, None for the mail itself. ``trusted`` is
    of the signer's certificate alone, ``whole`` says whether all of the file, or of the mail's
    body, was signed. ``signed_at`` is the signer's word unless ``time_proven``. ``detail`` is Thai.
    """

    kind: Literal["pdf", "smime"]
    sha256: str | None
    intact: bool | None
    trusted: bool | None
    whole: bool | None
    signer: str
    issuer: str
    signed_at: datetime | None
    time_proven: bool
    detail: str
    checked_at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def changed(self) -> str:
        """What was added to the file after it was signed: none, proofs, forms, notes, other."""
        return str(self.facts.get("changed", "none"))

    @property
    def outcome(self) -> Outcome:
        """What an officer may make of it, the gravest fact first.

        broken: what was signed was changed; changed: something was added that a signature does not
        allow; untrusted: nobody we trust vouches for the signer; later: good, and signed, stamped
        or filled in again later; unknown: nothing could be found out.
        """
        if self.intact is None:
            return "unknown"
        if not self.intact:
            return "broken"
        if self.changed == "other":
            return "changed"
        if not self.trusted:
            return "untrusted"
        return "good" if self.changed == "none" else "later"

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON; times carry their offset."""
        return {
            "kind": self.kind, "sha256": self.sha256, "outcome": self.outcome,
            "intact": self.intact, "trusted": self.trusted, "whole": self.whole,
            "changed": self.changed, "signer": self.signer, "issuer": self.issuer,
            "signed_at": self.signed_at.isoformat() if self.signed_at else None,
            "time_proven": self.time_proven, "detail": self.detail,
            "checked_at": self.checked_at.isoformat(), "facts": dict(self.facts),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class SealedMail:
    """A signed mail laid out: ``seal`` is the signature, of the bytes [begin, end) of ``mail``.

    With no such bytes the signature holds what it signs. ``whole``: nothing of the body is outside.
    """

    mail: Path
    seal: Path
    begin: int
    end: int
    whole: bool
