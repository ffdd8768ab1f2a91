"""The bytes of one connection, both ways: a socket, TLS on it once it is asked for, and the end.

Transports and streams of asyncio do the same, and cost more for each connection than a letter's
commands do. Here a line costs one wake-up of the event loop, one read, and one write that goes
straight to the socket; only what the socket does not take at once is kept and sent later.

Memory. What nobody has read yet is bounded: beyond 64 KiB nothing more is taken from the socket,
and the client waits. What a client does not read of our replies is bounded by :meth:`Wire.flushed`.

The end. A client that has sent its last may still read. :meth:`Wire.part` sends what is
left, and can throw away for a while what the client goes on sending, because a connection that is
closed over unread bytes is reset, and our last words with it. Whoever reads then meets Gone: what
is unread is never taken for commands.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable

from gateway.inbound.cipher import Cipher
from gateway.inbound.talk import more

BLOCK = 256 * 1024
"""Most bytes of a letter that are read at once."""
LONGEST_WAIT = 64 * 1024
"""Bytes that may wait to be read on one connection; also the longest line that is looked at."""
_COMMANDS = 16 * 1024  # bytes read at once while commands come: others are to have their turn
_UNSENT = 64 * 1024  # bytes of replies that the client may leave unread
_MOST_UNSENT = 1024 * 1024  # bytes, TLS's own among them, after which it is broken off
_FAREWELL = 64 * 1024  # bytes that a client may send before it hears that TLS has ended


class Gone(Exception):
    """Ends the dialogue where it stands; what is still unread is never taken for commands."""


class Wire:
    """One connected socket, which must not block; ``room`` is where it reads, shared by a loop.

    ``heard`` is called when bytes have come, or none will, ``closed`` once, when the socket is
    closed. ``unread`` may be changed in place. Needs the running loop.
    """

    def __init__(
        self,
        connection: socket.socket,
        room: memoryview,
        heard: Callable[[], None],
        closed: Callable[[], None],
    ) -> None:
        self.unread = bytearray()
        self.ended = False  # nothing more is read
        self.closed = False
        self._socket = connection
        self._handle = connection.fileno()
        self._loop = asyncio.get_running_loop()
        self._room = room
        self._most = _COMMANDS
        self._heard, self._closed = heard, closed
        self._cipher: Cipher | None = None
        self._shaking_hands = self._reading = self._parting = False
        self._thrown_away = 0  # bytes that may still be
        self._unsent = bytearray()
        self._flushed: asyncio.Future[None] | None = None
        self._read_on()

    @property
    def encrypted(self) -> bool:
        """Whether TLS is on."""
        return self._cipher is not None

    @property
    def open(self) -> bool:
        """Whether anything that is sent now will be read: not in a handshake, nor at the end."""
        return not (self.closed or self._parting or self._shaking_hands)

    async def line(self) -> bytes | None:
        """Give the next line with its LF; None for 64 KiB without one, which are thrown away."""
        self._most, seen = _COMMANDS, 0
        while (end := self.unread.find(b"\n", seen)) < 0:
            seen = len(self.unread)
            if seen >= LONGEST_WAIT:
                self.unread.clear()
                return None
            await self._fetch()
        line = bytes(self.unread[: end + 1])
        del self.unread[: end + 1]
        return line

    async def block(self) -> bytes:
        """Give what has come, and at least one byte."""
        self._most = BLOCK
        while not self.unread:
            await self._fetch()
        block = bytes(self.unread)
        self.unread.clear()
        return block

    async def some(self, most: int) -> bytes:
        """Give what has come, from one byte to so many."""
        while not self.unread:
            await self._fetch()
        some = bytes(self.unread[:most])
        del self.unread[:most]
        return some

    def look(self) -> None:
        """Take what lies at the socket already."""
        if self._reading:
            self._readable()

    def send(self, data: bytes) -> None:
        """Send, now as much as the socket takes. Raises Gone when there is no connection."""
        if self.closed or self._parting:
            raise Gone
        try:
            self._put(self._cipher.encrypt(data) if self._cipher else data)
        except ssl.SSLError:
            self.abort()
        if self.closed:
            raise Gone

    async def flushed(self) -> None:
        """Wait while the client leaves too much unread of what was sent."""
        while len(self._unsent) > _UNSENT:
            self._flushed = self._loop.create_future()
            await self._flushed

    async def secure(self, context: ssl.SSLContext) -> None:
        """Do the TLS handshake; what came unread belongs to it.

        Raises ssl.SSLError when it fails, after which the connection is to be broken off.
        """
        self._cipher, self._shaking_hands = Cipher(context), True
        self._cipher.take(self.unread)
        self.unread.clear()
        try:
            while not self._cipher.shake_hands():
                self._put(self._cipher.outgoing())
                await self._fetch()
        finally:
            self._put(self._cipher.outgoing())
        self._shaking_hands = False
        self._decipher()

    def part(self, throw_away: int = 0) -> None:
        """Send what is left and close; throw away so many bytes that the client still sends.

        Breaks off what cannot be ended so: a handshake, or a parting.
        """
        if not self.open:
            self.abort()
            return
        self._parting, self._thrown_away = True, throw_away
        if self._cipher:
            self._put(self._cipher.end())
            self._thrown_away = max(throw_away, _FAREWELL)
        if self.ended:  # the client has sent its last
            self._thrown_away = 0
        self.ended = True
        self.unread.clear()
        if not self._unsent:
            self._say_no_more()
        self._heard()

    def abort(self) -> None:
        """Close at once, whatever is unsent."""
        if self.closed:
            return
        self.closed = self.ended = True
        self._pause()
        if self._unsent:
            self._loop.remove_writer(self._handle)
            self._unsent.clear()
        self._socket.close()
        self.unread.clear()
        if self._flushed is not None and not self._flushed.done():
            self._flushed.set_result(None)
        heard, closed = self._heard, self._closed
        self._heard = self._closed = _nobody  # whom these belong to has us too
        closed()
        heard()

    async def _fetch(self) -> None:
        """Wait for more bytes."""
        if self.ended:
            raise Gone
        self._read_on()
        await more()

    def _readable(self) -> None:
        try:
            count = self._socket.recv_into(self._room, self._most)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self.abort()
            return
        if self._parting:
            self._thrown_away -= count
            if not count or self._thrown_away < 0:
                self.abort()
        elif not count:
            self._end()
        else:
            self._take(self._room[:count])
            self._heard()
            if len(self.unread) >= LONGEST_WAIT:
                self._pause()

    def _take(self, data: memoryview) -> None:
        if self._cipher is None:
            self.unread += data
        else:
            self._cipher.take(data)
            if not self._shaking_hands:
                self._decipher()

    def _decipher(self) -> None:
        assert self._cipher is not None
        try:
            self.unread += self._cipher.plain()
        except ssl.SSLError:
            self.abort()
            return
        if said := self._cipher.outgoing():
            self._put(said)
        if self._cipher.ended:
            self._end()

    def _end(self) -> None:
        """Read no more: the client has sent its last."""
        self.ended = True
        self._pause()
        self._heard()

    def _put(self, data: bytes) -> None:
        if self.closed or not data:
            return
        sent = 0
        if not self._unsent:
            try:
                sent = self._socket.send(data)
            except (BlockingIOError, InterruptedError):
                pass
            except OSError:
                self.abort()
                return
            if sent == len(data):
                return
            self._loop.add_writer(self._handle, self._writable)
        self._unsent += data[sent:]
        if len(self._unsent) > _MOST_UNSENT:
            self.abort()

    def _writable(self) -> None:
        try:
            del self._unsent[: self._socket.send(self._unsent)]
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self.abort()
            return
        if self._flushed is not None and not self._flushed.done() and len(self._unsent) <= _UNSENT:
            self._flushed.set_result(None)
        if not self._unsent:
            self._loop.remove_writer(self._handle)
            if self._parting:
                self._say_no_more()

    def _say_no_more(self) -> None:
        """Close, or let the client know that we have sent our last and see what it still sends."""
        if not self._thrown_away:
            self.abort()
            return
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.abort()
            return
        self._most = BLOCK
        self._read_on()

    def _read_on(self) -> None:
        if not self._reading and not self.closed:
            self._reading = True
            self._loop.add_reader(self._handle, self._readable)

    def _pause(self) -> None:
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._handle)


def _nobody() -> None:
    """Hear of nothing any more."""
