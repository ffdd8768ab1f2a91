"""The bytes of one connection, both ways, on real sockets."""

import asyncio
import socket
import ssl

import pytest

from gateway.inbound.talk import Talk
from gateway.inbound.wire import BLOCK, LONGEST_WAIT, Gone, Wire
from gateway.tls import server_context
from tests.servers.waiting import eventually


class Served:
    """A wire with somebody who works on it, and the other end of it."""

    def __init__(self, work=None):
        ours, self.client = socket.socketpair()
        for one in (ours, self.client):
            one.setblocking(False)
        self.told, self.closed = [], 0
        self.wire = Wire(ours, memoryview(bytearray(BLOCK)), self._heard, self._closed)
        self.talk = Talk(self._work(work)) if work else None
        if self.talk:
            self.talk.begin()

    async def _work(self, work):
        try:
            await work(self.wire, self.told)
        except (Gone, ssl.SSLError) as error:
            self.told.append(type(error))

    def _heard(self):
        if self.talk:
            self.talk.feed()

    def _closed(self):
        self.closed += 1

    async def has_told(self, *what):
        """Wait until this was told, and nothing else before."""
        await eventually(lambda: len(self.told) >= len(what), f"told {what}, not {self.told}")
        assert tuple(self.told) == what


@pytest.fixture
async def serve():
    made = []

    def make(work=None):
        made.append(Served(work))
        return made[-1]

    yield make
    for one in made:
        one.wire.abort()
        one.client.close()


async def lines(wire, told):
    while True:
        told.append(await wire.line())


def send_often(wire, data):
    for _ in range(100):
        wire.send(data)


async def test_a_line_is_given_when_it_has_ended_however_it_comes(serve):
    one = serve(lines)
    for piece in (b"EH", b"LO x\r", b"\nNOOP\r\nQU"):
        one.client.send(piece)
        await asyncio.sleep(0)
    await one.has_told(b"EHLO x\r\n", b"NOOP\r\n")
    assert one.wire.unread == b"QU"


async def test_lines_that_came_are_read_though_the_client_has_sent_its_last(serve):
    one = serve()
    one.client.send(b"A\nB\nC")
    one.client.shutdown(socket.SHUT_WR)
    await eventually(lambda: one.wire.ended, "the end has come")
    told = []
    with pytest.raises(Gone):
        await lines(one.wire, told)
    assert told == [b"A\n", b"B\n"]
    one.wire.send(b"221\r\n")
    assert one.client.recv(10) == b"221\r\n"


async def test_a_line_without_an_end_is_thrown_away_piece_by_piece(serve):
    one = serve(lines)
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(one.client, b"x" * (2 * LONGEST_WAIT) + b"\nNOOP\n")
    await eventually(lambda: b"NOOP\n" in one.told, "the next line is read")
    assert one.told.count(None) >= 1
    assert sum(len(line) for line in one.told if line) < LONGEST_WAIT + 10


async def test_what_nobody_reads_is_not_taken_from_the_socket_for_ever(serve):
    one = serve()
    loop = asyncio.get_running_loop()
    sending = asyncio.create_task(loop.sock_sendall(one.client, b"x" * 10_000_000))
    await eventually(lambda: len(one.wire.unread) >= LONGEST_WAIT, "much has come")
    for _ in range(100):
        await asyncio.sleep(0)
    assert len(one.wire.unread) < LONGEST_WAIT + BLOCK
    assert not sending.done()
    sending.cancel()


async def test_a_client_that_does_not_read_is_waited_for_and_then_served(serve):
    reply = b"250 " + b"x" * 50_000 + b"\r\n"

    async def talk(wire, told):
        for turn in range(20):
            wire.send(reply)
            await wire.flushed()
            told.append(turn)

    one = serve(talk)
    await asyncio.sleep(0)
    assert len(one.told) < 20
    heard = b""
    while len(heard) < 20 * len(reply):
        heard += await asyncio.get_running_loop().sock_recv(one.client, 1 << 20)
    assert heard == 20 * reply
    await one.has_told(*range(20))


async def test_a_client_that_never_reads_is_broken_off(serve):
    one = serve()
    with pytest.raises(Gone):
        send_often(one.wire, b"x" * 100_000)
    assert one.wire.closed
    assert one.closed == 1


async def test_who_has_gone_is_noticed_and_told_once(serve):
    one = serve(lines)
    one.client.close()
    await one.has_told(Gone)
    with pytest.raises(Gone):
        send_often(one.wire, b"250 are you there?\r\n")
    assert one.closed == 1


async def test_last_words_are_heard_by_a_client_that_still_sends(serve):
    one = serve(lines)
    one.client.send(b"x" * 100_000)
    one.wire.send(b"421 enough\r\n")
    one.wire.part(throw_away=4_000_000)
    await one.has_told(Gone)
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(one.client, b"y" * 500_000)
    assert await loop.sock_recv(one.client, 100) == b"421 enough\r\n"
    assert await loop.sock_recv(one.client, 100) == b""
    assert not one.wire.closed
    one.client.close()
    await eventually(lambda: one.closed, "it is closed when the client is")


async def test_there_is_an_end_to_what_is_thrown_away(serve):
    one = serve()
    one.wire.part(throw_away=100_000)
    with pytest.raises(OSError):
        await asyncio.get_running_loop().sock_sendall(one.client, b"y" * 2_000_000)
    assert one.wire.closed


async def test_what_is_unread_at_the_end_is_never_read(serve):
    one = serve()
    one.client.send(b"DATA\r\n")
    await eventually(lambda: one.wire.unread, "it has come")
    one.wire.part()
    with pytest.raises(Gone):
        await one.wire.line()
    with pytest.raises(Gone):
        one.wire.send(b"354\r\n")


async def test_what_lies_there_already_is_seen_without_waiting(serve):
    one = serve()
    one.client.send(b"EHLO early\r\n")
    one.wire.look()
    assert one.wire.unread == b"EHLO early\r\n"


@pytest.fixture
async def secured(serve, certificate):
    """Serve with TLS, and give the client's side of it."""
    context = server_context(certificate / "cert.pem", certificate / "key.pem")

    async def talk(wire, told):
        await wire.secure(context)
        told.append("secure")
        await lines(wire, told)

    return serve(talk)


async def connect(one):
    """Do the client's half of the handshake; give its streams."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return await asyncio.open_connection(sock=one.client, ssl=context, server_hostname="x")


async def test_lines_and_replies_pass_through_tls(secured):
    reader, writer = await connect(secured)
    writer.write(b"EHLO x\r\n" + b"NOOP\r\n" * 5000)
    await secured.has_told("secure", b"EHLO x\r\n", *[b"NOOP\r\n"] * 5000)
    secured.wire.send(b"x" * 100_000)
    assert await reader.readexactly(100_000) == b"x" * 100_000
    assert secured.wire.encrypted
    writer.transport.abort()


async def test_the_end_of_tls_is_told_before_the_connection_ends(secured):
    reader, writer = await connect(secured)
    await secured.has_told("secure")
    secured.wire.send(b"221 Bye\r\n")
    secured.wire.part()
    assert await reader.read() == b"221 Bye\r\n"
    writer.close()
    await eventually(lambda: secured.closed, "it is closed when the client is")


async def test_what_is_no_tls_ends_the_handshake(secured):
    secured.client.send(b"EHLO x\r\n")
    await eventually(lambda: secured.told, "it has ended")
    assert issubclass(secured.told[0], ssl.SSLError)


async def test_what_is_no_tls_behind_the_handshake_breaks_it_off(secured):
    _, writer = await connect(secured)
    await secured.has_told("secure")
    writer.get_extra_info("socket")._sock.send(b"NOOP\r\n")
    await secured.has_told("secure", Gone)
    assert secured.wire.closed
    writer.transport.abort()


async def test_a_client_that_leaves_in_the_handshake_is_gone(secured):
    secured.client.send(b"\x16\x03\x01\x02\x00\x01")
    secured.client.close()
    await secured.has_told(Gone)
