"""A coroutine that is stepped by whoever has bytes for it."""

import asyncio

import pytest

from gateway.inbound.talk import Talk, more
from registry.log import note
from tests.servers.waiting import eventually


async def test_it_goes_on_in_the_moment_when_it_is_fed():
    told = []

    async def work():
        told.append("begun")
        await more()
        told.append("fed")

    talk = Talk(work())
    assert told == []
    talk.begin()
    assert told == ["begun"]
    talk.feed()
    assert told == ["begun", "fed"]
    talk.feed()  # it has ended, and needs nothing


async def test_it_is_not_fed_while_it_waits_for_something_else():
    told, door = [], asyncio.Event()

    async def work():
        await door.wait()
        told.append("open")
        await more()
        told.append("fed")

    talk = Talk(work())
    talk.begin()
    talk.feed()
    door.set()
    await eventually(lambda: told == ["open"], "it has gone on")
    talk.feed()
    assert told == ["open", "fed"]


async def test_it_waits_for_whatever_asyncio_knows_how_to_wait_for():
    told, loop = [], asyncio.get_running_loop()

    async def in_a_task():
        return "from a task"

    async def work():
        await asyncio.sleep(0)
        later = loop.create_future()
        loop.call_later(0.001, later.set_result, "later")
        told.append(await later)
        told.append(await asyncio.create_task(in_a_task()))
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(lambda: 1 // 0)
        told.append("after an error")

    Talk(work()).begin()
    await eventually(lambda: told[2:], "it has ended")
    assert told == ["later", "from a task", "after an error"]


async def test_what_it_waits_for_is_cancelled_when_it_is_broken_off():
    told, waited = [], asyncio.get_running_loop().create_future()

    async def work():
        try:
            await waited
        finally:
            told.append("cleared up")

    talk = Talk(work())
    talk.begin()
    talk.break_off()
    await eventually(lambda: told, "it has ended")
    assert waited.cancelled()


async def test_a_talk_that_waits_for_bytes_is_not_broken_off_but_fed():
    told = []

    async def work():
        await more()
        told.append("fed")

    talk = Talk(work())
    talk.begin()
    talk.break_off()
    assert told == []
    talk.feed()
    assert told == ["fed"]


async def test_what_is_noted_for_the_log_stays_with_it_and_with_no_other(caplog):
    from registry.log import _about

    seen = []

    async def work(name):
        note(session=name)
        await more()
        seen.append(_about.get()["session"])
        await asyncio.sleep(0)
        seen.append(_about.get()["session"])

    talks = [Talk(work(name)) for name in ("one", "two")]
    for talk in talks:
        talk.begin()
    for talk in talks:
        talk.feed()
    await eventually(lambda: len(seen) == 4, "both have ended")
    assert seen == ["one", "two", "one", "two"]
    assert "session" not in _about.get()
