"""Sockets that listen, and the clients they let in.

asyncio's server makes a task and a transport for each client; here the session begins in the
moment of the accept. One client a turn of the loop, so that those inside have theirs.
"""

import asyncio
import errno
import logging
import socket
from collections.abc import Callable

log = logging.getLogger(__name__)

_BACKLOG = 512
_FULL = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_REST = 1.0  # seconds before the next try, when there is no room for another socket

Arrive = Callable[[socket.socket, str], None]
"""Begins a session with a client: its socket, which does not block, and its address."""


class Listening:
    """The sockets of one address; :meth:`begin` lets clients in. Raises OSError."""

    def __init__(self, host: str, port: int, *, shared: bool) -> None:
        self._sockets: list[socket.socket] = []
        self._loop = asyncio.get_running_loop()
        try:
            for found in _addresses(host, port):
                self._sockets.append(_open(*found, shared=shared))
        except OSError:
            self.close()
            raise

    @property
    def port(self) -> int:
        """The port, also where any free one was asked for."""
        return int(self._sockets[0].getsockname()[1])

    def begin(self, arrive: Arrive) -> None:
        """Let clients in from now on."""
        for listening in self._sockets:
            self._loop.add_reader(listening, self._accept, listening, arrive)

    def close(self) -> None:
        """Let nobody more in; who has not been let in is told by the kernel."""
        while self._sockets:
            listening = self._sockets.pop()
            self._loop.remove_reader(listening)
            listening.close()

    def _accept(self, listening: socket.socket, arrive: Arrive) -> None:
        try:
            client, address = listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return
        except OSError as error:
            if error.errno not in _FULL:
                raise
            log.error("no room for another connection: %s", error.strerror)  # noqa: TRY400
            self._loop.remove_reader(listening)
            self._loop.call_later(_REST, self._accept_again, listening, arrive)
            return
        client.setblocking(False)
        arrive(client, address[0])

    def _accept_again(self, listening: socket.socket, arrive: Arrive) -> None:
        if listening in self._sockets:
            self._loop.add_reader(listening, self._accept, listening, arrive)


def _addresses(host: str, port: int) -> list[tuple[int, tuple[str, int]]]:
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return [(int(family), (str(to[0]), int(to[1]))) for family, *_, to in dict.fromkeys(found)]


def _open(family: int, address: tuple[str, int], *, shared: bool) -> socket.socket:
    listening = socket.create_server(address, family=family, backlog=_BACKLOG, reuse_port=shared)
    listening.setblocking(False)
    # Each client's socket inherits it: a reply is never held back for the next.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
