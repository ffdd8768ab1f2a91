"""Sockets that listen, and clients that are let in."""

import asyncio
import errno
import socket

import pytest

from gateway.inbound import accepting
from gateway.inbound.accepting import Listening
from tests.servers.waiting import eventually


@pytest.fixture
async def listening():
    one = Listening("127.0.0.1", 0, shared=False)
    yield one
    one.close()


async def test_each_client_is_let_in_with_its_address_and_a_socket_that_does_not_block(listening):
    came = []
    listening.begin(lambda client, peer: came.append((client, peer)))
    clients = [socket.create_connection(("127.0.0.1", listening.port)) for _ in range(5)]
    await eventually(lambda: len(came) == 5, "all are in")
    assert {peer for _, peer in came} == {"127.0.0.1"}
    for server, _ in came:
        assert server.getblocking() is False
        assert server.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    for one in [*clients, *(server for server, _ in came)]:
        one.close()


async def test_several_may_share_a_port():
    first = Listening("127.0.0.1", 0, shared=True)
    second = Listening("127.0.0.1", first.port, shared=True)
    assert first.port == second.port
    first.close()
    second.close()


async def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_open(listening):
    with pytest.raises(OSError, match="in use"):
        Listening("127.0.0.1", listening.port, shared=False)


async def test_clients_wait_while_there_is_no_room_for_another_socket(
    listening, monkeypatch, caplog
):
    monkeypatch.setattr(accepting, "_REST", 0.05)
    accept, full = socket.socket.accept, [1, 1]

    def sometimes(self):
        if full and self.getsockname()[1] == listening.port:
            full.pop()
            raise OSError(errno.EMFILE, "Too many open files")
        return accept(self)

    monkeypatch.setattr(socket.socket, "accept", sometimes)
    came = []
    listening.begin(lambda client, _: came.append(client))
    with socket.create_connection(("127.0.0.1", listening.port)):
        await eventually(lambda: came, "it is in after all")
    came[0].close()
    assert caplog.text.count("no room for another connection") == 2


async def test_nobody_is_let_in_once_it_is_closed(listening):
    came = []
    listening.begin(lambda client, _: came.append(client))
    port = listening.port
    listening.close()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.to_thread(socket.create_connection, ("127.0.0.1", port))
    assert came == []
