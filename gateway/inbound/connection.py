"""One SMTP connection: who it is from, its deadline, TLS, replies, how it ends; no commands.

An error inside becomes a 451 with an id and never text from within, every reply is polished, and
clients that err, crowd or dawdle are told 421 and let go (RFC 5321 §3.8). The bytes themselves are
:mod:`gateway.inbound.wire`'s.

A deadline moves with every command; one timer looks at those of all connections. A command
line that has begun must end within ``smtp.line_timeout``, however its bytes trickle.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, NoReturn

from gateway.dismissals import ClosingDown, TooManyErrors, TooSlow
from gateway.errors import Refusal
from gateway.inbound.entrance import Entrance
from gateway.inbound.replies import polish
from gateway.inbound.talk import Talk
from gateway.inbound.wire import Gone, Wire
from registry.counters import count
from registry.ids import new_id

log = logging.getLogger(__name__)

_PARTING = 5.0  # seconds a client has to read our last words
_LINGER = 4_000_000  # bytes read of a client that is still sending, so that it hears them
_MOST_HELD = 16 * 1024  # bytes of replies that wait for those of the commands behind


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


class Connection(ABC):
    """The life of one connection; the dialogue is added by subclasses.

    ``peer`` is the client's address, ``helo`` what it calls itself since TLS began, ``mail`` the
    transaction. ``busy`` means that something is under way which must not be broken off when the
    service stops. Needs the running loop.
    """

    wire: Wire

    def __init__(self, entrance: Entrance) -> None:
        self.entrance = entrance
        self.loop = asyncio.get_running_loop()
        self.id = new_id()
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
        self._held = ""
        self._errors_left = entrance.limits.max_errors
        self._deadline = self._heard = 0.0

    @property
    def name(self) -> str:
        """The session as the log names it: the client's address and an id."""
        return f"{self.peer} session={self.id}"

    @property
    def encrypted(self) -> bool:
        """Whether TLS is on."""
        return self.wire.encrypted

    @property
    def unread(self) -> bytearray:
        """What the client has sent and no command has read; may be changed in place."""
        return self.wire.unread

    def arrive(self, client: socket.socket, peer: str) -> None:
        """Count the client in and begin the dialogue; the socket must not block, and is ours."""
        self.peer = peer
        guests = self.entrance.guests
        self._turned_away = guests.enter(self, proxy=peer in self.entrance.proxies)
        self.trusted = peer in guests.trusted
        self.wire = Wire(client, self.entrance.room, self._hear, self._leave)
        self._talk = Talk(self._live())
        self.resume_timer()
        if self._turned_away:  # those who leave in this turn of the loop are heard of first
            self.loop.call_soon(self._try_again)
        else:
            self._talk.begin()

    @abstractmethod
    async def talk(self) -> None:
        """Hold the dialogue; it ends with Gone, or when the service does."""

    def go_home(self) -> None:
        """End the connection: at once when idle, else when what is under way is done."""
        self._leaving = True
        if not self.busy:
            self._last_word(ClosingDown())

    def throw_out(self) -> None:
        """Break the connection off."""
        self.wire.abort()
        self._talk.break_off()

    def look_at_clock(self, now: float) -> float:
        """Let go who is too late, and say when to look again."""
        patience = self.entrance.limits.timeout_crowded
        silent = self._heard + patience
        impatient = self.entrance.guests.crowded and not self.busy
        if self._gone and now >= self._deadline:
            self.wire.abort()
        elif now >= self._deadline or (impatient and not self._gone and now >= silent):
            self._last_word(TooSlow())
        return min(self._deadline, silent if silent > now else now + patience)

    async def push(self, text: str) -> None:
        """Send a reply. One error too many, or a 421, ends the connection: see :meth:`dismiss`.

        Replies to pipelined commands go out together (RFC 2920 §3.2).
        """
        text = polish(text, utf8=self.mail.utf8)
        if text[0] == "5" and self.one_error_too_many():
            text = TooManyErrors().reply()
        if text.startswith("421"):
            self.dismiss(text)
        await self.send(text)

    def one_error_too_many(self) -> bool:
        """Count a mistake of the client; trusted networks may make as many as they like."""
        self._errors_left -= 1
        return self._errors_left < 0 and not self.trusted

    def dismiss(self, reply: str, *, linger: bool = False) -> NoReturn:
        """Send a last reply and read nothing more, not even what has come already.

        Raises Gone, which ends the dialogue: bytes of a letter that was broken off must not be
        taken for commands. ``linger`` throws away for a while what a client is still
        sending, since it would not hear a reply behind which the connection is reset.
        """
        log.info("%s dismissed: %s%s", self.name, reply[:9], self.about)
        self.say_good_bye(reply, _LINGER if linger else 0)
        raise Gone(reply[:9])

    def say_good_bye(self, reply: str, linger: int = 0) -> None:
        """Send a last reply and close, once it is read or after a short while in any case."""
        self.wire.send(f"{self._held}{reply}\r\n".encode())
        self._hang_up(linger)

    async def push_lines(self, lines: list[str]) -> None:
        """Send the lines of one 250 reply as they are (RFC 5321 §4.2.1)."""
        marked = [f"250-{line}" for line in lines[:-1]] + [f"250 {lines[-1]}"]
        await self.send("\r\n".join(marked))

    async def send(self, text: str) -> None:
        """Send a reply as it is, or keep it for a moment if the next command has come already."""
        self._held += text + "\r\n"
        if b"\n" in self.wire.unread and len(self._held) < _MOST_HELD:
            return
        held, self._held = self._held.encode(), ""
        self.wire.send(held)
        await self.wire.flushed()

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
        if self._gone:
            return
        limits = self.entrance.limits
        self._heard = now = self.loop.time()
        self._deadline = now + (seconds or limits.timeout)
        self.entrance.guests.patience.ends(min(self._deadline, now + limits.timeout_crowded))

    def hurry(self, seconds: float) -> None:
        """Bring the deadline forward, if it is later than that."""
        deadline = self.loop.time() + seconds
        if deadline < self._deadline < float("inf") and not self._gone:
            self._deadline = deadline
            self.entrance.guests.patience.ends(deadline)

    def reset_mail(self) -> None:
        """Forget the transaction."""
        self.mail = Mail()

    async def upgrade(self) -> None:
        """Do the TLS handshake; what came unread belongs to it. Raises Gone when it fails."""
        assert self.entrance.certificate is not None
        self.hurry(self.entrance.limits.line_timeout)
        self.helo, self.extended = "", False  # RFC 3207 §4.2: said before TLS, and forgotten
        self.reset_mail()
        try:
            await self.wire.secure(self.entrance.certificate.context)
        except ssl.SSLError as error:
            log.info("%s: TLS failed: %s", self.name, error)
            self.wire.abort()
            raise Gone from error

    def _try_again(self) -> None:
        """Come in if there is room by now, else be told that there is none."""
        if not self._gone:
            proxy = self.peer in self.entrance.proxies
            self._turned_away = self.entrance.guests.recount(self, proxy=proxy)
        self._talk.begin()

    async def _live(self) -> None:
        """Hold the dialogue to its end, whatever that is."""
        try:
            await self.talk()
        except Gone:
            pass
        except Exception:
            log.exception("%s: the session broke", self.name)
        finally:
            if not self._gone:
                self._hang_up()

    def _hear(self) -> None:
        """Go on, now that bytes have come; a line that has begun must end soon."""
        self._talk.feed()
        if not self.busy and self.wire.unread and b"\n" not in self.wire.unread:
            self.hurry(self.entrance.limits.line_timeout)

    def _leave(self) -> None:
        """Count the client out."""
        self._gone = True
        self.entrance.guests.leave(self)

    def _last_word(self, refusal: Refusal) -> None:
        """Say why and go, from where nothing can be awaited."""
        if self._gone:
            return
        log.info("%s dismissed: %s%s", self.name, refusal, self.about)
        if self.wire.open:
            with contextlib.suppress(Gone):
                self.wire.send(f"{self._held}{refusal.reply()}\r\n".encode())
        self._hang_up()

    def _hang_up(self, linger: int = 0) -> None:
        """Close when our last words are read, or after a short while in any case."""
        self._gone = True
        self._deadline = self.loop.time() + _PARTING
        self.wire.part(0 if self.encrypted else linger)
        if not self.wire.closed:
            self.entrance.guests.patience.ends(self._deadline)
