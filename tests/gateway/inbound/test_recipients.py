"""The list of recipients: fresh while the database is there, good while it is away."""

import asyncio
import json

import pytest

from gateway.errors import Temporary
from gateway.inbound.recipients import RecipientList
from registry import directory
from registry.errors import OutOfOrder
from registry.letter.sorting import Tag
from tests.gateway.inbound.conftest import CENTRAL
from tests.servers.waiting import eventually


def take_away(runtime):
    """Make the database one that cannot be opened."""
    runtime.close()
    file = runtime.data_dir / "saraban.db"
    file.rename(runtime.data_dir / "away.db")
    file.mkdir()


def add_entity(runtime, code):
    with runtime.database.write() as session:
        directory.add_entity(
            session, code=code, name=code, address=f"saraban@{code}.example",
            at=runtime.clock.now(), hosted=True,
        )  # fmt: skip


async def test_a_central_address_is_found(runtime):
    known = RecipientList(runtime)
    known.load()
    found = await known.find(CENTRAL)
    assert (found.entity.code, found.tag) == ("phrae", Tag.NONE)
    assert await known.find("nobody@phrae.example") is None


async def test_an_entity_added_a_moment_ago_is_known(runtime):
    known = RecipientList(runtime)
    known.load()
    add_entity(runtime, "nan")
    known._looked = 0.0
    assert (await known.find("saraban@nan.example")).entity.code == "nan"


async def test_unknown_addresses_do_not_hammer_the_database(runtime, monkeypatch):
    known = RecipientList(runtime)
    known.load()
    looks = []
    monkeypatch.setattr(known, "_refresh", lambda: looks.append(1))
    await asyncio.gather(*(known.find(f"x{n}@phrae.example") for n in range(100)))
    assert len(looks) <= 1


async def test_the_list_is_good_while_the_database_is_away(runtime):
    known = RecipientList(runtime)
    known.load()
    take_away(runtime)
    known._looked = 0.0
    assert await known.find("nobody@phrae.example") is None
    assert await known.find(CENTRAL) is not None


async def test_a_door_that_starts_without_a_database_begins_with_the_saved_list(runtime):
    RecipientList(runtime).load()
    take_away(runtime)
    known = RecipientList(runtime)
    known.load()
    assert (await known.find(CENTRAL)).entity.code == "phrae"


@pytest.mark.parametrize("saved", [None, "", "{}", "[]", '{"hosted": [{}]}'])
async def test_without_any_list_nobody_is_refused_for_good(runtime, saved):
    take_away(runtime)
    if saved is not None:
        (runtime.data_dir / "run").mkdir()
        (runtime.data_dir / "run" / "recipients.json").write_text(saved, encoding="utf-8")
    known = RecipientList(runtime)
    known.load()
    with pytest.raises(Temporary):
        await known.find(CENTRAL)


def test_the_saved_list_is_written_anew_when_the_directory_changed(runtime):
    known = RecipientList(runtime)
    known.load()
    add_entity(runtime, "nan")
    known.load()
    saved = json.loads((runtime.data_dir / "run" / "recipients.json").read_text("utf-8"))
    assert "nan" in {entity["code"] for entity in saved["hosted"]}


def test_a_list_that_cannot_be_saved_is_used_all_the_same(runtime, caplog):
    (runtime.data_dir / "run").write_text("in the way", encoding="ascii")
    RecipientList(runtime).load()
    assert "recipients not saved" in caplog.text


def test_old_tables_stop_the_door(runtime):
    (runtime.data_dir / "saraban.db").unlink()
    with pytest.raises(OutOfOrder, match="db upgrade"):
        RecipientList(runtime).load()


async def test_the_list_is_read_again_by_itself(runtime, monkeypatch):
    monkeypatch.setattr("gateway.inbound.recipients.EVERY", 0.01)
    monkeypatch.setattr("gateway.inbound.recipients._SOONEST", 0.0)
    known = RecipientList(runtime)
    known.load()
    add_entity(runtime, "nan")
    keeping = asyncio.create_task(known.keep_fresh())
    await eventually(lambda: known._known.find("saraban@nan.example"), "the new entity is known")
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
