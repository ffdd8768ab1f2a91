"""One mailbox over IMAP: what the collector needs of a server, and nothing more.

A mail is fetched in blocks with ``BODY.PEEK[]<offset.length>`` (RFC 9051 §6.4.5), so that memory
stays flat whatever its size and nothing is marked as read. Blocks begin at 256 KiB and grow to
4 MiB where the way to the server is so long that waiting for answers would be most of the work.
imapclient is not safe between threads: one object serves one thread. Names of folders are
checked before they stand in a command. A plain EXPUNGE is never sent: it would take along what
other people marked as deleted.
"""

import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from imapclient import imap_utf7
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from gateway.inbound.imap_auth import checked, sign_in
from gateway.inbound.imap_line import Line, Plug
from gateway.settings import CollectorSettings
from registry.errors import OutOfOrder, SarabanError

LEAST_BLOCK: Final = 256 << 10
MOST_BLOCK: Final = 4 << 20
REGISTERED: Final = b"$Registered"
REFUSED: Final = b"$Refused"
_AT_ONCE: Final = 200  # mails in one command
_MANY: Final = 50_000  # mails of a folder above which a search is asked in parts
_SLOW: Final = 4.0  # seconds for one block
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_GARBAGE = (OSError, IMAPClientError, ValueError, LookupError, TypeError, AssertionError)


class Vanished(SarabanError):
    """The mail is not in the folder any more: somebody moved or deleted it."""


class Unfetchable(SarabanError):
    """The server did not give a mail; ``line_lost`` says that the connection went with it."""

    def __init__(self, error: Exception) -> None:
        super().__init__(f"{type(error).__name__}: {error}"[:300])
        self.line_lost = isinstance(error, (OSError, IMAPClientAbortError))


@dataclass(frozen=True, slots=True)
class Folder:
    """An open folder; ``keeps_flags`` says that flags of our own survive there."""

    name: str
    uidvalidity: int
    keeps_flags: bool
    exists: int = 0
    uidnext: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What the server says of a mail: its size in bytes, and when the mailbox got it (aware)."""

    size: int
    arrived: datetime


class Imap:
    """A signed-in connection."""

    def __init__(self, client: Line) -> None:
        self._client = client
        self._block = LEAST_BLOCK
        self._round_trip = 0.0

    @property
    def knows_idle(self) -> bool:
        """Whether the server tells of new mail by itself."""
        return bool(self._client.has_capability("IDLE"))

    def select(self, name: str, *, readonly: bool = False) -> Folder:
        """Open a folder, for reading and flagging or only for reading."""
        told = self._client.select_folder(checked(name, "folder"), readonly=readonly)
        lasting = told.get(b"PERMANENTFLAGS", ())
        exists, following = int(told.get(b"EXISTS", 0)), int(told.get(b"UIDNEXT", 0))
        return Folder(name, int(told[b"UIDVALIDITY"]), b"\\*" in lasting, exists, following)

    def uids(self, since: date, folder: Folder, *keys: str, above: int = 0) -> list[int]:
        """Give the UIDs of mails that arrived on this day or later, oldest first.

        ``keys`` are more search keys; ``above`` leaves out that UID and all before it.
        """
        found: set[int] = set()
        for span in _spans(folder, above):
            asked: list[Any] = [*span, "SINCE", since, *(checked(key, "search") for key in keys)]
            found.update(self._client.search(asked))
        return sorted(uid for uid in found if uid > above)  # ``9:*`` gives the last one always

    def facts(self, uids: Sequence[int]) -> dict[int, Facts]:
        """Give size and arrival of mails; one that is gone is left out. Raises Unfetchable."""
        found: dict[int, Facts] = {}
        for at in range(0, len(uids), _AT_ONCE):
            told = self._fetch(uids[at : at + _AT_ONCE], ["RFC822.SIZE", "INTERNALDATE"])
            found |= {uid: _facts(one) for uid, one in told.items()}
        return found

    def heads(self, uids: Sequence[int], most: int = 16_384) -> Iterator[tuple[int, bytes]]:
        """Give the header block of each mail, cut at so many bytes. Raises Unfetchable."""
        for at in range(0, len(uids), _AT_ONCE):
            told = self._fetch(uids[at : at + _AT_ONCE], [f"BODY.PEEK[HEADER]<0.{most}>"])
            yield from ((uid, one.get(b"BODY[HEADER]<0>") or b"") for uid, one in told.items())

    def blocks(self, uid: int) -> Iterator[bytes]:
        """Give a mail in blocks, byte for byte. Raises :class:`Vanished`, Unfetchable."""
        offset = 0
        while True:
            asked, began = self._block, time.monotonic()
            told = self._fetch([uid], [f"BODY.PEEK[]<{offset}.{asked}>"])
            if uid not in told:
                raise Vanished(f"UID {uid} is not in the folder any more")
            block = told[uid].get(f"BODY[]<{offset}>".encode()) or b""
            if block:
                yield block
            offset += len(block)
            if len(block) < asked:
                return
            self._adapt(time.monotonic() - began)

    def mark(self, uids: Sequence[int], flags: Sequence[bytes]) -> None:
        """Flag mails."""
        for at in range(0, len(uids), _AT_ONCE):
            self._client.add_flags(uids[at : at + _AT_ONCE], list(flags), silent=True)

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move mails to another folder, which is made if need be (RFC 6851, or RFC 4315)."""
        if not self._client.folder_exists(checked(folder, "folder")):
            self._client.create_folder(folder)
        for at in range(0, len(uids), _AT_ONCE):
            some = uids[at : at + _AT_ONCE]
            if self._client.has_capability("MOVE"):
                self._client.move(some, folder)
                continue
            self._client.copy(some, folder)
            self._client.delete_messages(some, silent=True)
            if self._client.has_capability("UIDPLUS"):
                self._client.uid_expunge(some)

    def usage(self, folder: str) -> float | None:
        """Give how full the folder's quota is, 1.0 being full (RFC 9208); None if unknown."""
        if not self._client.has_capability("QUOTA"):
            return None
        name = imap_utf7.encode(checked(folder, "folder")).decode("ascii")
        quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
        try:
            _, quotas = self._client.get_quota_root(quoted)
            return max((int(one.usage) / int(one.limit) for one in quotas if one.limit), default=0)
        except OSError:
            raise
        except _GARBAGE:
            return None

    def wait(self, seconds: float) -> bool:
        """Wait in IDLE; say whether mail came. Raises when the connection is dead."""
        return self._client.heard_of_mail() or self._client.wait_in_idle(seconds)

    def forget_news(self) -> None:
        """Count only what the server tells from now on: a search for all mail sees the rest."""
        self._client.heard_of_mail()

    def ask(self) -> None:
        """See that the server answers (NOOP)."""
        self._client.noop()

    def _fetch(self, uids: Sequence[int], items: list[str]) -> dict[int, dict[bytes, Any]]:
        began = time.monotonic()
        try:
            told: dict[int, dict[bytes, Any]] = self._client.fetch(uids, items)
        except _GARBAGE as error:
            raise Unfetchable(error) from error
        if items[0] == "RFC822.SIZE":
            self._round_trip = time.monotonic() - began
        return told

    def _adapt(self, seconds: float) -> None:
        """Ask for more at once while waiting is over a tenth of the work, for less when slow."""
        if seconds > _SLOW:
            self._block = max(LEAST_BLOCK, self._block // 2)
        elif self._round_trip > seconds / 10:
            self._block = min(MOST_BLOCK, self._block * 2)


@contextmanager
def signed_in(settings: CollectorSettings, plug: Plug | None = None) -> Iterator[Imap]:
    """Connect and sign in; sign out at the end. Raises OutOfOrder for settings that cannot work."""
    context = _context(settings)
    client = Line(settings.host, settings.port, context, settings.timeout, plug or Plug())
    with client:
        sign_in(client, settings)
        yield Imap(client)


def _spans(folder: Folder, above: int) -> Iterator[list[str]]:
    """Give the ranges of UIDs to ask for: a line of an answer may be a million bytes long."""
    if folder.exists <= _MANY or not folder.uidnext:
        yield ["UID", f"{above + 1}:*"] if above else []
        return
    for first in range(above + 1, folder.uidnext, _MANY):
        yield ["UID", f"{first}:{first + _MANY - 1}"]


def _facts(told: dict[bytes, Any]) -> Facts:
    try:
        return Facts(int(told[b"RFC822.SIZE"]), told[b"INTERNALDATE"].astimezone())
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise Unfetchable(error) from error


def _context(settings: CollectorSettings) -> ssl.SSLContext | None:
    if settings.tls == "tls":
        return ssl.create_default_context(cafile=settings.ca_file or None)
    if settings.host in _LOOPBACK:
        return None
    raise OutOfOrder(
        f"[[collector]] {settings.host}: tls = none is only for a host on this machine",
        thai=f'[[collector]] {settings.host} ต้องใช้ tls = "tls" เพราะไม่ใช่เครื่องนี้เอง',
    )
