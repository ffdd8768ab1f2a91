"""What is known beside an entry or letter: the verdict on its sender, its signatures, its paper.

``letter show`` and the API take it from here, so that a program reads the same either way. Of a
letter that is hidden from the reader there is nothing. Limits: the paper of a letter with a marking
is never read, so that even its officer has no fields of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from registry.letter.signature import Signature
from registry.letters import Letter
from registry.paper_fields import KeptField, progress
from registry.signatures import signatures_of
from registry.texts.told import told_of
from saraban.cli.read import read_of


@dataclass(frozen=True, slots=True)
class Beside:
    """``trust`` is the frozen verdict on the sender, ``paper`` what was read, top to bottom.

    ``detail`` says of that reading, and ``told`` of each file by its SHA-256, what an officer
    should know: fewer files than the letter lists, a file that is broken or locked.
    """

    trust: Mapping[str, Any]
    signatures: tuple[Signature, ...] = ()
    paper: tuple[KeptField, ...] = ()
    detail: str = ""
    told: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Give it as ``docs/JSON.md`` says."""
        return {
            "trust": dict(self.trust),
            "signatures": [one.as_json() for one in self.signatures],
            "paper": [one.as_json() for one in self.paper],
        }


def beside(session: Session, letter: Letter | None, *, hidden: bool) -> Beside:
    """Give what is known of a letter; nothing without one, or where the reader may not see it."""
    if letter is None or hidden:
        return Beside({})
    signed, read = signatures_of(session, letter.id), read_of(session, letter)
    is_shown = letter.secrecy is None and not letter.unopened
    _, detail = progress(session, letter.id) if is_shown else ("", "")
    told = told_of(session, [file.sha256 for file in letter.enclosures])
    return Beside(letter.trust, tuple(signed), tuple(read), detail, told)
