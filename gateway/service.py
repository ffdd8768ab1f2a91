"""What a running process of the gateway holds: settings, clock, and what is opened on first use.

A process opens only what it needs: the SMTP child never touches blobs, the links listener never
the spool. Opening checks that the tables are the newest and stops with a clear word if not.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from gateway.settings import GatewaySettings
from gateway.watchers import watchers_of
from registry import schema
from registry.blobs import BlobStore
from registry.clock import Clock, SystemClock
from registry.db import Database
from registry.desk.context import Desk
from registry.keys import KeyRing
from registry.letter.workdays import Workdays
from registry.secret.keys import keys_of
from registry.settings import OfficeSettings

Ready = Callable[[dict[str, int]], None]
"""Called once by a role when it serves, with the ports that it listens on, by name."""


@dataclass
class Runtime:
    """The surroundings of one process."""

    office: OfficeSettings
    gateway: GatewaySettings
    clock: Clock = field(default_factory=SystemClock)

    @property
    def data_dir(self) -> Path:
        """Folder of everything that is kept."""
        return self.office.instance.data_dir

    @property
    def spool_dir(self) -> Path:
        """Folder of the spools, one below it for each process that writes."""
        return self.data_dir / "spool"

    @property
    def database_url(self) -> str:
        """URL of the database; the SQLite file of the data folder unless one is set."""
        return self.office.database.url or f"sqlite:///{self.data_dir / 'saraban.db'}"

    @property
    def links_url(self) -> str:
        """Address under which receivers reach the links listener, without a final slash."""
        links = self.gateway.links
        if links.public_url:
            return links.public_url.rstrip("/")
        scheme = "https" if links.tls_cert else "http"
        host, _, port = links.listen.rpartition(":")
        return f"{scheme}://{host}:{self._bound('links') if port == '0' else port}"

    def _bound(self, name: str) -> int:
        """Give the port that a running service was given, 0 when none runs."""
        try:
            note = json.loads((self.data_dir / "run" / "serve.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return 0
        return int(note["ports"].get(name, 0))

    @cached_property
    def database(self) -> Database:
        """The database, with the newest tables. Raises OutOfOrder when they are old."""
        database = Database.open(self.database_url)
        schema.require_newest(database)
        return database

    @cached_property
    def blobs(self) -> BlobStore:
        """The store of letters' bytes."""
        url = self.office.blobs.url.removeprefix("file://")
        keys = keys_of(self.office.secrecy, self.data_dir / "keys")
        return BlobStore(Path(url) if url else self.data_dir / "blobs", keys)

    @cached_property
    def keys(self) -> KeyRing:
        """The secrets that sign addresses and links. Raises OutOfOrder when they are missing."""
        return KeyRing.load(self.data_dir / "keys")

    @cached_property
    def workdays(self) -> Workdays:
        """The office's calendar."""
        path = self.office.registry.holidays_file
        return Workdays.load(Path(path) if path else None)

    @cached_property
    def desk(self) -> Desk:
        """What acts at the desk need besides their session."""
        return Desk(
            settings=self.office,
            clock=self.clock,
            workdays=self.workdays,
            keys=self.keys,
            hold_seconds=self.gateway.send.hold,
            give_up_after=self.gateway.send.give_up_after,
            link_days=self.gateway.links.life_days,
            watchers=watchers_of(self.gateway.notify),
        )

    def close(self) -> None:
        """Close what was opened."""
        if "database" in self.__dict__:
            self.database.close()
