"""One SMTP connection: who it is from, its timer, its TLS, its replies, how it ends; no commands.

aiosmtpd's :class:`~aiosmtpd.smtp.SMTP` is the frame; this subclass mends what would lose letters or
leak: an error inside becomes a 451 with an id and never text from within, every reply is
polished, and clients that err, crowd or dawdle are told 421 and let go (RFC 5321 §3.8).

One timer a connection wakes rarely and looks at a deadline, which is moved at no cost. A command
line that has begun must end within ``smtp.line_timeout``, however its bytes trickle.

A contract test holds the names of aiosmtpd, public or not, that this and its subclasses use.
"""

import asyncio
import logging
from asyncio import sslproto
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NoReturn

from aiosmtpd.smtp import SMTP

from gateway.dismissals import ClosingDown, TooManyErrors, TooSlow
from gateway.errors import Refusal
from gateway.inbound.entrance import Entrance
from gateway.inbound.replies import polish
from registry.counters import count
from registry.ids import new_id

log = logging.getLogger(__name__)

BLOCK = 256 * 1024
_PARTING = 5.0  # seconds a client has to read our last words
_LINGER = 4_000_000  # bytes read of a client that is still sending, so that it hears them
_MOST_HELD = 16 * 1024  # bytes of replies that wait for those of the commands behind


class Gone(Exception):
    """Ends the dialogue where it stands; what is still unread is never taken for commands."""


@dataclass
class Mail:
    """What MAIL and RCPT have said so far; ``sender`` is None before MAIL, "" for the null one.

    ``dsn`` is what MAIL asked of delivery reports, ``dsn_of`` what each RCPT did.
    """

    sender: str | None = None
    recipients: list[str] = field(default_factory=list)
    utf8: bool = False
    dsn: dict[str, Any] = field(default_factory=dict)
    dsn_of: dict[str, dict[str, Any]] = field(default_factory=dict)


class Connection(SMTP):
    """The life of one connection; the dialogue is added by subclasses.

    ``peer`` is the client's address, ``helo`` what it calls itself since TLS began, ``mail`` the
    transaction. ``busy`` means that something is under way which must not be broken off when the
    service stops.
    """

    def __init__(self, entrance: Entrance) -> None:
        entrance.furnish(self)
        self.entrance = entrance
        self.peer = ""
        self.helo = ""
        self.extended = False  # whether it said EHLO
        self.mail = Mail()
        self.trusted = False
        self.busy = False
        self.letter = ""  # name of the letter that came last, for the log
        self._turned_away: Refusal | None = None
        self._greeted = False
        self._leaving = False
        self._gone = False
        self._held = b""
        self._errors_left = entrance.limits.max_errors
        self._deadline = self._heard = 0.0
        self._alarm = float("inf")  # when the timer wakes

    @cached_property
    def name(self) -> str:
        """The session as the log names it: the client's address and an id."""
        return f"{self.peer} session={new_id()}"

    @property
    def encrypted(self) -> bool:
        """Whether TLS is on."""
        return self._tls_protocol is not None

    @property
    def unread(self) -> bytearray:
        """What the client has sent and no command has read; may be changed in place."""
        buffer: bytearray = self._reader._buffer  # type: ignore[attr-defined]  # noqa: SLF001
        return buffer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the client in; after STARTTLS this is called again for the same client."""
        arriving = self.transport is None
        self.helo, self.extended = "", False  # RFC 3207 §4.2: said before TLS, and forgotten
        super().connection_made(transport)
        if arriving:
            self.peer = str((transport.get_extra_info("peername") or ("",))[0])
            proxy = self.peer in self.entrance.proxies
            self._turned_away = self.entrance.guests.enter(self, proxy=proxy)
            self.trusted = self.peer in self.entrance.guests.trusted

    def data_received(self, data: bytes) -> None:
        """Take bytes; a line that has begun must end soon."""
        super().data_received(data)
        if not self.busy and b"\n" not in data:
            self._hurry(self.entrance.limits.line_timeout)

    def connection_lost(self, error: Exception | None) -> None:
        """Count the client out."""
        self.entrance.guests.leave(self)
        super().connection_lost(error)

    def go_home(self) -> None:
        """End the connection: at once when idle, else when what is under way is done."""
        self._leaving = True
        if not self.busy:
            self._last_word(ClosingDown())

    def throw_out(self) -> None:
        """Break the connection off."""
        if self.transport is not None:
            self._writer.transport.abort()

    async def push(self, status: str | bytes) -> None:
        """Send a reply. One error too many, or a 421, ends the connection: see :meth:`dismiss`.

        Replies to pipelined commands go out together (RFC 2920 §3.2).
        """
        text = status if isinstance(status, str) else status.decode("utf-8", "replace")
        if self._greeted:
            text = polish(text, utf8=self.mail.utf8)
        self._greeted = True
        if text[:1] == "5" and self.one_error_too_many():
            text = TooManyErrors().reply()
        if text.startswith("421"):
            await self.dismiss(text)
        await self._send(text)

    def one_error_too_many(self) -> bool:
        """Count a mistake of the client; trusted networks may make as many as they like."""
        self._errors_left -= 1
        return self._errors_left < 0 and not self.trusted

    async def dismiss(self, reply: str, *, linger: bool = False) -> NoReturn:
        """Send a last reply and read nothing more, not even what has come already.

        Raises Gone, which ends the dialogue: bytes of a letter that was broken off must not be
        taken for commands. ``linger`` throws away for a while what a client is still
        sending, since it would not hear a reply behind which the connection is reset.
        """
        log.info("%s dismissed: %s%s", self.name, reply[:9], self.about)
        await self._send(reply, last=True)
        self._hang_up(linger=linger and not self.encrypted)
        left = _LINGER if linger else 0
        while left > 0 and (thrown_away := await self._reader.read(BLOCK)):
            left -= len(thrown_away)
        self._writer.close()
        raise Gone(reply[:9])

    async def push_lines(self, lines: list[str]) -> None:
        """Send the lines of one 250 reply as they are (RFC 5321 §4.2.1)."""
        marked = [f"250-{line}" for line in lines[:-1]] + [f"250 {lines[-1]}"]
        await self._send("\r\n".join(marked))

    async def handle_exception(self, error: Exception) -> str:
        """Give the reply to an error; what is not a refusal is told to the log only."""
        if isinstance(error, Refusal):
            count("saraban_refusals_total", code=str(error.code))
            log.info("%s refused: %s%s", self.name, error, self.about)
            return error.reply(utf8=self.mail.utf8)
        number = new_id()
        log.error("%s: id=%s%s", self.name, number, self.about, exc_info=error)
        return f"451 4.3.0 Temporary failure, id={number}; please try again later."

    @property
    def about(self) -> str:
        """The letter under way or taken last, as a log line ends with it."""
        return f" letter={self.letter}" if self.letter else ""

    def pause_timer(self) -> None:
        """Let the client wait without limit: it is we who take the time."""
        self._deadline = float("inf")

    def resume_timer(self, seconds: float | None = None) -> None:
        """Give the client so many seconds (the timeout of the settings by default) from now on."""
        if self.transport is not None:
            self._reset_timeout(seconds)

    def reset_mail(self) -> None:
        """Forget the transaction."""
        self._set_post_data_state()

    async def upgrade(self) -> None:
        """Do the TLS handshake; what came unread belongs to it. Raises Gone when it fails.

        As aiosmtpd does in smtp_STARTTLS, but callable before the greeting too (RFC 8314 §3.3).
        """
        assert self.entrance.certificate is not None
        ready = self.loop.create_future()
        plain, early = self._writer.transport, bytes(self.unread)
        self._tls_protocol = sslproto.SSLProtocol(
            self.loop, self, self.entrance.certificate.context, ready, server_side=True
        )
        self._original_transport = plain
        plain.set_protocol(self._tls_protocol)
        self.transport = self._tls_protocol._app_transport  # noqa: SLF001
        self._tls_protocol.connection_made(plain)
        if early:
            self._tls_protocol.get_buffer(len(early))[: len(early)] = early
            self._tls_protocol.buffer_updated(len(early))
        try:
            await ready  # it ends without an error when we broke off ourselves
        except Exception as error:  # noqa: BLE001 - whatever it was, the connection ends
            log.info("%s: TLS failed: %s", self.name, error)
            plain.abort()
        if self._shaking_hands:
            self.connection_lost(None)  # asyncio does not call it before a handshake is done
        if plain.is_closing() or self.transport.is_closing():
            raise Gone

    @property
    def _shaking_hands(self) -> bool:
        """Whether TLS has begun and not come about."""
        return self._writer.transport is self._original_transport

    def _reset_timeout(self, duration: float | None = None) -> None:
        if self._gone:
            return
        limits = self.entrance.limits
        self._heard = self.loop.time()
        self._deadline = self._heard + (duration or limits.timeout)
        if self._alarm > min(self._deadline, self._heard + limits.timeout_crowded):
            self._set_alarm()

    def _hurry(self, seconds: float) -> None:
        """Bring the deadline forward, if it is later than that."""
        deadline = self.loop.time() + seconds
        if deadline < self._deadline < float("inf") and not self._gone:
            self._deadline = deadline
            self._set_alarm()

    def _set_alarm(self) -> None:
        """Let the timer wake at the deadline, or when a crowd might bring it forward."""
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        self._alarm = min(self._deadline, self._heard + self.entrance.limits.timeout_crowded)
        self._timeout_handle = self.loop.call_at(self._alarm, self._timeout_cb)

    def _timeout_cb(self) -> None:
        now = self.loop.time() + 0.001
        patience = self.entrance.limits.timeout_crowded
        crowded = self.entrance.guests.crowded and not self.busy
        if now >= self._deadline or (crowded and now >= self._heard + patience):
            self._last_word(TooSlow())
            return
        self._alarm = min(self._deadline, max(self._heard, now) + patience)
        self._timeout_handle = self.loop.call_at(self._alarm, self._timeout_cb)

    def _set_post_data_state(self) -> None:
        super()._set_post_data_state()  # type: ignore[no-untyped-call]
        self.mail = Mail()

    async def _send(self, text: str, *, last: bool = False) -> None:
        self._held += text.encode() + b"\r\n"
        if b"\n" in self.unread and not last and len(self._held) < _MOST_HELD:
            return  # the next command has come already
        if self.transport is None:
            raise Gone
        held, self._held = self._held, b""
        self._writer.transport.write(held)
        if self._writer.transport.get_write_buffer_size():
            await self._writer.drain()

    def _last_word(self, refusal: Refusal) -> None:
        """Say why and go, from where nothing can be awaited."""
        if self.transport is not None and not self.transport.is_closing() and not self._gone:
            log.info("%s dismissed: %s%s", self.name, refusal, self.about)
            if not self._shaking_hands:  # else it could not read our words
                self._writer.write(self._held + refusal.reply().encode() + b"\r\n")
            self._hang_up()

    def _hang_up(self, *, linger: bool = False) -> None:
        """Close when our last words are read, or after a short while in any case."""
        self._gone = True
        if self.transport is None:
            return
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        self._timeout_handle = self.loop.call_later(_PARTING, self._writer.transport.abort)
        if linger:
            self._writer.write_eof()
        else:
            self.transport.close()
