"""An SMTP server that follows a script: the sick, slow and odd hosts of the world, on loopback.

``replies`` maps a verb (EHLO, MAIL, RCPT, DATA, DOT, GREETING) to the replies it gives, one after
the other, the last for ever. A reply ``CUT`` closes the connection instead; ``HANG`` says nothing.
What was taken with 250 is in ``mails``, dots unstuffed; ``commands`` has every line it heard.
"""

import asyncio
import contextlib
import ssl
from dataclasses import dataclass, field
from typing import Any, Self

CUT = "CUT"
HANG = "HANG"

_USUAL = {
    "GREETING": "220 peer.example ESMTP",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go ahead",
    "DOT": "250 2.0.0 queued as 1",
    "RSET": "250 ok",
    "QUIT": "221 bye",
}


@dataclass
class ScriptedPeer:
    """Use as an async context manager; ``port`` is then its port."""

    replies: dict[str, list[str]] = field(default_factory=dict)
    size: int | None = None
    offers: tuple[str, ...] = ()  # further extensions
    tls: ssl.SSLContext | None = None
    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    at_once: int = 0
    most_at_once: int = 0
    gate: asyncio.Event | None = None  # DOT is answered when it is set
    impatient: bool = False  # DOT is answered in the middle of the mail

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._talk, "127.0.0.1", 0, limit=2**20, ssl=self.tls
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def __post_init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def says(self, verb: str, *replies: str) -> None:
        self.replies[verb] = list(replies)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._session(reader, writer)
        finally:
            self.at_once -= 1
            self._tasks.discard(task)
            writer.transport.abort()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not await self._say(writer, "GREETING"):
            return
        while line := (await reader.readline()).decode().strip():
            self.commands.append(line)
            verb = line.split()[0].upper()
            if not await self._say(writer, verb):
                return
            if verb == "DATA" and self.impatient and self._last.startswith("354"):
                await reader.read(1000)
                await self._say(writer, "DOT")
                while await reader.read(100_000):
                    pass
                return
            if verb == "DATA" and self._last.startswith("354"):
                mail = await self._data(reader)
                if self.gate is not None:
                    await self.gate.wait()
                if not await self._say(writer, "DOT"):
                    return
                if self._last.startswith("250"):
                    self.mails.append(mail)

    async def _data(self, reader: asyncio.StreamReader) -> bytes:
        lines = []
        while (line := await reader.readuntil(b"\r\n")) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    async def _say(self, writer: asyncio.StreamWriter, verb: str) -> bool:
        reply = self._reply(verb)
        self._last = reply
        if reply == HANG:
            await asyncio.Event().wait()
        if reply == CUT:
            return False
        writer.write(reply.encode("utf-8", "surrogateescape") + b"\r\n")
        await writer.drain()
        return verb != "QUIT"

    def _reply(self, verb: str) -> str:
        script = self.replies.get(verb)
        if script:
            return script.pop(0) if len(script) > 1 else script[0]
        if verb == "EHLO":
            size = f"250-SIZE {self.size}\r\n" if self.size is not None else ""
            more = "".join(f"250-{one}\r\n" for one in self.offers)
            return f"250-peer.example\r\n{size}{more}250 8BITMIME"
        return _USUAL.get(verb, "500 what?")
