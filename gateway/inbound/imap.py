"""One mailbox over IMAP: what the collector needs of a server, and nothing more.

A mail is fetched in blocks with ``BODY.PEEK[]<offset.length>`` (RFC 9051 §6.4.5), so that memory
stays flat whatever its size and nothing is marked as read. imapclient is not safe between threads:
one object serves one thread. Text from outside is never put into a command unchecked.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from imapclient import IMAPClient, SocketTimeout

from gateway.settings import CollectorSettings
from registry.errors import OutOfOrder, SarabanError

BLOCK = 1 << 20
CONNECT_SECONDS, READ_SECONDS = 15, 60
REGISTERED = b"$Registered"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Vanished(SarabanError):
    """The mail is not in the folder any more: somebody moved or deleted it."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A selected folder; ``keeps_flags`` says that flags of our own survive there."""

    name: str
    uidvalidity: int
    keeps_flags: bool


class Imap:
    """A signed-in connection."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def select(self, name: str) -> Folder:
        """Open a folder for reading and flagging."""
        told = self._client.select_folder(name)
        lasting = told.get(b"PERMANENTFLAGS", ())
        return Folder(name, int(told[b"UIDVALIDITY"]), b"\\*" in lasting)

    def uids(self, since: date) -> list[int]:
        """Give the UIDs of mails that arrived on this day or later, oldest first."""
        return sorted(self._client.search(["SINCE", since]))

    def unmarked(self, since: date, folder: Folder) -> set[int]:
        """Give the UIDs of those mails that do not bear our mark yet."""
        key = ["UNKEYWORD", REGISTERED.decode()] if folder.keeps_flags else ["UNFLAGGED"]
        return set(self._client.search(["SINCE", since, *key]))

    def size(self, uid: int) -> int:
        """Give the size of a mail in bytes. Raises :class:`Vanished`."""
        return int(self._item(uid, b"RFC822.SIZE"))

    def blocks(self, uid: int) -> Iterator[bytes]:
        """Give a mail in blocks, byte for byte. Raises :class:`Vanished`."""
        offset = 0
        while True:
            key = f"BODY.PEEK[]<{offset}.{BLOCK}>"
            block: bytes = self._item(uid, f"BODY[]<{offset}>".encode(), key)
            if block:
                yield block
            offset += len(block)
            if len(block) < BLOCK:
                return

    def mark(self, uid: int, folder: Folder) -> None:
        """Flag a mail as registered."""
        flags = [REGISTERED, b"\\Flagged"] if folder.keeps_flags else [b"\\Flagged"]
        self._client.add_flags([uid], flags, silent=True)

    def move(self, uid: int, folder: str) -> None:
        """Move a mail to another folder, which is made if need be."""
        if not self._client.folder_exists(folder):
            self._client.create_folder(folder)
        if self._client.has_capability("MOVE"):
            self._client.move([uid], folder)
            return
        self._client.copy([uid], folder)
        self._client.delete_messages([uid], silent=True)
        if self._client.has_capability("UIDPLUS"):  # plain EXPUNGE would take others' mail along
            self._client.uid_expunge([uid])

    def _item(self, uid: int, name: bytes, asked: str = "") -> Any:
        found = self._client.fetch([uid], [asked or name.decode()])
        try:
            return found[uid][name]
        except KeyError:
            raise Vanished(f"UID {uid} is not in the folder any more") from None


@contextmanager
def signed_in(settings: CollectorSettings) -> Iterator[Imap]:
    """Connect and sign in; sign out at the end. Raises OutOfOrder for settings that cannot work."""
    password = _password(settings)
    client = IMAPClient(
        settings.host,
        port=settings.port,
        ssl=settings.tls == "tls",
        ssl_context=_context(settings),
        timeout=SocketTimeout(CONNECT_SECONDS, READ_SECONDS),
        use_uid=True,
    )
    client.normalise_times = False
    with client:
        client.login(settings.username, password)
        yield Imap(client)


def _context(settings: CollectorSettings) -> ssl.SSLContext | None:
    if settings.tls == "tls":
        return ssl.create_default_context(cafile=settings.ca_file or None)
    if settings.host in _LOOPBACK:
        return None
    raise OutOfOrder(
        f"[[collector]] {settings.host}: tls = none is only for a host on this machine",
        thai=f'[[collector]] {settings.host} ต้องใช้ tls = "tls" เพราะไม่ใช่เครื่องนี้เอง',
    )


def _password(settings: CollectorSettings) -> str:
    try:
        return Path(settings.password_file).read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise OutOfOrder(
            f"[[collector]] cannot read password_file {settings.password_file}: {error}"
        ) from error
