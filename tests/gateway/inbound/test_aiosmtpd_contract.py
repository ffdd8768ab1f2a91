"""What the door takes of aiosmtpd: the reading of PROXY headers, and nothing else."""

import pytest
from aiosmtpd.proxy_protocol import get_proxy


class Bytes:
    """A stream as aiosmtpd wants one, of bytes that are there already."""

    def __init__(self, data):
        self.data = data

    async def read(self, count=-1):
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    readexactly = read

    async def readuntil(self, separator=b"\n"):
        return await self.read(self.data.index(separator) + 1)


async def test_a_header_is_read_and_nothing_behind_it():
    stream = Bytes(b"PROXY TCP4 192.0.2.7 198.51.100.1 40000 25\r\nEHLO x\r\n")
    header = await get_proxy(stream)
    assert str(header.src_addr) == "192.0.2.7"
    assert header
    assert stream.data == b"EHLO x\r\n"


@pytest.mark.parametrize("data", [b"EHLO client\r\n", b"PROXY\r\n", b"PROXY TCP4 x y 1 2\r\n"])
async def test_what_is_no_header_is_false(data):
    assert not await get_proxy(Bytes(data))
