"""Hand one composed mail to the next host by SMTP, streaming it from its file.

aiosmtplib connects, starts TLS, greets and signs in. DATA is ours, since the library wants the
whole mail in memory and stalls the loop on it: the file is read in blocks, dots are stuffed across
their edges (RFC 5321 §4.5.2), and the writing waits whenever the peer does. Just before DATA the
caller is asked whether the mail is still wanted, so that a letter taken back late does not leave.

:func:`deliver` always returns an :class:`Answer` and raises only when the file itself is unfit.
A connection lost before the final dot is a plain failure; one lost between the final dot and the
reply is *uncertain*: the peer may have the mail. Trying again is right then (RFC 1047), and the
mail is the same to the last byte, so that the receiver can tell.

Where the peer offers DSN (RFC 3461) it is asked to report failure and delay under the id of our
job, with no more than the header of the mail; of a mail from the null sender it is asked to
report nothing. An address that is not ASCII needs SMTPUTF8 (RFC 6531): without it the mail is
refused here, since no server further on could take it either.

Leans on two names aiosmtplib keeps to itself, ``protocol._drain_helper`` and ``protocol.write``;
a contract test watches them.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol

from gateway.inbound.dsn import xtext
from gateway.outbound import answer
from gateway.outbound.answer import Answer, Fate
from gateway.outbound.fields import mail_address
from gateway.settings import RelaySettings

_BLOCK: Final = 256 * 1024
_ASCII_ONLY: Final = "5.6.7 the next hop offers no SMTPUTF8 for an address that is not ASCII"
_TROUBLE: Final = (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait for the peer (RFC 5321 §4.5.3.2)."""

    connect: float = 60.0
    command: float = 300.0
    block: float = 180.0
    final: float = 600.0


@dataclass(frozen=True, slots=True)
class Consignment:
    """A composed mail and its envelope; ``mail_from`` is "" for the null sender."""

    path: Path
    size: int
    mail_from: str
    rcpt_to: str
    envelope_id: str = ""  # our own name for this mail, 100 characters at most


Wanted = Callable[[], Awaitable[bool]]


async def deliver(
    relay: RelaySettings, hello: str, mail: Consignment, wanted: Wanted, patience: Patience
) -> Answer:
    """Try once. ``hello`` is our host name; ``wanted`` is asked just before DATA."""
    try:
        client = await asyncio.to_thread(_client, relay, hello, patience)
    except _TROUBLE as error:
        return answer.shut(None, f"settings of the relay: {error}")
    try:
        trouble = await _open(client, patience)
        return trouble or await _hand_over(client, mail, wanted, patience)
    finally:
        await _leave(client)


async def knock(relay: RelaySettings, hello: str, patience: Patience) -> Answer:
    """Greet the relay, sign in if that is set, and go: its SIZE, or what is wrong with it."""
    try:
        client = await asyncio.to_thread(_client, relay, hello, patience)
    except _TROUBLE as error:
        return answer.shut(None, f"settings of the relay: {error}")
    try:
        trouble = await _open(client, patience)
        return trouble or Answer(Fate.WITHDRAWN, size=announced_size(client))
    finally:
        await _leave(client)


def stuffed(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Double every dot that begins a line, also where a line begins with a new block."""
    last = b"\r\n"
    for block in blocks:
        text = (last + block).replace(b"\r\n.", b"\r\n..")
        yield text[len(last) :]
        last = block[-2:] if len(block) > 1 else (last + block)[-2:]


def _client(relay: RelaySettings, hello: str, patience: Patience) -> aiosmtplib.SMTP:
    password = Path(relay.password_file).read_text().strip() if relay.password_file else None
    return aiosmtplib.SMTP(
        hostname=relay.host,
        port=relay.port,
        use_tls=relay.tls == "tls",
        start_tls=relay.tls == "starttls",
        username=relay.username or None,
        password=password,
        local_hostname=hello,
        timeout=patience.connect,
        cert_bundle=relay.ca_file or None,
    )


async def _open(client: aiosmtplib.SMTP, patience: Patience) -> Answer | None:
    """Connect, greet, sign in; an answer means that it did not come to that."""
    try:
        await client.connect()
        if client.is_ehlo_or_helo_needed:
            await client.ehlo()
    except aiosmtplib.SMTPResponseException as error:
        return answer.shut(error.code, error.message)
    except (*_TROUBLE, ssl.SSLError) as error:
        return answer.shut(None, f"{type(error).__name__}: {error}")
    client.timeout = patience.command
    return None


async def _hand_over(
    client: aiosmtplib.SMTP, mail: Consignment, wanted: Wanted, patience: Patience
) -> Answer:
    size = announced_size(client)
    unfit = _unfit(client, mail, size)
    if unfit is not None:
        return unfit
    try:
        for command in _envelope(mail, client):
            reply = await client.execute_command(*command)
            if not 200 <= reply.code < 300:
                return answer.read(reply.code, reply.message, size)
        if not await wanted():
            return Answer(Fate.WITHDRAWN)
        reply = await client.execute_command(b"DATA")
    except _TROUBLE as error:
        return Answer(Fate.DEFERRED, None, f"{type(error).__name__}: {error}")
    if reply.code != 354:
        read = answer.read(reply.code, reply.message, size)
        return read if read.fate is not Fate.SENT else Answer(Fate.DEFERRED, reply.code, read.reply)
    return await _data(client, mail, patience, size)


def _unfit(client: aiosmtplib.SMTP, mail: Consignment, size: int | None) -> Answer | None:
    """Say what in the greeting of the peer keeps this mail from being brought to it at all."""
    if size and mail.size > size:
        return Answer(Fate.TOO_LARGE, None, f"next hop takes {size} bytes", size=size)
    if not (mail.rcpt_to + mail.mail_from).isascii() and not client.supports_extension("smtputf8"):
        return Answer(Fate.REFUSED, None, _ASCII_ONLY, size=size)
    return None


def announced_size(client: aiosmtplib.SMTP) -> int | None:
    """Return the SIZE of the EHLO reply: None where there is none, 0 for "no fixed limit"."""
    figure = client.esmtp_extensions.get("size")
    if figure is None:
        return None
    return int(figure) if figure.isascii() and figure.isdigit() else 0


def _envelope(mail: Consignment, client: aiosmtplib.SMTP) -> Iterator[tuple[bytes, ...]]:
    """Give MAIL and RCPT with what the peer offers: SIZE, SMTPUTF8, DSN."""
    sender = mail_address(mail.mail_from) if mail.mail_from else ""
    receiver = mail_address(mail.rcpt_to)
    of_mail = [f"SIZE={mail.size}"] if client.supports_extension("size") else []
    of_mail += [] if (sender + receiver).isascii() else ["SMTPUTF8"]
    of_rcpt: list[str] = []
    if client.supports_extension("dsn"):
        if sender and mail.envelope_id:
            of_mail += ["RET=HDRS", f"ENVID={xtext(mail.envelope_id)}"]
        of_rcpt += _notify(receiver) if sender else ["NOTIFY=NEVER"]
    yield (b"MAIL", f"FROM:<{sender}>".encode(), *(one.encode() for one in of_mail))
    yield (b"RCPT", f"TO:<{receiver}>".encode(), *(one.encode() for one in of_rcpt))


def _notify(receiver: str) -> list[str]:
    """Ask to be told of failure and delay, and by which address we sent it (RFC 3461 §4.1, §4.2).

    An original recipient in other letters has a type of its own (RFC 6533 §3); it is left out.
    """
    original = [f"ORCPT=rfc822;{xtext(receiver)}"] if receiver.isascii() else []
    return ["NOTIFY=FAILURE,DELAY", *original]


async def _data(
    client: aiosmtplib.SMTP, mail: Consignment, patience: Patience, size: int | None
) -> Answer:
    """Stream the file after 354. A reply that comes before the final dot is the last word."""
    protocol = client.protocol
    if protocol is None:
        return Answer(Fate.DEFERRED, None, "connection lost before the mail")
    reply = asyncio.ensure_future(protocol.read_response())
    complete = False
    try:
        with mail.path.open("rb") as file:
            complete = await _stream(protocol, file, reply, patience)
        async with asyncio.timeout(patience.final):
            response = await reply
    except aiosmtplib.SMTPResponseException as error:
        # Garbage is still a reply: the peer did not say that it has the mail.
        return Answer(Fate.DEFERRED, None, f"not understood: {error.message}")
    except _TROUBLE as error:
        fate = Fate.UNCERTAIN if complete else Fate.DEFERRED
        return Answer(fate, None, f"{type(error).__name__}: {error}")
    finally:
        reply.cancel()
        await asyncio.gather(reply, return_exceptions=True)
        if not complete or reply.cancelled():
            _abort(client)  # in the middle of a mail even QUIT would be text
    read = answer.read(response.code, response.message, size)
    if read.fate is Fate.SENT and not complete:
        return Answer(Fate.DEFERRED, response.code, f"replied before the end: {read.reply}")
    return read


async def _stream(
    protocol: SMTPProtocol,
    file: BinaryIO,
    reply: "asyncio.Future[aiosmtplib.SMTPResponse]",
    patience: Patience,
) -> bool:
    """Write the mail and the final dot; False when the peer replied before we were through."""
    for block in stuffed(iter(lambda: file.read(_BLOCK), b"")):
        if reply.done():
            return False
        protocol.write(block)
        async with asyncio.timeout(patience.block):
            await protocol._drain_helper()  # noqa: SLF001 - see the contract test
        await asyncio.sleep(0)  # a peer that takes everything must not starve the loop
    protocol.write(b".\r\n")
    return True


def _abort(client: aiosmtplib.SMTP) -> None:
    """Drop the connection without sending what is still in the buffer."""
    if isinstance(client.transport, asyncio.WriteTransport):
        client.transport.abort()
    client.close()


async def _leave(client: aiosmtplib.SMTP) -> None:
    """Say QUIT if there is still anybody, and close in any case."""
    try:
        if client.is_connected:
            await client.quit(timeout=5)
    except _TROUBLE:
        pass
    finally:
        client.close()
