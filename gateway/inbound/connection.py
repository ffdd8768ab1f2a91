"""One SMTP connection: its timer, its limits, its replies, and how it ends; no mail yet.

aiosmtpd's :class:`~aiosmtpd.smtp.SMTP` reads commands and does STARTTLS; this subclass mends what
would lose letters or leak: an error inside becomes a 451 with an id and never text from within,
limits on the size of commands belong to the connection and not to the class, every reply is
polished, and clients that err, crowd or dawdle are told 421 and let go (RFC 5321 §3.8).

The names of aiosmtpd that this and its subclasses lean on, public or not, are held by a contract
test.
"""

import asyncio
import collections
import contextlib
import logging
import ssl
from dataclasses import dataclass, field
from typing import NoReturn

from aiosmtpd.smtp import SMTP, TLSSetupException

from gateway.errors import ClosingDown, Refusal, TooManyErrors, TooSlow
from gateway.inbound.guests import Guests
from gateway.inbound.replies import polish
from registry.ids import new_id

log = logging.getLogger(__name__)

BLOCK = 256 * 1024
_PARTING = 5.0  # seconds a client has to read our last words
_COMMAND_SIZES = {"MAIL": 2048, "RCPT": 2048, "AUTH": 12_288}  # with parameters; RFC 4954 §4


@dataclass
class Mail:
    """What MAIL and RCPT have said so far; ``sender`` is None before MAIL, "" for the null one."""

    sender: str | None = None
    recipients: list[str] = field(default_factory=list)
    utf8: bool = False


class Connection(SMTP):
    """The life of one connection; commands are added by a subclass.

    ``peer`` is the client's address, ``helo`` what it calls itself since TLS began, ``mail`` the
    transaction. ``busy`` means that something is under way which must not be broken off when the
    service stops.
    """

    line_length_limit = 64 * 1024  # becomes the reader's limit: how much may wait to be read

    def __init__(
        self,
        guests: Guests,
        *,
        hostname: str,
        timeout: float,
        max_errors: int,
        tls: ssl.SSLContext | None,
    ) -> None:
        self.command_size_limits = collections.defaultdict(lambda: 512)
        super().__init__(
            object(),
            data_size_limit=None,
            enable_SMTPUTF8=True,
            hostname=hostname,
            ident="ESMTP",
            tls_context=tls,
            timeout=timeout,
            loop=asyncio.get_running_loop(),
        )
        self.command_size_limits.update(_COMMAND_SIZES)
        self.peer = ""
        self.helo = ""
        self.mail = Mail()
        self.busy = False
        self._guests = guests
        self._turned_away: Refusal | None = None
        self._greeted = False
        self._leaving = False
        self._errors_left = max_errors

    @property
    def encrypted(self) -> bool:
        """Whether TLS is on."""
        return self._tls_protocol is not None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the client in; after STARTTLS this is called again for the same client."""
        arriving = self.transport is None
        self.helo = ""  # RFC 3207 §4.2: what was said before TLS is forgotten
        super().connection_made(transport)
        if arriving:
            self.peer = str((transport.get_extra_info("peername") or ("",))[0])
            self._turned_away = self._guests.enter(self)

    def connection_lost(self, error: Exception | None) -> None:
        """Count the client out."""
        self._guests.leave(self)
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
        """Send a reply. One error too many, or a 421, ends the connection: see :meth:`dismiss`."""
        text = status if isinstance(status, str) else status.decode("utf-8", "replace")
        if self._greeted:
            text = polish(text, utf8=self.mail.utf8)
        self._greeted = True
        if text.startswith("5") and self.peer not in self._guests.trusted:
            self._errors_left -= 1
            text = TooManyErrors().reply() if self._errors_left < 0 else text
        if text.startswith("421"):
            await self.dismiss(text)
        await super().push(text)

    async def dismiss(self, reply: str) -> NoReturn:
        """Send a last reply and read nothing more, not even what has come already.

        Raises ConnectionResetError, which ends the dialogue where it stands: bytes of a letter
        that was broken off must not be taken for commands.
        """
        await super().push(reply)
        self._hang_up()
        raise ConnectionResetError(f"dismissed: {reply[:9]}")

    async def push_lines(self, lines: list[str]) -> None:
        """Send the lines of one 250 reply as they are (RFC 5321 §4.2.1)."""
        marked = [f"250-{line}" for line in lines[:-1]] + [f"250 {lines[-1]}"]
        await super().push("\r\n".join(marked))

    async def handle_exception(self, error: Exception) -> str:
        """Give the reply to an error; what is not a refusal is told to the log only."""
        if isinstance(error, Refusal):
            log.info("%s refused: %s", self.peer, error)
            return error.reply(utf8=self.mail.utf8)
        number = new_id()
        if isinstance(error, TLSSetupException):
            log.info("%s: TLS failed: %s", self.peer, error.__cause__)
        else:
            log.error("%s: id=%s", self.peer, number, exc_info=error)
        return f"451 4.3.0 Temporary failure, id={number}; please try again later."

    @property
    def extended(self) -> bool:
        """Whether the client said EHLO; aiosmtpd lets only such a client send long commands."""
        return bool(self.session and self.session.extended_smtp)

    @extended.setter
    def extended(self, value: bool) -> None:
        """Note which of HELO and EHLO was said."""
        if self.session:
            self.session.extended_smtp = value

    @property
    def unread(self) -> bytearray:
        """What the client has sent and no command has read; may be changed in place."""
        buffer: bytearray = self._reader._buffer  # type: ignore[attr-defined]  # noqa: SLF001
        return buffer

    def pause_timer(self) -> None:
        """Let the client wait without limit: it is we who take the time."""
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()

    def resume_timer(self, seconds: float | None = None) -> None:
        """Give the client so many seconds (the timeout of the settings by default) from now on."""
        if self.transport is not None:
            self._reset_timeout(seconds)

    def reset_mail(self) -> None:
        """Forget the transaction."""
        self._set_post_data_state()

    def _set_post_data_state(self) -> None:
        super()._set_post_data_state()  # type: ignore[no-untyped-call]
        self.mail = Mail()

    async def _handle_client(self) -> None:
        with contextlib.suppress(ConnectionError):
            if self._turned_away:
                await self.push(self._turned_away.reply())
            await super()._handle_client()

    def _timeout_cb(self) -> None:
        self._last_word(TooSlow())

    def _last_word(self, refusal: Refusal) -> None:
        """Say why and go, from where nothing can be awaited."""
        if self.transport is not None and not self.transport.is_closing():
            self._writer.write(refusal.reply().encode() + b"\r\n")
            self._hang_up()

    def _hang_up(self) -> None:
        """Close when our last words are read, or after a short while in any case."""
        if self.transport is not None:
            self.transport.close()
            self.loop.call_later(_PARTING, self._writer.transport.abort)
