"""A mail server elsewhere that says what it is told to say: up, down, or refusing somebody."""

import asyncio
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller


@dataclass
class Neighbour:
    """Use as a context manager: the server is up for the length of the block."""

    port: int
    refuses: str = ""  # an address
    with_reply: str = "550 5.1.1 No such user"
    silent: int = 0  # so many letters are read and then never answered
    silent_to: str = ""  # only those for this address; "" for any
    unanswered: int = 0
    mails: list[tuple[str, bytes]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._server = Controller(self, "127.0.0.1", self.port, data_size_limit=None)
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.stop()

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, server: Any, session: Any, envelope: Any, to: str, options: Any
    ) -> str:
        """Refuse one address."""
        await asyncio.sleep(0)
        if to == self.refuses:
            return self.with_reply
        envelope.rcpt_tos.append(to)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep the mail."""
        meant = not self.silent_to or self.silent_to in envelope.rcpt_tos
        if meant and self.unanswered < self.silent:
            self.unanswered += 1
            await asyncio.Event().wait()
        self.mails += [(to, envelope.content) for to in envelope.rcpt_tos]
        return "250 2.0.0 ok"

    def of(self, address: str) -> list[EmailMessage]:
        """Give the mails that came for an address."""
        raw = [content for to, content in self.mails if to == address]
        return [message_from_bytes(one, policy=policy.default) for one in raw]  # type: ignore[misc]
