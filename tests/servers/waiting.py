"""Waiting for a condition, the only way in which tests let time pass.

A test never sleeps for a while and hopes: it says what must come true. Both functions
return what the condition gave, and raise TimeoutError with the given words when it
never does.
"""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
Words = str | Callable[[], str]
"""What is waited for, or a function that says it, with a log, when the wait is over."""

PATIENCE = 120.0
"""Seconds until it is said that something never comes true: a machine with much to do is slow."""

PAUSE, LONGEST = 0.01, 0.1
"""Seconds between two looks: as a rule, and at most."""

REST = 4
"""A look that takes long is followed by a pause so many times as long: who waits must not take
the time of those that it waits for."""


def wait_until(condition: Callable[[], Found], what: Words, *, seconds: float = PATIENCE) -> Found:
    """Look until the condition gives something true, and give that; for plain tests."""
    end = (looked := time.monotonic()) + seconds
    while not (found := condition()):
        _complain_after(end, what)
        time.sleep(_pause(looked))
        looked = time.monotonic()
    return found


async def eventually(
    condition: Callable[[], Found], what: Words, *, seconds: float = PATIENCE
) -> Found:
    """Do the same while the event loop of an async test goes on."""
    end = (looked := time.monotonic()) + seconds
    while not (found := condition()):
        _complain_after(end, what)
        await asyncio.sleep(_pause(looked))
        looked = time.monotonic()
    return found


def let_pass(seconds: float) -> None:
    """Let time pass: only for whoever makes a load, or strikes at no chosen moment."""
    time.sleep(seconds)


def _pause(looked: float) -> float:
    """Give the pause after a look that began then."""
    return min(max(PAUSE, REST * (time.monotonic() - looked)), LONGEST)


def _complain_after(end: float, what: Words) -> None:
    if time.monotonic() >= end:
        raise TimeoutError(f"it never came true: {what if isinstance(what, str) else what()}")
