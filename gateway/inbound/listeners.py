"""The ports of the door: for anyone, for clerks with STARTTLS, and for clerks with TLS at once.

In production these are 25, 587 (RFC 6409) and 465 (RFC 8314 §3.3). Where several processes serve
one port, the kernel hands each new connection to one of them (SO_REUSEPORT).
"""

import contextlib
from collections.abc import Iterator

from gateway.inbound.accepting import Listening
from gateway.inbound.dialogue import House
from gateway.inbound.entrance import Entrance
from gateway.inbound.policy import MxPolicy, Policy, SubmissionPolicy
from gateway.inbound.recipients import RecipientList
from gateway.inbound.session import Session
from gateway.networks import Networks
from gateway.tls import Certificate, listener_certificate
from registry.errors import OutOfOrder


@contextlib.contextmanager
def listeners(house: House, recipients: RecipientList) -> Iterator[dict[str, int]]:
    """Open the listeners that the settings ask for, and give their ports by name.

    The names are ``smtp``, ``submission`` and ``submissions``. Raises OutOfOrder. Needs the
    running loop.
    """
    runtime = house.runtime
    smtp, submission = runtime.gateway.smtp, runtime.gateway.submission
    anyone = MxPolicy(runtime, recipients)
    clerks = SubmissionPolicy(runtime, recipients)
    ports: dict[str, int] = {}
    with contextlib.ExitStack() as opened:

        def open_one(name: str, address: str, policy: Policy, entrance: Entrance) -> None:
            listening = _listen(house, policy, address, entrance)
            opened.callback(listening.close)
            ports[name] = listening.port

        if smtp.listen:
            certificate = listener_certificate(smtp.tls_cert, smtp.tls_key, runtime.data_dir)
            open_one("smtp", smtp.listen, anyone, _entrance(house, certificate))
        if submission.listen or submission.listen_tls:
            certificate = _needed(
                listener_certificate(submission.tls_cert, submission.tls_key, runtime.data_dir)
            )
            if submission.listen:
                entrance = _entrance(house, certificate)
                open_one("submission", submission.listen, clerks, entrance)
            if submission.listen_tls:
                entrance = _entrance(house, certificate, tls_first=True)
                open_one("submissions", submission.listen_tls, clerks, entrance)
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


def _listen(house: House, policy: Policy, address: str, entrance: Entrance) -> Listening:
    host, port = _host_and_port(address)
    try:
        listening = Listening(host, port, shared=entrance.limits.processes > 1)
    except OSError as error:
        raise OutOfOrder(
            f"cannot listen on {address}: {error.strerror}",
            thai=f"เปิดรับที่ {address} ไม่ได้ อาจมีโปรแกรมอื่นใช้อยู่ หรือไม่มีสิทธิใช้พอร์ตนี้",
        ) from error
    listening.begin(lambda client, peer: Session(house, policy, entrance).arrive(client, peer))
    return listening


def _host_and_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not port.isdigit():
        raise OutOfOrder(f"not host:port: {address}", thai=f"{address} ไม่ใช่ ที่อยู่:พอร์ต")
    return host.strip("[]"), int(port)
