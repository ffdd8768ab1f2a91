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
import ssl
from collections.abc import AsyncIterator

from gateway.inbound.auth import SignIn
from gateway.inbound.dialogue import House
from gateway.inbound.guests import Guests
from gateway.inbound.inspect import inspections_of
from gateway.inbound.policy import MxPolicy, Policy, SubmissionPolicy
from gateway.inbound.recipients import RecipientList
from gateway.inbound.session import Session
from gateway.inbound.spool import Spool
from gateway.networks import Networks
from gateway.service import Ready, Runtime
from gateway.threads import in_thread
from gateway.tls import listener_context
from registry.errors import OutOfOrder

log = logging.getLogger(__name__)

GRACE = 15.0
"""Seconds that letters under way get when the service stops."""
_BACKLOG = 512


async def run_smtp(runtime: Runtime, stop: asyncio.Event, ready: Ready) -> None:
    """Serve both listeners until told to stop; a listener whose address is empty is left out.

    Raises OutOfOrder for settings or tables with which this cannot run.
    """
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd would log what clients say
    recipients = RecipientList(runtime)
    await in_thread(recipients.load)
    async with _house(runtime) as house, _fresh(recipients):
        async with _listeners(house, recipients) as ports:
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


@contextlib.asynccontextmanager
async def _fresh(recipients: RecipientList) -> AsyncIterator[None]:
    """Keep the list of recipients fresh meanwhile."""
    task = asyncio.create_task(recipients.keep_fresh())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextlib.asynccontextmanager
async def _listeners(house: House, recipients: RecipientList) -> AsyncIterator[dict[str, int]]:
    """Open the listeners that the settings ask for, and give their ports by name."""
    runtime = house.runtime
    smtp, submission = runtime.gateway.smtp, runtime.gateway.submission
    ports: dict[str, int] = {}
    with contextlib.ExitStack() as opened:
        if smtp.listen:
            tls = listener_context(smtp.tls_cert, smtp.tls_key, runtime.data_dir)
            server = await _listen(house, MxPolicy(runtime, recipients), smtp.listen, tls)
            opened.callback(server.close)
            ports["smtp"] = server.sockets[0].getsockname()[1]
        if submission.listen:
            tls = listener_context(submission.tls_cert, submission.tls_key, runtime.data_dir)
            policy = SubmissionPolicy(runtime, recipients)
            server = await _listen(house, policy, submission.listen, _needed(tls))
            opened.callback(server.close)
            ports["submission"] = server.sockets[0].getsockname()[1]
        yield ports


def _needed(tls: ssl.SSLContext | None) -> ssl.SSLContext:
    if tls is None:
        raise OutOfOrder(
            "submission needs a certificate: set submission.tls_cert, or run 'saraban init'",
            thai="พอร์ตส่งหนังสือต้องมีใบรับรอง TLS โปรดตั้ง submission.tls_cert",
        )
    return tls


async def _listen(
    house: House, policy: Policy, address: str, tls: ssl.SSLContext | None
) -> asyncio.Server:
    host, port = _host_and_port(address)
    loop = asyncio.get_running_loop()
    try:
        return await loop.create_server(
            lambda: Session(house, policy, tls), host, port, backlog=_BACKLOG, reuse_address=True
        )
    except OSError as error:
        raise OutOfOrder(
            f"cannot listen on {address}: {error.strerror}",
            thai=f"เปิดรับที่ {address} ไม่ได้ อาจมีโปรแกรมอื่นใช้อยู่ หรือไม่มีสิทธิใช้พอร์ตนี้",
        ) from error


async def _empty(house: House) -> None:
    """Let the sessions end, and break off those that cannot."""
    loop = asyncio.get_running_loop()
    house.guests.send_home()
    end = loop.time() + GRACE
    while len(house.guests) and loop.time() < end:  # noqa: ASYNC110 - rarely, and only at the end
        await asyncio.sleep(0.02)
    await house.promises.drain()
    house.guests.throw_out()


def _host_and_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not port.isdigit():
        raise OutOfOrder(f"not host:port: {address}", thai=f"{address} ไม่ใช่ ที่อยู่:พอร์ต")
    return host.strip("[]"), int(port)
