"""The SMTP dialogue about a letter: from whom, for whom, and the letter; 250 when it is safe.

Commands raise a :class:`gateway.errors.Refusal` for what they will not do; the connection turns it
into the reply. What a listener takes is its :class:`~gateway.inbound.policy.Policy`.

A commit to the spool is a promise (:mod:`gateway.threads`): a client that hangs up meanwhile
changes nothing any more, gets no 250, and will send its letter again.
"""

import asyncio
import logging
from dataclasses import replace
from typing import Any

from gateway.dismissals import ClosingDown, TooSlow
from gateway.errors import BadAddress, BadSequence, BadSyntax, TooManyRecipients, UnknownParameter
from gateway.inbound.command import read_path
from gateway.inbound.data import Pace
from gateway.inbound.dialogue import Dialogue
from gateway.inbound.dsn import Parameters, take_from_mail, take_from_rcpt
from gateway.inbound.envelope import Envelope
from gateway.inbound.header_watch import HeaderWatch
from gateway.inbound.intake import Intake
from gateway.inbound.spool import SpoolFile
from gateway.threads import in_thread_to_its_end
from registry import faults
from registry.counters import count
from registry.log import note

log = logging.getLogger(__name__)


class Session(Dialogue):
    """One client that hands in letters."""

    async def smtp_MAIL(self, argument: str | None) -> None:  # noqa: N802
        """Begin a letter."""
        self.must_be_known()
        if self.mail.sender is not None:
            raise BadSequence("nested MAIL")
        path = read_path("FROM", argument)
        if path.address and "@" not in path.address:
            raise BadAddress
        given = dict(path.parameters)
        dsn = take_from_mail(given)
        self.policy.check_size(_size_of(given))
        self.policy.check_sender(path.address, self.clerk)
        self.mail.sender = path.address
        self.mail.utf8 = "SMTPUTF8" in path.parameters
        self.mail.dsn = dsn
        self.letter = ""
        await self.push("250 2.1.0 Sender ok.")

    async def smtp_RCPT(self, argument: str | None) -> None:  # noqa: N802
        """Take one recipient."""
        self.must_be_known()
        if self.mail.sender is None:
            raise BadSequence("RCPT before MAIL", text="Send MAIL first.")
        path = read_path("TO", argument, utf8=self.mail.utf8)
        given = dict(path.parameters)
        dsn = take_from_rcpt(given)
        if given:
            raise UnknownParameter
        if not path.address:
            raise BadSyntax(text="Syntax: RCPT TO:<address>")
        if len(self.mail.recipients) >= self.entrance.limits.max_recipients:
            raise TooManyRecipients
        await self.policy.check_recipient(path.address)
        if path.address not in self.mail.recipients:
            self.mail.recipients.append(path.address)
        if dsn:
            self.mail.dsn_of[path.address] = dsn
        await self.push("250 2.1.5 Recipient ok.")

    async def smtp_DATA(self, argument: str | None) -> None:  # noqa: N802
        """Take the letter in; 250 says that it is on the disk."""
        self.must_be_known()
        if not self.mail.recipients:
            raise BadSequence("DATA without recipients", text="No valid recipients.")
        if argument:
            raise BadSyntax(text="Syntax: DATA")
        if self.unread:  # a letter sent before 354 would be read as commands
            self.dismiss("503 5.5.1 Wait for 354 before sending the letter.", linger=True)
        self.busy, utf8 = True, self.mail.utf8
        try:
            name = await self._take_letter()
        finally:
            self.busy = False
            self.reset_mail()
            self.mail.utf8 = utf8  # a refusal is still about this letter
            self.resume_timer()
        self.letter_done()
        count("saraban_letters_accepted_total", listener=str(self.policy.listener))
        log.info("%s taken from %s by %s", name, self.name, self.policy.listener)
        await self.push(f"250 2.0.0 Ok: queued as {name}")
        if self._leaving:
            await self.push(ClosingDown().reply())

    async def _take_letter(self) -> str:
        envelope = self._envelope()
        letter = self.house.spool.begin()
        self.letter = letter.name
        note(letter=letter.name)
        try:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            urgency = await self._stream(letter)
        except BaseException:
            letter.abandon()
            raise
        self.pause_timer()
        if urgency:
            envelope = replace(envelope, priority=urgency)
        with self.house.promises.hold():
            name = await self._commit(letter, envelope)
        faults.point("before_250")
        return name

    async def _stream(self, letter: SpoolFile) -> int:
        """Read blocks up to the end of data, at the pace asked for; give the letter's urgency."""
        limits = self.entrance.limits
        watch = HeaderWatch(lambda fields: self.policy.check_header(fields, self.clerk))
        intake = Intake(letter, watch, self.policy, limits.max_discarded_bytes)
        now = noted = self.loop.time()
        pace = Pace(limits.timeout, limits.min_data_rate, now)
        while not intake.ended:
            block = await self.wire.block()
            if letter.small or len(self.house.guests) < 2:
                intake.take(block)
            else:  # others are served meanwhile; for one alone it would only take longer
                await in_thread_to_its_end(intake.take, block)
            if intake.overdrawn:
                self.dismiss(self.policy.too_large().reply(), linger=True)
            pace.came(len(block))
            now = self.loop.time()
            if now - noted > min(1.0, limits.timeout / 10):
                noted = now
                if not (left := pace.left(now)):
                    raise TooSlow("the letter trickled")
                self.resume_timer(left)
        self.unread[:0] = intake.rest  # pipelined commands, in their order
        intake.finish()
        return watch.urgency

    async def _commit(self, letter: SpoolFile, envelope: Envelope) -> str:
        try:
            for inspect in self.house.inspections:
                envelope = await asyncio.create_task(inspect(letter, envelope))
            name = await self.house.committer.commit(letter, envelope)
        finally:
            letter.abandon()  # does nothing once it is committed
        self.house.ring()
        return name

    def _envelope(self) -> Envelope:
        return Envelope(
            listener=self.policy.listener,
            accepted_at=self.house.runtime.clock.now(),
            peer=self.peer,
            helo=self.helo,
            tls=self.encrypted,
            mail_from=self.mail.sender or "",
            recipients=tuple(self.mail.recipients),
            signed_in=self.clerk.email if self.clerk else "",
            trusted_network=self.peer in self.house.trusted,
            forwarder=self.peer in self.house.forwarders,
            smtputf8=self.mail.utf8,
            dsn=self._dsn(),
        )

    def _dsn(self) -> dict[str, Any] | None:
        """Give what was asked of delivery reports, None when nothing was."""
        asked = dict(self.mail.dsn)
        if self.mail.dsn_of:
            asked["recipients"] = self.mail.dsn_of
        return asked or None


def _size_of(given: Parameters) -> int:
    """Read the parameters of MAIL; give the announced size, 0 when there is none."""
    size, body = given.pop("SIZE", "0"), given.pop("BODY", "7BIT")
    given.pop("AUTH", None)  # RFC 4954 §5: to be understood; we believe only who signed in
    if given.pop("SMTPUTF8", None) is not None:
        raise BadSyntax(text="SMTPUTF8 takes no value.")
    if given:
        raise UnknownParameter
    if body is None or body.upper() not in {"7BIT", "8BITMIME"}:
        raise BadSyntax(text="BODY is 7BIT or 8BITMIME.")
    if size is None or not (size.isascii() and size.isdigit() and len(size) <= 20):
        raise BadSyntax(text="SIZE is a number of bytes.")
    return int(size)
