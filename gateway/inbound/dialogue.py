"""The beginning of every SMTP dialogue: HELO, EHLO, AUTH; and the commands that tell little.

Offered are PIPELINING, SIZE, 8BITMIME, SMTPUTF8, DSN, ENHANCEDSTATUSCODES, STARTTLS, and AUTH PLAIN
and LOGIN (:mod:`gateway.inbound.auth`) where the listener signs clerks in and TLS is on. Not
offered: CHUNKING.
"""

import asyncio
import base64
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from gateway import wake
from gateway.dismissals import TooManyErrors
from gateway.errors import BadSequence, BadSyntax, EncryptionRequired, NotSignedIn, WrongPassword
from gateway.inbound.auth import MECHANISMS, SignedIn, SignIn, read_base64, read_plain
from gateway.inbound.backoff import Backoff
from gateway.inbound.commit import Committer
from gateway.inbound.conversation import Conversation
from gateway.inbound.entrance import Entrance
from gateway.inbound.envelope import Envelope
from gateway.inbound.guests import Guests
from gateway.inbound.policy import Policy
from gateway.inbound.replies import printable
from gateway.inbound.spool import Spool, SpoolFile
from gateway.networks import Networks
from gateway.service import Runtime
from gateway.threads import Promises
from registry.counters import count

log = logging.getLogger(__name__)

_MOMENT = 0.005  # seconds
_LONGEST_RESPONSE = 12_288  # RFC 4954 §4

Inspection = Callable[[SpoolFile, Envelope], Coroutine[Any, Any, Envelope]]
"""Looks at a whole letter before it is committed, and gives the envelope with what it found.

Raises a Refusal to turn the letter away."""


@dataclass
class House:
    """What the sessions of one process share."""

    runtime: Runtime
    spool: Spool
    guests: Guests
    sign_in: SignIn
    backoff: Backoff
    trusted: Networks
    forwarders: Networks
    promises: Promises = field(default_factory=Promises)
    committer: Committer = field(default_factory=Committer)
    inspections: tuple[Inspection, ...] = ()
    _bell: asyncio.TimerHandle | None = None

    def ring(self) -> None:
        """Wake the worker in a moment, once for all letters that came in meanwhile."""
        if self._bell is None:
            self._bell = asyncio.get_running_loop().call_later(_MOMENT, self._ring)

    def _ring(self) -> None:
        self._bell = None
        wake.ring(self.runtime.data_dir)


class Dialogue(Conversation):
    """A client that says who it is, and may sign in; letters are added by a subclass."""

    def __init__(self, house: House, policy: Policy, entrance: Entrance) -> None:
        super().__init__(entrance)
        self.house = house
        self.policy = policy
        self.clerk: SignedIn | None = None
        self._sign_ins_left = house.runtime.gateway.submission.max_auth_failures

    async def smtp_HELO(self, argument: str | None) -> None:  # noqa: N802 - found by name
        """Greet an old client."""
        await self.must_be_last()
        self._greet(argument, extended=False)
        await self.push_lines([self.entrance.hostname])

    async def smtp_EHLO(self, argument: str | None) -> None:  # noqa: N802
        """Greet a client and say what we offer."""
        await self.must_be_last()
        self._greet(argument, extended=True)
        offers = [f"SIZE {self.policy.max_bytes}", "PIPELINING", "8BITMIME", "SMTPUTF8", "DSN"]
        if self.entrance.certificate and not self.encrypted:
            offers.append("STARTTLS")
        if self.policy.signs_in and self.encrypted:
            offers.append("AUTH " + " ".join(MECHANISMS))
        await self.push_lines([self.entrance.hostname, *offers, "ENHANCEDSTATUSCODES"])

    async def smtp_AUTH(self, argument: str | None) -> None:  # noqa: N802
        """Let a clerk sign in (RFC 4954)."""
        self._may_sign_in()
        await self.must_be_last()
        mechanism, _, initial = (argument or "").partition(" ")
        if mechanism.upper() not in MECHANISMS:
            await self.push("504 5.5.4 Unrecognized authentication type.")
            return
        plain = mechanism.upper() == "PLAIN"
        response = await self._respond(b"" if plain else b"Username:", initial.strip())
        name, password = (
            read_plain(response) if plain else (response, await self._respond(b"Password:"))
        )
        await self._sign_in(name, password)
        await self.push("235 2.7.0 Authentication successful.")

    async def _sign_in(self, name: bytes, password: bytes) -> None:
        backoff = self.house.backoff
        backoff.check(self.peer, name)
        self.clerk = await self.house.sign_in.verify(name, password)
        if self.clerk is not None:
            backoff.succeeded(self.peer, name)
            return
        backoff.failed(self.peer, name)
        count("saraban_sign_ins_failed_total")
        log.warning("%s failed to sign in", self.name)
        self._sign_ins_left -= 1
        raise TooManyErrors if self._sign_ins_left <= 0 else WrongPassword

    async def smtp_VRFY(self, argument: str | None) -> None:  # noqa: N802
        """Tell nobody who is here (RFC 5321 §7.3)."""
        await self.push("252 2.5.0 Send the letter and see.")

    async def smtp_HELP(self, argument: str | None) -> None:  # noqa: N802
        """Say as much as is useful."""
        await self.push("214 2.0.0 See RFC 5321.")

    def _greet(self, argument: str | None, *, extended: bool) -> None:
        if not argument:
            raise BadSyntax(text="Syntax: EHLO hostname")
        self.reset_mail()
        self.helo = printable(argument)
        self.extended = extended

    def must_be_known(self) -> None:
        """Refuse whoever has not said EHLO, or has to sign in first and did not."""
        if not self.helo:
            raise BadSequence("no EHLO", text="Send EHLO first.")
        if self.policy.signs_in and not self.encrypted:
            raise NotSignedIn("no TLS", text="Must issue a STARTTLS command first.")
        if self.policy.signs_in and self.clerk is None:
            raise NotSignedIn

    def _may_sign_in(self) -> None:
        if not self.policy.signs_in or not self.extended:
            raise BadSequence("AUTH where it is not offered", text="AUTH is not offered here.")
        if not self.encrypted:
            raise EncryptionRequired
        if self.clerk is not None or self.mail.sender is not None:
            raise BadSequence("AUTH at the wrong moment")

    async def _respond(self, challenge: bytes, initial: str = "") -> bytes:
        """Give the client's response, sent along or asked for."""
        if not initial:
            await self.push("334 " + base64.b64encode(challenge).decode())
            initial = (await self.read_line(_LONGEST_RESPONSE)).strip().decode("latin-1")
        if initial == "*":
            raise BadSyntax("AUTH broken off", text="Authentication cancelled.")
        return read_base64(initial.encode("latin-1"))
