"""The bell between processes wakes at once, and silence is no error."""

import asyncio

from gateway import wake


async def test_whoever_waits_is_woken_by_the_bell(data_dir):
    stop = asyncio.Event()
    async with wake.Bell(data_dir, wake.WORKER) as bell:
        waiting = asyncio.create_task(bell.wait(300, stop))
        await asyncio.to_thread(wake.ring, data_dir)
        await asyncio.wait_for(waiting, 60)


async def test_a_bell_rung_before_the_waiting_is_not_missed(data_dir):
    async with wake.Bell(data_dir, wake.WORKER) as bell:
        wake.ring(data_dir)
        await asyncio.wait_for(bell.wait(300, asyncio.Event()), 60)


async def test_waiting_ends_when_all_is_to_stop(data_dir):
    stop = asyncio.Event()
    async with wake.Bell(data_dir, wake.MAILQ) as bell:
        waiting = asyncio.create_task(bell.wait(300, stop))
        stop.set()
        await asyncio.wait_for(waiting, 60)


def test_ringing_where_nobody_listens_is_no_error(data_dir):
    wake.ring(data_dir)
    (data_dir / "run").mkdir()
    wake.ring(data_dir)


async def test_a_bell_can_be_hung_up_again_after_a_crash(data_dir):
    for _ in range(2):
        async with wake.Bell(data_dir, wake.WORKER) as bell:
            wake.ring(data_dir)
            await asyncio.wait_for(bell.wait(300, asyncio.Event()), 60)
