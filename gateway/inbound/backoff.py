"""Failed sign-ins, remembered across sessions: who guesses is made to wait.

Each failure counts against the client's address and against the account that was tried, and is
forgotten after a while, one by one. A client with too many is sent away (421). An account with
too many is closed for a while (454) to clients that it has never signed in from: its own clerk,
at the usual desk, goes on working while somebody else guesses.

In the memory of one process, bounded; a restart forgets. The account is counted whether or not
there is such a one, so that the answer tells nothing (RFC 4954 §9).
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable

from gateway.dismissals import AccountHeld, TooManyFailures
from gateway.inbound.guests import client_of
from gateway.networks import Networks

_REMEMBERED = 10_000  # clients, accounts and pairs of both


class Backoff:
    """Counts failures; ``forget`` is the number of seconds after which one is forgotten.

    ``now`` is a monotonic clock in seconds.
    """

    def __init__(
        self,
        per_client: int,
        per_account: int,
        forget: float,
        trusted: Networks,
        now: Callable[[], float],
    ) -> None:
        self._most = (per_client, per_account)
        self._forget = forget
        self._trusted = trusted
        self._now = now
        self._clients: OrderedDict[Hashable, float] = OrderedDict()
        self._accounts: OrderedDict[Hashable, float] = OrderedDict()
        self._usual: OrderedDict[Hashable, float] = OrderedDict()

    def check(self, peer: str, account: bytes) -> None:
        """Raise TooManyFailures or AccountHeld for who has to wait."""
        per_client, per_account = self._most
        client, name = client_of(peer), _fold(account)
        if peer not in self._trusted and self._count(self._clients, client) >= per_client:
            raise TooManyFailures
        if (client, name) in self._usual:
            return
        if self._count(self._accounts, name) >= per_account:
            raise AccountHeld

    def failed(self, peer: str, account: bytes) -> None:
        """Note a failure."""
        for seen, key in ((self._clients, client_of(peer)), (self._accounts, _fold(account))):
            _note(seen, key, max(seen.get(key, 0.0), self._now()) + self._forget)

    def succeeded(self, peer: str, account: bytes) -> None:
        """Note that the account's clerk sits at this client."""
        _note(self._usual, (client_of(peer), _fold(account)), self._now())

    def _count(self, seen: OrderedDict[Hashable, float], key: Hashable) -> int:
        """How many failures are not forgotten; kept as the time when the last of them will be."""
        return math.ceil(max(0.0, seen.get(key, 0.0) - self._now()) / self._forget)


def _note(seen: OrderedDict[Hashable, float], key: Hashable, value: float) -> None:
    seen[key] = value
    seen.move_to_end(key)
    if len(seen) > _REMEMBERED:
        seen.popitem(last=False)


def _fold(account: bytes) -> bytes:
    return account[:320].lower()
