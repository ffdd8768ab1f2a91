"""Crossing into threads, and promises that are kept."""

import asyncio
import threading

import pytest

from gateway.threads import Promises, in_thread, in_thread_to_its_end


async def test_a_function_runs_in_another_thread_and_gives_its_result():
    assert await in_thread(lambda a, *, b: (a, b, threading.current_thread()), 1, b=2) != (
        1, 2, threading.current_thread(),
    )  # fmt: skip
    assert await in_thread(int, "7") == 7


async def test_what_it_raises_comes_back():
    with pytest.raises(ValueError, match="invalid literal"):
        await in_thread(int, "x")


async def test_who_is_cancelled_goes_on_only_when_the_function_has_ended():
    begun, may_end, told = threading.Event(), threading.Event(), []

    def work():
        begun.set()
        may_end.wait(30)
        told.append("ended")

    async def caller():
        try:
            await in_thread_to_its_end(work)
        finally:
            told.append("gone on")

    waiting = asyncio.create_task(caller())
    await in_thread(begun.wait, 30)
    waiting.cancel()
    await asyncio.sleep(0)
    may_end.set()
    await asyncio.wait({waiting})
    assert waiting.cancelled()
    assert told == ["ended", "gone on"]


async def test_a_promise_is_kept_when_nobody_waits_any_more():
    promises, begun, done = Promises(), asyncio.Event(), []

    async def work():
        begun.set()
        await asyncio.sleep(0)
        done.append(1)

    waiting = asyncio.create_task(promises.keep(work()))
    await begun.wait()
    waiting.cancel()
    await promises.drain()
    assert done == [1]
    assert waiting.cancelled() or waiting.cancelling()


async def test_a_broken_promise_is_told_to_who_waits_and_to_the_log(caplog):
    async def work():
        raise OSError("no")

    promises = Promises()
    with pytest.raises(OSError, match="no"):
        await promises.keep(work())
    await promises.drain()
    assert "promised work failed: OSError" in caplog.text
