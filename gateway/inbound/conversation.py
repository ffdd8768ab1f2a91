"""The turns of an SMTP dialogue: a line is read, its command found and done; and how much of it.

Commands are counted, and limited in number, time and length, also those of a line that never ends.
What a command does is a method ``smtp_X`` of a subclass; it raises a Refusal for what it will not
do. Lines come from the wire in the moment when they are whole; all that are there are done in turn.

Before the first turn: a PROXY header from those who must send one, the handshake where TLS comes
first, and the greeting. Who speaks before the greeting is no mail server (RFC 5321 §3.1), and who
pipelines behind a command that must be the last of its group (RFC 2920 §3.1) may have been
tricked into sending somebody else's commands: both are told 554 and let go.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

from aiosmtpd.proxy_protocol import get_proxy

from gateway.dismissals import LongSession, ProxyExpected, TooManyCommands, TooManyErrors
from gateway.errors import BadCommand, BadSequence, BadSyntax, NotInStep, NotOffered
from gateway.inbound.connection import Connection
from gateway.inbound.entrance import Entrance
from gateway.inbound.replies import printable
from gateway.inbound.wire import LONGEST_WAIT, Gone, Wire
from registry.log import note

log = logging.getLogger(__name__)

LINE = 512
"""Octets of a command line (RFC 5321 §4.5.3.1.4)."""
_LONGER = {b"MAIL": 2048, b"RCPT": 2048, b"AUTH": 12_288}  # after EHLO; RFC 3461 §4, RFC 4954 §4
_ENDLESS = 1_000_000  # bytes of a line after which its end is not waited for
_JUNK = {b"NOOP", b"RSET", b"VRFY", b"EXPN", b"HELP", b"HELO", b"EHLO"}
_UNKNOWN = 5  # unknown commands after which the client is let go
_PROXY_WAIT = 10.0


class Conversation(Connection):
    """Reads commands and has them done, one after the other."""

    commands: ClassVar[dict[bytes, Callable[..., Any]]] = {}

    def __init_subclass__(cls) -> None:
        """Find the commands of the subclass by their names."""
        names = [name for name in dir(cls) if name.startswith("smtp_")]
        cls.commands = {name[5:].encode(): getattr(cls, name) for name in names}

    def __init__(self, entrance: Entrance) -> None:
        super().__init__(entrance)
        limits = entrance.limits
        self._ends = self.loop.time() + limits.max_session
        self._commands_left = limits.max_commands
        self._junk_left = limits.max_junk_commands
        self._unknown_left = _UNKNOWN

    def letter_done(self) -> None:
        """Begin to count commands again, now that they came to something."""
        self._commands_left = self.entrance.limits.max_commands
        self._junk_left = self.entrance.limits.max_junk_commands

    async def read_line(self, most: int) -> bytes:
        """Give the next line without its end. Raises BadCommand when it is longer than that."""
        line = await self.wire.line()
        if line is None:
            await self._read_on()
            raise BadCommand(text="Command line too long")
        line = line.rstrip(b"\r\n")
        if len(line) > most:
            raise BadCommand(text="Command line too long")
        return line

    async def must_be_last(self) -> None:
        """Let go a client that has sent on behind a command that must end its group."""
        if self.unread:
            self.dismiss(NotInStep().reply(), linger=True)

    async def smtp_STARTTLS(self, argument: str | None) -> None:  # noqa: N802 - found by name
        """Turn TLS on (RFC 3207)."""
        if argument:
            raise BadSyntax(text="Syntax: STARTTLS")
        if self.entrance.certificate is None or self.encrypted:
            raise BadSequence("STARTTLS where it is not offered", text="TLS is not offered here.")
        await self.must_be_last()
        await self.push("220 2.0.0 Ready to start TLS")
        await self.upgrade()

    async def smtp_QUIT(self, argument: str | None) -> None:  # noqa: N802
        """Say good-bye."""
        if argument:
            raise BadSyntax(text="Syntax: QUIT")
        self.say_good_bye("221 2.0.0 Bye")
        raise Gone

    async def smtp_NOOP(self, argument: str | None) -> None:  # noqa: N802
        """Do nothing."""
        await self.push("250 2.0.0 OK")

    async def smtp_RSET(self, argument: str | None) -> None:  # noqa: N802
        """Forget the transaction."""
        if argument:
            raise BadSyntax(text="Syntax: RSET")
        self.reset_mail()
        await self.push("250 2.0.0 OK")

    async def smtp_EXPN(self, argument: str | None) -> None:  # noqa: N802
        """Name nobody."""
        raise NotOffered("EXPN")

    async def talk(self) -> None:
        """Read one command after the other and do it; whatever goes wrong inside is answered."""
        await self._begin()
        while True:
            try:
                await self._obey(await self.read_line(_LONGER[b"AUTH"]))
            except Gone:
                raise
            except Exception as error:  # noqa: BLE001 - handle_exception tells it to the log
                await self.push(await self.handle_exception(error))

    async def _begin(self) -> None:
        """Do what comes before the first command."""
        if self.peer in self.entrance.proxies:
            await self._hear_proxy()
        note(peer=self.peer, session=self.id)
        if self.entrance.tls_first:
            if self._turned_away:  # a handshake would cost more than the words are worth
                log.info("%s dismissed: %s", self.name, self._turned_away)
                raise Gone
            await self.upgrade()
        if self._turned_away:
            self.dismiss(self._turned_away.reply())
        delay = 0.0 if self.trusted else self.entrance.limits.greet_delay
        if delay:
            await asyncio.sleep(delay)
        if not self.encrypted:
            self.wire.look()  # for bytes that lie there already
        if self.unread:
            self.dismiss(NotInStep(text="You spoke before the greeting.").reply(), linger=True)
        await self.send(f"220 {self.entrance.hostname} ESMTP")

    async def _hear_proxy(self) -> None:
        """Read for whom a load balancer speaks; from then on that is the client."""
        self.hurry(_PROXY_WAIT)
        try:
            header = await get_proxy(_Reader(self.wire))
        except Exception as error:  # noqa: BLE001 - it fails in many ways on what is no header
            log.info("%s: no PROXY header: %s", self.name, type(error).__name__)
            header = None
        if not header:
            self.dismiss(ProxyExpected().reply(), linger=True)
        if header.src_addr is not None and not isinstance(header.src_addr, bytes):
            self.peer = str(header.src_addr)
            self.trusted = self.peer in self.entrance.guests.trusted
        self._turned_away = self.entrance.guests.recount(self)
        self.resume_timer()

    async def _obey(self, line: bytes) -> None:
        verb, _, rest = line.partition(b" ")
        verb = verb.upper()
        self._count(verb)
        if len(line) > (_LONGER.get(verb, LINE) if self.extended else LINE):
            raise BadCommand(text="Command line too long")
        method = self.commands.get(verb)
        if method is None:
            self._refuse_unknown(verb)
        self.resume_timer()
        argument = str(rest.strip(), "utf-8", "surrogateescape") if rest else None
        await method(self, argument)

    def _count(self, verb: bytes) -> None:
        self._commands_left -= 1
        if self._commands_left < 0 and not self.trusted:
            raise TooManyCommands
        if self.loop.time() > self._ends:
            raise LongSession
        if verb in _JUNK:
            self._junk_left -= 1
            if self._junk_left < 0 and self.one_error_too_many():
                raise TooManyErrors

    def _refuse_unknown(self, verb: bytes) -> NoReturn:
        self._unknown_left -= 1
        if self._unknown_left < 1:
            self.dismiss("502 5.5.1 Too many unrecognized commands, goodbye.")
        if not verb.isascii() or not verb:
            raise BadCommand("a line that is no command")
        name = printable(verb.decode("ascii"), 40)
        raise BadCommand("unknown command", text=f'Error: command "{name}" not recognized')

    async def _read_on(self) -> None:
        """Read to the end of a line that is too long; let go whose line has none."""
        for _ in range(_ENDLESS // LONGEST_WAIT):
            if await self.wire.line() is not None:
                return
        self.dismiss(TooManyErrors(text="The line has no end.").reply(), linger=True)


class _Reader:
    """A wire as aiosmtpd reads PROXY headers from it."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def read(self, most: int = -1) -> bytes:
        """Give what has come, at most so many bytes."""
        return await self._wire.some(most)

    async def readexactly(self, count: int) -> bytes:
        """Give so many bytes."""
        data = b""
        while len(data) < count:
            data += await self._wire.some(count - len(data))
        return data

    async def readuntil(self, separator: bytes = b"\n") -> bytes:
        """Give a line with its end."""
        assert separator == b"\n"
        line = await self._wire.line()
        if line is None:
            raise ValueError("a line without an end")
        return line
