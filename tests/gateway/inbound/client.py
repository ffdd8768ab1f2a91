"""An SMTP client that does exactly what it is told, byte for byte."""

import base64
import contextlib
import socket
import ssl
from pathlib import Path
from types import TracebackType
from typing import Self


class Client:
    """One connection; replies are text without the last CRLF, "" when the server has hung up."""

    def __init__(self, port: int, *, greet: bool = True, ehlo: bool = True) -> None:
        self.socket: socket.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""
        self.greeting = self.reply() if greet else ""
        if greet and ehlo:
            self.say("EHLO client.example")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Send bytes, whether or not anyone still reads them."""
        self.socket.sendall(data)

    def say(self, line: str | bytes) -> str:
        """Send one command line and give the reply."""
        self.send((line if isinstance(line, bytes) else line.encode()) + b"\r\n")
        return self.reply()

    def reply(self) -> str:
        """Read one reply, of however many lines."""
        lines = []
        while True:
            line = self._line()
            lines.append(line)
            if len(line) < 4 or line[3] != "-":
                return "\n".join(lines)

    def starttls(self, cert: Path | None = None) -> Self:
        """Turn TLS on; with a certificate, check that it is the server's."""
        assert self.say("STARTTLS").startswith("220 ")
        self.handshake(cert)
        self.say("EHLO client.example")
        return self

    def handshake(self, cert: Path | None = None) -> None:
        """Do the TLS handshake."""
        context = ssl.create_default_context(cafile=cert)
        if cert is None:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        self._buffer = b""
        self.socket = context.wrap_socket(self.socket, server_hostname="localhost")

    def sign_in(self, name: str, password: str, mechanism: str = "PLAIN") -> str:
        """Authenticate with an initial response."""
        return self.say(f"AUTH {mechanism} {plain(name, password)}")

    def begin(self, *recipients: str, sender: str = "a@dla.example") -> str:
        """Give MAIL, RCPT for each and DATA; give the reply to DATA."""
        assert self.say(f"MAIL FROM:<{sender}>").startswith("250 ")
        for recipient in recipients or ("saraban@phrae.example",):
            assert self.say(f"RCPT TO:<{recipient}>").startswith("250 ")
        return self.say("DATA")

    def mail(self, content: bytes, *recipients: str, sender: str = "a@dla.example") -> str:
        """Send one letter, its dots stuffed, and give the last reply."""
        assert self.begin(*recipients, sender=sender).startswith("354 ")
        self.send(stuffed(content))
        return self.reply()

    def hung_up(self) -> bool:
        """Wait for the server to close, and say that nothing more was sent."""
        with contextlib.suppress(ConnectionError):
            return not self._buffer and not self.socket.recv(1)
        return True

    def _line(self) -> str:
        while b"\r\n" not in self._buffer:
            try:
                block = self.socket.recv(65536)
            except ConnectionError:
                block = b""
            if not block:
                return ""
            self._buffer += block
        line, _, self._buffer = self._buffer.partition(b"\r\n")
        return line.decode()


def stuffed(content: bytes) -> bytes:
    """Give a letter as it stands behind 354, end of data included (RFC 5321 §4.5.2)."""
    dotted = (b"\r\n" + content).replace(b"\r\n.", b"\r\n..")[2:]
    return dotted + (b"" if dotted.endswith(b"\r\n") or not dotted else b"\r\n") + b".\r\n"


def plain(name: str, password: str) -> str:
    """Give the response of AUTH PLAIN."""
    return base64.b64encode(f"\0{name}\0{password}".encode()).decode()
