"""A small IMAP server that says what a test wrote: for servers that no package provides.

It answers commands from a table, in order of the table (``$`` is a line without a tag), keeps what
it was told, and serves one client at a time, without TLS, on a port of its own.
"""

import re
import socket
import threading
from collections.abc import Callable

Answer = str | bytes | Callable[[str], bytes]
LOGGED_IN = {
    r"CAPABILITY": "* CAPABILITY IMAP4rev1 {capabilities}\r\n{tag} OK done",
    r"LOGIN ": "{tag} OK welcome",
    r"LOGOUT": "* BYE\r\n{tag} OK gone",
    r"(SELECT|EXAMINE) ": "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n{tag} OK [READ-WRITE] open",
}


class ImapServer:
    """Serves until closed; ``told`` are the lines that clients sent."""

    def __init__(self, answers: dict[str, Answer], capabilities: str = "") -> None:
        self.told: list[str] = []
        self._answers = {**answers, **LOGGED_IN}
        self._capabilities = capabilities
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def commands(self) -> list[str]:
        """Give what was told, without tags."""
        return [line.partition(" ")[2] for line in self.told]

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client, client.makefile("rb") as lines:
                client.sendall(b"* OK ready\r\n")
                try:
                    for line in lines:
                        client.sendall(self._answer(line.decode().rstrip("\r\n")))
                except OSError:
                    continue

    def _answer(self, line: str) -> bytes:
        self.told.append(line)
        tag, _, command = line.partition(" ")
        for pattern, answer in self._answers.items():
            if re.match(pattern, command):
                if callable(answer):
                    return answer(line)
                if isinstance(answer, bytes):
                    return answer.replace(b"{tag}", tag.encode())
                text = answer.replace("{tag}", tag).replace("{capabilities}", self._capabilities)
                return f"{text}\r\n".encode()
        return f"{tag} BAD what?\r\n".encode()
