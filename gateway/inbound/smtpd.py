"""The SMTP process: the door for anyone (``[smtp]``) and the door for clerks (``[submission]``).

One event loop, one process, no thread per client. It writes the spool and rings the worker's
bell; it opens no blob, parses no letter and loads no web, PDF or migration code. The database
is read for the list of recipients and for passwords, and may be away.

Stopping keeps what was promised: no new clients, idle ones are told 421, letters under way get
some seconds to end, and every commit that has begun is waited for.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator

from gateway.inbound.auth import SignIn
from gateway.inbound.backoff import Backoff
from gateway.inbound.dialogue import House
from gateway.inbound.guests import Guests
from gateway.inbound.inspect import inspections_of
from gateway.inbound.listeners import listeners
from gateway.inbound.recipients import RecipientList
from gateway.inbound.spool import Spool
from gateway.networks import Networks
from gateway.service import Ready, Runtime
from gateway.threads import in_thread

log = logging.getLogger(__name__)

GRACE = 15.0
"""Seconds that letters under way get when the service stops."""


async def run_smtp(runtime: Runtime, stop: asyncio.Event, ready: Ready) -> None:
    """Serve both listeners until told to stop; a listener whose address is empty is left out.

    Raises OutOfOrder for settings or tables with which this cannot run.
    """
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd would log what clients say
    recipients = RecipientList(runtime)
    await in_thread(recipients.load)
    async with _house(runtime) as house, _fresh(recipients):
        with listeners(house, recipients) as ports:
            ready(ports)
            await stop.wait()
        await _empty(house)


@contextlib.asynccontextmanager
async def _house(runtime: Runtime) -> AsyncIterator[House]:
    """Open what the sessions share; at the end no commit is left half-way."""
    smtp = runtime.gateway.smtp
    trusted = Networks(smtp.trusted_networks)
    house = House(
        runtime=runtime,
        spool=Spool(runtime.spool_dir, "smtp", runtime.clock),
        guests=Guests(smtp.max_connections, smtp.max_connections_per_client, trusted),
        sign_in=SignIn(runtime),
        backoff=_backoff(runtime, trusted),
        trusted=trusted,
        forwarders=Networks(smtp.forwarders),
    )
    try:
        async with inspections_of(runtime) as house.inspections:
            try:
                yield house
            finally:
                await house.promises.drain()
    finally:
        house.spool.close()


def _backoff(runtime: Runtime, trusted: Networks) -> Backoff:
    door = runtime.gateway.submission
    return Backoff(
        door.max_auth_failures_per_client,
        door.max_auth_failures_per_account,
        door.auth_forget,
        trusted,
        time.monotonic,
    )


@contextlib.asynccontextmanager
async def _fresh(recipients: RecipientList) -> AsyncIterator[None]:
    """Keep the list of recipients fresh meanwhile."""
    task = asyncio.create_task(recipients.keep_fresh())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _empty(house: House) -> None:
    """Let the sessions end, and break off those that cannot."""
    loop = asyncio.get_running_loop()
    house.guests.send_home()
    end = loop.time() + GRACE
    while len(house.guests) and loop.time() < end:  # noqa: ASYNC110 - rarely, and only at the end
        await asyncio.sleep(0.02)
    await house.promises.drain()
    house.guests.throw_out()
