"""What a clerk hands in to be sent, before it has a row or a number.

One frozen value carries it through the acts, whichever of the three ways it came: an answer
to a delivered copy, dispatch tags, or the submission port. The *clerk key* makes a resend the
same letter: (entity, clerk, Message-ID). Some clients use one Message-ID for many letters, so a
mail of the same key with other content counts as another letter and is told apart by
:func:`content_key`; a mail without Message-ID is known by its content alone.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from registry.desk.addressees import Addressee
from registry.desk.subject import is_answer
from registry.letter.entity import LegalEntity, Officer
from registry.letter.message import Message
from registry.thai.text import tidy


class Way(StrEnum):
    """How a letter came to be sent."""

    SUBMISSION = "submission"  # signed in, port 587
    TAGS = "tags"  # mailed to saraban+CODE@…
    ANSWER = "answer"  # answered the delivered copy of a received letter
    SLIP = "slip"  # answered a number slip with the signed letter
    ASK = "ask"  # asked for a number; nothing to send yet
    PAGE = "page"  # written on the officers' pages by a clerk
    DESK = "desk"  # written there by an officer of the registry, who lets it go


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter in a clerk's hand.

    ``answers`` are entries that it answers, ``references`` the Message-IDs of those letters,
    ``slip`` the reserved entry under whose number it is to go, ``why`` Thai reasons for which an
    officer must see it first. ``urgency`` (Thai word) and ``due`` are what a form says of them;
    otherwise they are read from the mail.
    """

    message: Message
    entity: LegalEntity
    officer: Officer
    way: Way
    subject: str
    text: str
    addressees: tuple[Addressee, ...] = ()
    circular: bool = False
    answers: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    slip: str | None = None
    why: tuple[str, ...] = ()
    urgency: str = ""
    due: datetime | None = None

    @property
    def clerk_key(self) -> str:
        """The key of the letter: 64 hex digits."""
        return self._key(self.message.message_id or f"content {content_key(self.message)}")

    @property
    def second_key(self) -> str:
        """The key where another letter already has the Message-ID."""
        return self._key(f"{self.message.message_id} {content_key(self.message)}")

    def as_facts(self) -> dict[str, Any]:
        """Give what is stored in ``facts`` of the letter's row."""
        return {
            "way": str(self.way),
            "content": content_key(self.message),
            "subject": "" if is_answer(self.message.subject) else tidy(self.message.subject)[:1000],
            "addressees": [one.as_fact() for one in self.addressees],
            "circular": self.circular,
            "answers": list(self.answers),
            "references": list(self.references),
        }

    def _key(self, name: str) -> str:
        return _digest(self.entity.code, self.officer.email, name)


def content_key(message: Message) -> str:
    """Give the digest of what the clerk wrote and attached, whatever servers added on the way."""
    files = sorted(part.sha256 for part in message.parts)
    return _digest(message.subject.strip(), " ".join(message.own_text.split()), *files)


def _digest(*fields: str) -> str:
    return hashlib.sha256("\x00".join(fields).encode("utf-8", "replace")).hexdigest()
