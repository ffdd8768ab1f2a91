"""What is known beside an entry or letter: the verdict on its sender, its signatures, its paper.

``letter show`` and the API take it from here, so that a program reads the same either way. Of a
letter that is hidden from the reader there is nothing. Limits: the paper of a letter with a marking
is never read, so that even its officer has no fields of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from registry.letter.signature import Signature
from registry.letters import Letter
from registry.paper_fields import KeptField
from registry.signatures import signatures_of
from saraban.cli.read import read_of


@dataclass(frozen=True, slots=True)
class Beside:
    """``trust`` is the frozen verdict on the sender, ``paper`` what was read, top to bottom."""

    trust: Mapping[str, Any]
    signatures: tuple[Signature, ...] = ()
    paper: tuple[KeptField, ...] = ()

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
    return Beside(letter.trust, tuple(signed), tuple(read))
