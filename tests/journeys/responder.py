"""Mail programs elsewhere that answer every mail they get, well-behaved or not, and a mailing list.

All live behind one server on loopback, which tells them apart by the address that is written to.
An answer is handed to the office before the mail that it answers is accepted: when the office's
queue is empty, every answer has come.
"""

import asyncio
import smtplib
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from typing import Any, Self

from aiosmtpd.controller import Controller

OFFICE = "saraban@phrae.go.th"


@dataclass
class Responder:
    """Use as a context manager; ``office`` is the port at which the office takes mail.

    ``answers`` maps an address to the manner of whoever sits there. The box of a mailing list is
    written to by its members; it sends what it gets to the office, a member too.
    """

    port: int
    answers: dict[str, str]
    office: int = 0
    got: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)

    def __enter__(self) -> Self:
        self._numbers = count(1)
        self._server = Controller(self, "127.0.0.1", self.port)
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Answer the mail, then take it."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        for to in envelope.rcpt_tos:
            self.got[to] += 1
            if to in self.answers:
                await asyncio.to_thread(self._answer, to, envelope.mail_from, message)
        return "250 2.0.0 ok"

    def _answer(self, box: str, mail_from: str, got: Any) -> None:
        manner = self.answers[box]
        back = str(got["Reply-To"] or got["From"]) if manner != "envelope" else mail_from
        if not back:
            return  # a responder of RFC 5230 answers nobody at <>
        made = EmailMessage()
        made["From"], made["To"], made["Subject"] = box, back, f"Re: {got['Subject']}"[:200]
        made["Message-ID"] = f"<{next(self._numbers)}@{box.rpartition('@')[2]}>"
        made.set_content(f"ได้รับอีเมลของท่านแล้ว จะดำเนินการต่อไป ({next(self._numbers)})")
        sender = self._manner(made, manner, got) or ("" if manner != "person" else box)
        self.sent[box] += 1
        with smtplib.SMTP("127.0.0.1", self.office, timeout=60) as client:
            address = back.rpartition("<")[2].rstrip(">")
            client.send_message(made, sender if manner != "thread" else box, [address])

    @staticmethod
    def _manner(made: EmailMessage, manner: str, got: Any) -> str:
        """Write into the answer what this program writes; give its envelope sender, if any."""
        if manner == "thread":
            made["In-Reply-To"] = made["References"] = str(got["Message-ID"])
        if manner == "honest":
            made["Auto-Submitted"] = "auto-replied"
            made["In-Reply-To"] = str(got["Message-ID"])
        if manner == "list":
            made["List-Id"], made["Precedence"] = "<news.list.go.th>", "list"
            return "news-bounces@list.go.th"
        return ""
