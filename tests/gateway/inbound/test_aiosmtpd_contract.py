"""The names that aiosmtpd keeps private and the door leans on, and what they do.

A new release may change any of them; then this file says so before a letter does.
"""

import asyncio
import inspect
import socket

import aiosmtpd
import attr
import pytest
from aiosmtpd.proxy_protocol import ProxyData, get_proxy
from aiosmtpd.smtp import SMTP, Session

from gateway.inbound.connection import Connection
from gateway.inbound.entrance import Entrance
from gateway.inbound.guests import Guests
from gateway.inbound.session import Session as OurSession
from gateway.networks import Networks
from gateway.settings import SmtpSettings


class Bare(SMTP):
    """aiosmtpd as it comes, for looking inside."""

    async def smtp_DATA(self, arg):  # noqa: N802 - found by name
        self.asked = arg
        await self.push("250 ours")


@pytest.fixture
async def bare():
    """Give a protocol that has a client, and the client's streams."""
    made = []

    def make():
        made.append(Bare(object(), hostname="h", loop=asyncio.get_running_loop()))
        return made[0]

    ours, theirs = socket.socketpair()
    transport, protocol = await asyncio.get_running_loop().connect_accepted_socket(make, ours)
    reader, writer = await asyncio.open_connection(sock=theirs)
    await reader.readline()
    yield protocol, reader, writer
    writer.close()
    transport.abort()
    await asyncio.gather(protocol._handler_coroutine, return_exceptions=True)


def test_the_release_is_the_one_that_was_read():
    assert aiosmtpd.__version__ == "1.4.6"


def test_the_class_is_a_stream_reader_protocol_with_the_settings_we_override():
    assert issubclass(SMTP, asyncio.StreamReaderProtocol)
    assert isinstance(SMTP.line_length_limit, int)
    assert isinstance(SMTP.command_size_limits, dict)
    wanted = {"handler", "data_size_limit", "enable_SMTPUTF8", "hostname", "ident", "tls_context"}
    assert wanted | {"timeout", "loop"} <= set(inspect.signature(SMTP.__init__).parameters)


@pytest.mark.parametrize(
    "name",
    [
        "_handle_client", "_reset_timeout", "_set_post_data_state", "_timeout_cb",
        "connection_made", "connection_lost", "handle_exception", "push", "smtp_STARTTLS",
        "smtp_NOOP", "smtp_QUIT", "smtp_RSET", "smtp_EXPN",
    ],
)  # fmt: skip
def test_what_we_call_or_override_is_there(name):
    assert callable(getattr(SMTP, name))


def test_every_command_we_answer_is_found_by_its_name():
    ours = {name for name in vars(OurSession.__mro__[0]) if name.startswith("smtp_")}
    assert ours == {"smtp_MAIL", "smtp_RCPT", "smtp_DATA"}
    assert {"smtp_MAIL", "smtp_RCPT", "smtp_DATA", "smtp_EHLO", "smtp_AUTH"} <= set(dir(SMTP))


async def test_state_of_a_connection_has_the_names_we_use(bare):
    protocol, _, _ = bare
    assert isinstance(protocol._reader, asyncio.StreamReader)
    assert isinstance(protocol._writer, asyncio.StreamWriter)
    assert protocol._writer.transport is protocol.transport
    assert isinstance(protocol._timeout_handle, asyncio.TimerHandle)
    assert isinstance(protocol._handler_coroutine, asyncio.Task)
    assert (protocol._tls_protocol, protocol._original_transport) == (None, None)
    assert isinstance(protocol.session, Session)
    assert protocol.session.extended_smtp is False


async def test_the_readers_buffer_is_a_bytearray_that_may_be_given_bytes_back(bare):
    protocol, reader, writer = bare
    assert isinstance(protocol._reader._buffer, bytearray)
    protocol._reader._buffer[:0] = b"NOOP\r\n"
    writer.write(b"NOOP\r\n")
    assert [(await reader.readline())[:3] for _ in range(2)] == [b"250", b"250"]


async def test_the_readers_limit_is_the_line_length_limit(bare):
    assert bare[0]._reader._limit == SMTP.line_length_limit


async def test_commands_are_methods_found_by_name_and_get_their_argument(bare):
    protocol, reader, writer = bare
    writer.write(b"data  x y \r\n")
    assert await reader.readline() == b"250 ours\r\n"
    assert protocol.asked == "x y"


async def test_resetting_the_timer_replaces_it(bare):
    protocol, _, _ = bare
    before = protocol._timeout_handle
    protocol._reset_timeout(7)
    assert before.cancelled()
    assert 6 < protocol._timeout_handle.when() - protocol.loop.time() <= 7


async def test_forgetting_a_transaction_goes_through_the_method_we_override(bare):
    protocol, reader, writer = bare
    before = protocol.envelope
    writer.write(b"RSET\r\n")
    await reader.readline()
    assert protocol.envelope is not before


async def test_an_exception_in_a_command_becomes_the_reply_of_handle_exception(bare):
    protocol, reader, writer = bare

    async def answer(error):
        return f"451 {type(error).__name__}"

    async def fail(argument):
        raise ValueError

    protocol.handle_exception = answer
    protocol._smtp_methods["FAIL"] = fail
    writer.write(b"FAIL\r\nNOOP\r\n")
    assert await reader.readline() == b"451 ValueError\r\n"
    assert await reader.readline() == b"250 OK\r\n"


async def test_a_reset_connection_ends_the_dialogue_at_once(bare):
    """What :meth:`Connection.dismiss` raises must leave the loop that reads commands."""
    protocol, reader, writer = bare

    async def leave(argument):
        raise ConnectionResetError

    protocol._smtp_methods["LEAVE"] = leave
    writer.write(b"LEAVE\r\nNOOP\r\n")
    assert await reader.read() == b""
    with pytest.raises(ConnectionResetError):
        await protocol._handler_coroutine


async def test_the_end_of_the_clients_bytes_cancels_what_is_under_way(bare):
    protocol, _, writer = bare
    begun = asyncio.Event()

    async def wait(argument):
        begun.set()
        await asyncio.Event().wait()

    protocol._smtp_methods["WAIT"] = wait
    writer.write(b"WAIT\r\n")
    await begun.wait()
    writer.write_eof()
    with pytest.raises(asyncio.CancelledError):
        await protocol._handler_coroutine


async def test_only_a_client_that_said_ehlo_may_send_long_commands(bare):
    protocol, reader, writer = bare
    protocol.command_size_limits["NOOP"] = 2000
    writer.write(b"NOOP " + b"x" * 600 + b"\r\n")
    assert (await reader.readline()).startswith(b"500 ")
    protocol.session.extended_smtp = True
    writer.write(b"NOOP " + b"x" * 600 + b"\r\n")
    assert (await reader.readline()).startswith(b"250 ")


async def test_a_connection_has_all_that_aiosmtpd_would_have_given_it(bare):
    """Entrance.furnish does the work of SMTP.__init__ once for many connections."""
    connection = Connection(Entrance("h", SmtpSettings(), Guests(9, 9, Networks(()))))
    missing = set(vars(SMTP(object(), hostname="h", loop=bare[0].loop))) - set(vars(connection))
    assert missing == {"_smtp_methods"}


def test_a_proxy_header_is_read_from_a_stream_and_names_the_source():
    assert asyncio.iscoroutinefunction(get_proxy)
    assert "src_addr" in {field.name for field in attr.fields(ProxyData)}


def test_an_ssl_protocol_takes_bytes_that_were_read_before_it():
    wanted = {"connection_made", "get_buffer", "buffer_updated"}
    assert wanted <= set(dir(asyncio.sslproto.SSLProtocol))
