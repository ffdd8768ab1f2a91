"""The ports of the door: for anyone, for clerks with STARTTLS, and for clerks with TLS at once.

In production these are 25, 587 (RFC 6409) and 465 (RFC 8314 §3.3). Where several processes serve
one port, the kernel hands each new connection to one of them (SO_REUSEPORT).
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from gateway.inbound.dialogue import House
from gateway.inbound.entrance import Entrance
from gateway.inbound.policy import MxPolicy, Policy, SubmissionPolicy
from gateway.inbound.recipients import RecipientList
from gateway.inbound.session import Session
from gateway.networks import Networks
from gateway.tls import Certificate, listener_certificate
from registry.errors import OutOfOrder

_BACKLOG = 512
_THRESHOLD = 0.02  # seconds


@contextlib.asynccontextmanager
async def listeners(house: House, recipients: RecipientList) -> AsyncIterator[dict[str, int]]:
    """Open the listeners that the settings ask for, and give their ports by name.

    The names are ``smtp``, ``submission`` and ``submissions``. Raises OutOfOrder.
    """
    runtime = house.runtime
    smtp, submission = runtime.gateway.smtp, runtime.gateway.submission
    anyone = MxPolicy(runtime, recipients)
    clerks = SubmissionPolicy(runtime, recipients)
    ports: dict[str, int] = {}
    async with contextlib.AsyncExitStack() as opened:

        async def open_one(name: str, address: str, policy: Policy, entrance: Entrance) -> None:
            server = await _listen(house, policy, address, entrance)
            opened.push_async_callback(_close, server)
            ports[name] = server.sockets[0].getsockname()[1]

        if smtp.listen:
            certificate = listener_certificate(smtp.tls_cert, smtp.tls_key, runtime.data_dir)
            await open_one("smtp", smtp.listen, anyone, _entrance(house, certificate))
        if submission.listen or submission.listen_tls:
            certificate = _needed(
                listener_certificate(submission.tls_cert, submission.tls_key, runtime.data_dir)
            )
            if submission.listen:
                entrance = _entrance(house, certificate)
                await open_one("submission", submission.listen, clerks, entrance)
            if submission.listen_tls:
                entrance = _entrance(house, certificate, tls_first=True)
                await open_one("submissions", submission.listen_tls, clerks, entrance)
        yield ports


def _entrance(
    house: House, certificate: Certificate | None, *, tls_first: bool = False
) -> Entrance:
    smtp = house.runtime.gateway.smtp
    return Entrance(
        hostname=house.runtime.office.instance.hostname,
        limits=smtp,
        guests=house.guests,
        certificate=certificate,
        tls_first=tls_first,
        proxies=Networks(smtp.proxy_from),
    )


def _needed(certificate: Certificate | None) -> Certificate:
    if certificate is None:
        raise OutOfOrder(
            "submission needs a certificate: set submission.tls_cert, or run 'saraban init'",
            thai="พอร์ตส่งหนังสือต้องมีใบรับรอง TLS โปรดตั้ง submission.tls_cert",
        )
    return certificate


async def _listen(house: House, policy: Policy, address: str, entrance: Entrance) -> asyncio.Server:
    host, port = _host_and_port(address)
    loop = asyncio.get_running_loop()
    try:
        return await loop.create_server(
            lambda: Session(house, policy, entrance),
            host,
            port,
            backlog=_BACKLOG,
            reuse_address=True,
            reuse_port=entrance.limits.processes > 1,
        )
    except OSError as error:
        raise OutOfOrder(
            f"cannot listen on {address}: {error.strerror}",
            thai=f"เปิดรับที่ {address} ไม่ได้ อาจมีโปรแกรมอื่นใช้อยู่ หรือไม่มีสิทธิใช้พอร์ตนี้",
        ) from error


async def _close(server: asyncio.Server) -> None:
    """Accept nobody more, let those in who were accepted at the last moment, and close.

    asyncio would forget to close the sockets of the latter, whose sessions it has not begun yet.
    """
    loop = asyncio.get_running_loop()
    for listening in server.sockets:
        loop.remove_reader(listening)
    await asyncio.sleep(_THRESHOLD)
    server.close()


def _host_and_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not port.isdigit():
        raise OutOfOrder(f"not host:port: {address}", thai=f"{address} ไม่ใช่ ที่อยู่:พอร์ต")
    return host.strip("[]"), int(port)
