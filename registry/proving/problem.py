"""What a proof found wrong: which claim does not hold, where, and why."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not hold.

    ``kind`` is series, history, journal, blob, original or intake; ``where`` names the thing by
    ids and numbers, ``what`` is one English line without a word of any letter.
    """

    kind: str
    where: str
    what: str
