"""What became of one try to hand a mail on, and how a peer's reply is to be understood.

RFC 5321 §4.2.1: 2yz done, 4yz try again later, 5yz do not try again. Besides:

- a reply that is none of these (garbage, 1yz, 3yz where no input was asked for) is temporary: the
  peer is ill, and a letter is not failed on account of that;
- a refusal before MAIL FROM (greeting, EHLO, TLS, AUTH) concerns the host, not the letter: it
  is temporary and shuts the *door*, so that other mail does not knock there for a while;
- a full mailbox (5.2.2, RFC 3463 §3.3) is emptied again within days: temporary;
- too large (552 with 5.3.4, RFC 1870 §6.1) is answered by taking files out of the mail.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gateway.inbound.charset import read_text
from registry.thai.text import tidy

_STATUS: Final = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")


class Fate(StrEnum):
    """What became of one try."""

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"  # cut between the final dot and the reply: the peer may have it
    TOO_LARGE = "too_large"
    WITHDRAWN = "withdrawn"  # taken back just before DATA; nothing left


@dataclass(frozen=True, slots=True)
class Answer:
    """The fate of one try: the peer's last words, and whether its door is shut to all mail.

    ``size`` is the peer's SIZE where it announced one, in encoded bytes.
    """

    fate: Fate
    code: int | None = None
    reply: str = ""
    door_shut: bool = False
    size: int | None = None
    sent_bytes: int | None = None  # size of the mail that was composed for this try

    @property
    def line(self) -> str:
        """Code and text on one line, for history and logs; at most 500 characters.

        A peer may say any bytes: what no text column holds is taken out, Thai is read as Thai.
        """
        text = " ".join(_readable(self.reply).split())
        return f"{self.code} {text}".strip()[:500] if self.code else text[:500]


def read(code: int, text: str, size: int | None = None) -> Answer:
    """Judge the reply to MAIL, RCPT, DATA or the final dot."""
    found = _STATUS.match(text)
    status = found[1] if found else ""
    if 200 <= code < 300:
        fate = Fate.SENT
    elif code == 552 and (status == "5.3.4" or (not status and "size" in text.lower())):
        fate = Fate.TOO_LARGE
    elif 500 <= code < 600 and status != "5.2.2":
        fate = Fate.REFUSED
    else:
        fate = Fate.DEFERRED
    return Answer(fate, code if 100 <= code < 600 else None, text, size=size)


def shut(code: int | None, text: str) -> Answer:
    """Judge whatever went wrong before MAIL FROM: the door is shut for now."""
    return Answer(Fate.DEFERRED, code, text, door_shut=True)


def _readable(text: str) -> str:
    """Read again the bytes that were no UTF-8 (aiosmtplib lets them through as surrogates)."""
    try:
        return tidy(read_text(text.encode("utf-8", "surrogateescape")).text)
    except UnicodeEncodeError:
        return tidy(text)
