"""The questions to name servers that one letter may cost.

The sender chooses whose name servers are asked, and how often: signatures, SPF records that
include others, chains of seals. So each letter has one inquiry: a bounded number of questions, and
a bounded time for all of them. The same question is asked once.

Too many questions is the sender's doing and ends that check (``AskedTooMuch``); too little time
may be the network's, and is a TemporaryTrustFailure like any silence.
"""

import time
from typing import Any, Final

from gateway.inbound.resolver import Resolver, TemporaryTrustFailure
from registry.errors import SarabanError

MOST_QUESTIONS: Final = 150
_TIMES: Final = 4  # the patience with one letter, in times of that with one question


class AskedTooMuch(SarabanError):
    """This letter has caused more questions than a letter may."""


class Inquiry:
    """What is asked for one letter; not to be shared between threads."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._until = time.monotonic() + _TIMES * resolver.timeout
        self._known: dict[tuple[str, str], list[Any] | TemporaryTrustFailure] = {}

    def txt(self, name: str) -> list[bytes]:
        """Return the TXT records of a name, the strings of each joined."""
        return [b"".join(record.strings) for record in self.ask(name, "TXT")]

    def exists(self, name: str) -> bool:
        """Say whether there is such a name at all (RFC 8020)."""
        return self._resolver.exists(name)

    def ask(self, name: str, kind: str) -> list[Any]:
        """Return the records of one kind. Raises TemporaryTrustFailure and AskedTooMuch."""
        key = (name.lower().rstrip("."), kind)
        if key not in self._known:
            if len(self._known) >= MOST_QUESTIONS:
                raise AskedTooMuch(f"more than {MOST_QUESTIONS} questions")
            self._known[key] = self._asked(*key)
        answer = self._known[key]
        if isinstance(answer, TemporaryTrustFailure):
            raise TemporaryTrustFailure(*answer.args)
        return answer

    def _asked(self, name: str, kind: str) -> list[Any] | TemporaryTrustFailure:
        left = self._until - time.monotonic()
        if left <= 0:
            return TemporaryTrustFailure("no time left for more questions")
        try:
            return self._resolver.ask(name, kind, left)
        except TemporaryTrustFailure as failure:
            return failure
