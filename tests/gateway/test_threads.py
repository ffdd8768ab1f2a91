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


async def test_a_promise_is_waited_for_and_no_longer_than_it_is_held():
    promises, told = Promises(), []

    async def work():
        with promises.hold():
            await asyncio.sleep(0)
            told.append("kept")

    working = asyncio.create_task(work())
    await asyncio.sleep(0)
    await promises.drain()
    assert told == ["kept"]
    await working


async def test_a_promise_that_cannot_be_kept_is_not_waited_for_any_more():
    promises = Promises()
    with pytest.raises(OSError, match="no"), promises.hold():
        raise OSError("no")
    await promises.drain()
