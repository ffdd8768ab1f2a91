"""What each listener takes, and what it refuses before 250 with one line that says what to do.

:class:`MxPolicy` is the door for mail from anywhere: central, dispatch, token, bounce and
postmaster addresses of entities hosted here, and nobody else's. :class:`SubmissionPolicy` serves
clerks who have signed in: recipients anywhere, but a clerk writes only as themselves or as their
own entity's central address, in the envelope and in From.

Both refuse what is too large, what goes round in a loop, and letters whose Subject is tagged
ลับที่สุด; both put letters off while the disk is nearly full. What a letter's files hold is looked
at by the inspections of :mod:`gateway.inbound.session`, not here.
"""

import os
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from itertools import islice
from typing import ClassVar

from gateway.errors import (
    InsufficientStorage,
    LetterTooLarge,
    Looping,
    NotYourAddress,
    RelayDenied,
    StrictlySecret,
    Temporary,
    UnknownAddressee,
)
from gateway.inbound.addresses import read_addresses
from gateway.inbound.auth import SignedIn
from gateway.inbound.encoded_words import decode_words
from gateway.inbound.fields import Fields
from gateway.inbound.recipients import RecipientList
from gateway.service import Runtime
from registry.letter.address import folded_or_empty, tag_of
from registry.letter.grades import Secrecy, find_secrecy, find_urgency
from registry.letter.message import Listener

MOST_HOPS = 50
_FRESH = 0.5  # seconds that what is known of the disk is good for
_SUBJECTS = 5  # fields in which a tag is looked for, and
_SUBJECT = 4000  # characters of each: the loop must not be held up


class Policy(ABC):
    """The rules of one listener; a method that finds fault raises a Refusal."""

    listener: ClassVar[Listener]
    signs_in: ClassVar[bool] = False
    strict_line_endings: ClassVar[bool] = False

    def __init__(self, runtime: Runtime, recipients: RecipientList) -> None:
        self._runtime = runtime
        self._recipients = recipients
        self.max_bytes = runtime.gateway.smtp.max_message_bytes
        self._looked, self._free = float("-inf"), 0

    def check_size(self, announced: int) -> None:
        """Refuse what MAIL's SIZE says is too large, or more than the disk may take now."""
        if announced > self.max_bytes:
            raise self.too_large()
        if self._room() < announced:
            raise InsufficientStorage("less room on the disk than smtp.min_free_bytes")

    def _room(self) -> int:
        """Bytes that may be filled, as of a moment ago."""
        now = time.monotonic()
        if now - self._looked >= _FRESH:
            disk = os.statvfs(self._runtime.spool_dir)
            free = disk.f_bavail * disk.f_frsize
            self._looked, self._free = now, free - self._runtime.gateway.smtp.min_free_bytes
        return self._free

    def too_large(self) -> LetterTooLarge:
        """Make the refusal of a letter over the limit; it names the limit."""
        return LetterTooLarge(
            text=f"The letter is larger than {self.max_bytes} bytes; please send it in parts "
            "or ask for an upload link."
        )

    def check_header(self, fields: Fields, clerk: SignedIn | None) -> int:
        """Look at the header of a letter that is coming in; give its urgency, 0 to 3 (ข้อ 28)."""
        if sum(1 for _ in fields.all("received")) > MOST_HOPS:
            raise Looping
        subjects = [
            decode_words(value)[0][:_SUBJECT] for value in islice(fields.all("subject"), _SUBJECTS)
        ]
        strict = self._runtime.office.secrecy.policy == "refuse"
        for grade in map(find_secrecy, subjects):
            if grade is Secrecy.TOP_SECRET or (grade and strict):
                raise StrictlySecret
        return _urgency(subjects[0]) if subjects else 0

    @abstractmethod
    def check_sender(self, address: str, clerk: SignedIn | None) -> None:
        """Look at the address of MAIL FROM, "" for the null sender."""

    @abstractmethod
    async def check_recipient(self, address: str) -> None:
        """Look at one address of RCPT TO."""


class MxPolicy(Policy):
    """The door for mail from anywhere (RFC 5321 §3.6, without relaying)."""

    listener = Listener.MX

    def check_sender(self, address: str, clerk: SignedIn | None) -> None:
        """Take any sender: whether to believe it is decided later."""

    async def check_recipient(self, address: str) -> None:
        """Take only addresses of this office; tell a foreign one from one that was misspelt."""
        if await self._recipients.find(address) is not None:
            return
        if await self._is_ours(address):
            raise UnknownAddressee
        raise RelayDenied

    async def _is_ours(self, address: str) -> bool:
        """Whether mail for this domain ends here: then its postmaster does too."""
        domain = address.rpartition("@")[2]
        return await self._recipients.find(f"postmaster@{domain}") is not None


class SubmissionPolicy(Policy):
    """The door for clerks (RFC 6409)."""

    listener = Listener.SUBMISSION
    signs_in = True
    strict_line_endings = True

    def check_sender(self, address: str, clerk: SignedIn | None) -> None:
        """Take only the clerk's own address or their office's."""
        if clerk is None or folded_or_empty(address) not in clerk.own_addresses:
            raise NotYourAddress("MAIL FROM is another's address")

    async def check_recipient(self, address: str) -> None:
        """Take any address, but not a tag of ours that names nobody."""
        with suppress(Temporary):  # it may be right, and will be looked at again
            if await self._names_nobody(address):
                raise UnknownAddressee

    async def _names_nobody(self, address: str) -> bool:
        if await self._recipients.find(address) is not None:
            return False
        if "@" not in address:  # postmaster alone
            return True
        central, tag = tag_of(address)
        return bool(tag) and await self._recipients.find(central) is not None

    def check_header(self, fields: Fields, clerk: SignedIn | None) -> int:
        """Besides the rest, want exactly one From, and one of the clerk's own addresses in it."""
        urgency = super().check_header(fields, clerk)
        values = list(fields.all("from"))
        boxes = read_addresses(values[0])[0] if len(values) == 1 else ()
        if clerk is None or len(boxes) != 1 or boxes[0].address not in clerk.own_addresses:
            raise NotYourAddress("From is not one address of the clerk's own")
        return urgency


def _urgency(subject: str) -> int:
    """Give the rank of the urgency that a subject is tagged with."""
    mark = find_urgency(subject) if "ด่วน" in subject else None
    return mark.urgency.rank if mark else 0
