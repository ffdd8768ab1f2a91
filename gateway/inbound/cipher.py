"""TLS for one connection, bytes in and bytes out: nothing here touches a socket.

What came from the client goes in by :meth:`Cipher.take`, what has to go to it comes out of
:meth:`Cipher.outgoing`. Errors are those of :mod:`ssl`.
"""

import contextlib
import ssl

_RECORD = 16 * 1024  # bytes of one TLS record (RFC 8446 §5.1)


class Cipher:
    """The server's side of TLS; ``ended`` once the client has said that it sends no more."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_side=True)
        self.ended = False

    def take(self, data: bytes | bytearray | memoryview) -> None:
        """Take bytes as they came."""
        self._in.write(data)

    def shake_hands(self) -> bool:
        """Go on with the handshake; whether it is done. Raises ssl.SSLError when it fails."""
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        return True

    def plain(self) -> bytes:
        """Give what can be read of the bytes taken. Raises ssl.SSLError for what is no TLS."""
        blocks = []
        try:
            while block := self._tls.read(_RECORD):
                blocks.append(block)
            self.ended = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:  # close_notify
            self.ended = True
        return b"".join(blocks)

    def encrypt(self, data: bytes) -> bytes:
        """Give what has to be sent so that the client reads this."""
        self._tls.write(data)
        return self._out.read()

    def outgoing(self) -> bytes:
        """Give what TLS itself has to say."""
        return self._out.read()

    def end(self) -> bytes:
        """Give the bytes that say that we send no more (close_notify, RFC 8446 §6.1)."""
        with contextlib.suppress(ssl.SSLError):  # it would wait for the client's
            self._tls.unwrap()
        return self._out.read()
