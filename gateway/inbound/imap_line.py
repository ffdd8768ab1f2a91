"""The connection below the collector: imapclient, kept from what a server could do to us.

imaplib believes whatever length a server announces and would set that much memory aside (a 9 GB
literal is one line of text), and keeps every line that comes for ever; here a literal has a
greatest size, and so has all that comes in answer to one command. Nothing is written to logs,
since imaplib's lines hold content and passwords. A read that takes too long fails instead of
hanging, and :class:`Plug` ends whatever is going on from another thread.

TLS begins with the connection (RFC 8314 §3); STARTTLS is not used.
"""

import contextlib
import imaplib
import socket
import ssl
import threading
from typing import Any, Final

from imapclient import IMAPClient, SocketTimeout

MOST_LITERAL: Final = (4 << 20) + (1 << 16)
MOST_ANSWER: Final = 64 << 20
CONNECT_SECONDS: Final = 15.0


class Plug:
    """Ends a connection from another thread, now or as soon as it is made."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sock: socket.socket | None = None
        self._pulled = threading.Event()

    def pulled(self) -> bool:
        """Say whether all is to stop."""
        return self._pulled.is_set()

    def rest(self, seconds: float) -> bool:
        """Wait, and say whether the wait was ended by :meth:`pull`."""
        return self._pulled.wait(seconds)

    def hold(self, sock: socket.socket) -> None:
        """Take the socket that a pull is to end. Raises OSError when it was pulled before."""
        with self._lock:
            if self._pulled.is_set():
                raise ConnectionAbortedError("stopped")
            self._sock = sock

    def pull(self) -> None:
        """End it: whoever reads or writes there gets an error within moments."""
        with self._lock:
            self._pulled.set()
            if self._sock is not None:
                with contextlib.suppress(OSError):  # the base class: SSLSocket forgets its TLS
                    socket.socket.shutdown(self._sock, socket.SHUT_RDWR)


class Line(IMAPClient):  # type: ignore[misc]
    """An imapclient whose connection has limits; ``context`` None is a plain connection."""

    def __init__(
        self, host: str, port: int, context: ssl.SSLContext | None, timeout: float, plug: Plug
    ) -> None:
        self._plug = plug
        super().__init__(
            host,
            port=port,
            ssl=context is not None,
            ssl_context=context,
            timeout=SocketTimeout(CONNECT_SECONDS, timeout),
            use_uid=True,
        )
        self._imap.debug = 0
        self.normalise_times = False

    def wait_in_idle(self, seconds: float) -> bool:
        """Wait in IDLE (RFC 2177) and say whether the server told of anything.

        Leaving IDLE asks for an answer, so a connection that is dead ends in an error here:
        ``idle_check`` alone would return at once and for ever.
        """
        self.idle()
        told = [] if self._has_unread() else self.idle_check(seconds)
        _, more = self.idle_done()
        return any(len(one) > 1 and one[1] in {b"EXISTS", b"RECENT"} for one in (*told, *more))

    def heard_of_mail(self) -> bool:
        """Say, once, whether EXISTS came beside the answers to other commands."""
        return self._imap.untagged_responses.pop("EXISTS", None) is not None

    def _has_unread(self) -> bool:
        """Say whether something came together with the answer to IDLE; poll would not see it."""
        sock = self.socket()
        before = sock.gettimeout()
        sock.settimeout(0)
        try:
            return bool(self._imap.file.peek(1))
        except OSError:
            return False
        finally:
            sock.settimeout(before)

    def _create_IMAP4(self) -> Any:  # noqa: N802 - the name that imapclient calls
        return _Connection(self.host, self.port, self.ssl_context, self._timeout, self._plug)


class _Connection(imaplib.IMAP4):
    def __init__(
        self,
        host: str,
        port: int,
        context: ssl.SSLContext | None,
        timeout: SocketTimeout,
        plug: Plug,
    ) -> None:
        self._context, self._seconds, self._plug = context, timeout, plug
        self._heard = 0
        super().__init__(host, port, timeout=timeout.connect)

    def read(self, size: int) -> bytes:
        if size > MOST_LITERAL:
            raise self.abort(f"the server announced a literal of {size} bytes")
        self._count(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._count(len(line))
        return line

    def send(self, data: Any) -> None:
        self._heard = 0
        super().send(data)

    def _count(self, size: int) -> None:
        self._heard += size
        if self._heard > MOST_ANSWER:
            raise self.abort("the server answers without an end")

    def _create_socket(self, timeout: float | None) -> socket.socket:
        sock = socket.create_connection((self.host, self.port), timeout)
        sock.settimeout(self._seconds.read)
        try:
            if self._context is not None:
                sock = self._context.wrap_socket(
                    sock, server_hostname=self.host, do_handshake_on_connect=False
                )
            self._plug.hold(sock)
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
        except BaseException:
            sock.close()
            raise
        return sock
