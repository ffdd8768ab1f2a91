"""Two entities hosted here and one elsewhere, with clerks and units; a queue and a peer."""

import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from gateway.inbound.spool import Spool
from gateway.outbound.mailq import Queue
from gateway.outbound.relay import Patience
from gateway.service import Runtime
from gateway.settings import GatewaySettings, LinksSettings, RelaySettings
from registry import directory
from registry.db import Database
from registry.keys import KeyRing
from registry.letter.entity import LegalEntity, Role
from registry.settings import Instance, OfficeSettings
from tests.furniture import Furniture
from tests.gateway.outbound.office import CLERK, OFFICER, Office
from tests.gateway.outbound.peer import ScriptedPeer


@pytest.fixture
def office(database: Database, data_dir: Path, clock: Any, furniture: Furniture) -> Office:
    settings = OfficeSettings(instance=Instance(hostname="mail.phrae.example", data_dir=data_dir))
    links = LinksSettings(public_url="https://files.phrae.example")
    runtime = Runtime(settings, GatewaySettings(links=links), clock)
    runtime.__dict__["database"] = database
    KeyRing.create(data_dir / "keys")
    made = furniture.lay(database, "sending", lambda session: _furnish(session, clock))
    return Office(runtime, database, runtime.blobs, *made)


def _furnish(session: Session, clock: Any) -> tuple[LegalEntity, LegalEntity, LegalEntity]:
    hosted = {"hosted": True, "at": clock.now(), "phone": "0 5453 3141"}
    phrae = directory.add_entity(
        session, code="phrae", name="จังหวัดแพร่", address="saraban@phrae.example",
        letter_code="พร 0023.3", **hosted,
    )  # fmt: skip
    town = directory.add_entity(
        session, code="town", name="เทศบาลเมืองแพร่", address="saraban@town.example", **hosted
    )
    dla = directory.add_entity(
        session, code="dla", name="กรมส่งเสริมการปกครองท้องถิ่น", at=clock.now(),
        address="saraban@dla.example", letter_code="มท 0810.7",
    )  # fmt: skip
    directory.add_unit(
        session,
        phrae.id,
        code="local",
        name="สำนักงานท้องถิ่นจังหวัดแพร่",
        boxes=["box@phrae.example"],
    )
    for address, role, name in (
        (CLERK, Role.CLERK, "นางสมศรี ใจดี"),
        (OFFICER, Role.OFFICER, "นายสมชาย เก่งงาน"),
    ):
        directory.add_officer(
            session,
            phrae.id,
            email=address,
            role=role,
            at=clock.now(),
            name=name,
            unit_code="local",
        )
    return phrae, town, dla


@pytest.fixture
def sha() -> Callable[[bytes], str]:
    return lambda data: hashlib.sha256(data).hexdigest()


@pytest.fixture
async def peer() -> AsyncIterator[ScriptedPeer]:
    """A host that takes mail, and does to it what the test says."""
    async with ScriptedPeer() as server:
        yield server


@pytest.fixture
def relayed(office, peer):
    """The office with the peer as its relay."""
    office.configure(relay=(RelaySettings(host="127.0.0.1", port=peer.port, tls="none"),))
    return office


@pytest.fixture
def queue(office):
    """The queue of this office; its peers answer at once or not at all."""
    spool = Spool(office.runtime.spool_dir, "mailq", office.runtime.clock)
    yield Queue(office.runtime, spool, Patience(connect=5, command=5, block=5, final=5))
    spool.close()
