"""One side of a dialogue: a coroutine that goes on in the moment when its bytes have come.

A task of asyncio would go on one turn of the event loop later, and each command of each client
would cost that turn. So a :class:`Talk` is stepped by whoever read the bytes (:func:`more` waits
for them); on anything else that asyncio knows how to wait for, it waits as a task does.

Limit: inside there is no current task. What needs one (``asyncio.timeout``) must be given a task
of its own. All steps run in one context, so that what :func:`registry.log.note` said stays said.
"""

import asyncio
import types
from collections.abc import Coroutine, Generator
from contextvars import copy_context
from typing import Any

_MORE = object()


@types.coroutine
def more() -> Generator[object, None, None]:
    """Wait until :meth:`Talk.feed` is called."""
    yield _MORE


class Talk:
    """Carries a coroutine from wait to wait; it must see to its own errors."""

    def __init__(self, work: Coroutine[Any, Any, None]) -> None:
        self._work = work
        self._context = copy_context()
        self._hungry = False
        self._awaited: asyncio.Future[Any] | None = None

    def begin(self) -> None:
        """Go as far as the first wait."""
        self._context.run(self._step)

    def feed(self) -> None:
        """Go on, if it is :func:`more` that is waited for."""
        if self._hungry:
            self._hungry = False
            self._context.run(self._step)

    def break_off(self) -> None:
        """Cancel what is waited for, unless that is :func:`more`: who waits for bytes is fed."""
        if self._awaited is not None:
            self._awaited.cancel()

    def _step(self) -> None:
        try:
            awaited = self._work.send(None)
        except (StopIteration, asyncio.CancelledError):
            return
        if awaited is _MORE:
            self._hungry = True
        elif awaited is None:  # asyncio.sleep(0)
            asyncio.get_running_loop().call_soon(self._go_on)
        else:
            awaited._asyncio_future_blocking = False  # noqa: SLF001 - as a task acknowledges it
            self._awaited = awaited
            awaited.add_done_callback(self._go_on)

    def _go_on(self, _: object = None) -> None:
        self._awaited = None
        self._context.run(self._step)
