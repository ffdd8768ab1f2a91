"""A links listener that really serves, with one letter and its files behind it."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from gateway.links.app import run_links
from gateway.service import Runtime
from registry import directory, links
from registry.clock import FrozenClock
from registry.ids import new_id
from registry.models.letters import EnclosureRow, LetterRow
from registry.settings import Instance, OfficeSettings
from saraban.config.load import load
from saraban.installing import FirstEntity
from tests.founding import founded

BIG = bytes(range(256)) * 4096
NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For a client that asks without TLS: it need not read whom the world trusts."""


@dataclass
class Served:
    """The runtime, the letter behind the pages, and a client of the listener."""

    runtime: Runtime
    clock: FrozenClock
    letter_id: str
    client: httpx.AsyncClient

    def page(self, kind: str = "download", to: str = "saraban@dla.go.th") -> str:
        """Make a page for a receiver and give its path."""
        with self.runtime.database.write() as session:
            own = directory.hosted(session)[0]
            token = links.ensure(
                session, self.runtime.keys, self.letter_id, own.id, to, "กรมส่งเสริมฯ", kind,
                self.clock.now(), timedelta(days=30),
            )  # fmt: skip
        return f"/{'l' if kind == 'download' else 'u'}/{token}"

    def files(self) -> list[EnclosureRow]:
        """The files of the letter as the database has them."""
        with self.runtime.database.read() as session:
            rows = session.query(EnclosureRow).order_by(EnclosureRow.position)
            return list(rows)


def runtime_in(folder: Path, clock: FrozenClock) -> Runtime:
    first = FirstEntity("phrae", "จังหวัดแพร่", "phrae.go.th", "พร ๐๐๒๓")
    settings = load(founded(folder, "saraban.test", first), {})
    office = OfficeSettings(instance=Instance("saraban.test", "", folder))
    gateway = replace(settings.gateway, links=replace(settings.gateway.links, listen="127.0.0.1:0"))
    return Runtime(office, gateway, clock)


def letter_with_file(runtime: Runtime) -> str:
    letter_id = new_id()
    sha256 = runtime.blobs.put(BIG)
    with runtime.database.write() as session:
        own = directory.hosted(session)[0]
        letter = LetterRow(
            id=letter_id, entity_id=own.id, direction="out", state="sent",
            subject="แนวทางการปรับปรุง <b>คู่มือ</b>", accepted_at=runtime.clock.now(),
        )  # fmt: skip
        file = EnclosureRow(
            letter_id=letter_id, position=0, role="enclosure", name="แนวทางการปรับปรุงคู่มือฯ.pdf",
            bytes=len(BIG), sha256=sha256, media_type="application/pdf", split=True,
        )  # fmt: skip
        session.add(letter)
        session.flush()
        session.add(file)
    return letter_id


@pytest.fixture
async def served(data_dir: Path, clock: FrozenClock) -> AsyncIterator[Served]:
    """A listener on a free port of loopback."""
    runtime = runtime_in(data_dir, clock)
    letter_id = letter_with_file(runtime)
    stop, ports = asyncio.Event(), asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(run_links(runtime, stop, ports.set_result))
    url = f"http://127.0.0.1:{(await ports)['links']}"
    async with httpx.AsyncClient(base_url=url, verify=NOBODY) as client:
        yield Served(runtime, clock, letter_id, client)
    stop.set()
    await serving
    runtime.close()
