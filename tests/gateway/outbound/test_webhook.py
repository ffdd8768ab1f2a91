"""An alert goes to a webhook: signed, over verified TLS, tried again, never redirected."""

import asyncio
import hashlib
import hmac
import json
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from gateway.settings import NotifySettings
from gateway.watchers import name_of
from registry.outbox import Kind
from tests.servers.certificates import make_certificate

SECRET = b"a secret of this office\n"


@dataclass
class Hook:
    """A web server of a chat room; ``says`` is its answer, ``heard`` the requests it got."""

    port: int = 0
    says: bytes = b"HTTP/1.1 204 No Content\r\n\r\n"
    heard: list[tuple[list[str], bytes]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        length = next(int(line[16:]) for line in head if line.startswith("Content-Length: "))
        self.heard.append((head, await reader.readexactly(length)))
        writer.write(self.says)
        await writer.drain()
        if self.says:
            await reader.read()  # the caller hangs up first, so that no socket is left half closed
        writer.transport.abort()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    """A plain web server on this machine."""
    made = Hook()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
    await server.wait_closed()


@pytest.fixture
def alert(office, tmp_path):
    """Write the job of an alert to this URL, and give its id."""
    secret = tmp_path / "hook.secret"
    secret.write_bytes(SECRET)

    def write(url, event="urgent", entry=None, letter=None, **keys):
        target = NotifySettings(webhook=url, secret_file=str(secret), **keys)
        office.configure(notify=(target,))
        facts = {"event": event, "entry": entry, "letter": letter}
        return office.job(Kind.WEBHOOK, name_of(url), facts=facts)

    return write


async def test_the_body_is_signed_and_names_the_letter(office, queue, hook, alert):
    letter, entry = office.receive()
    job = alert(f"http://127.0.0.1:{hook.port}/room?key=1", entry=entry, letter=letter)
    await queue.drain()
    assert office.get(job).state == "sent"
    [(head, body)] = hook.heard
    assert head[0] == "POST /room?key=1 HTTP/1.1"
    signature = hmac.new(SECRET.strip(), body, hashlib.sha256).hexdigest()
    assert f"X-Saraban-Signature: sha256={signature}" in head
    said = json.loads(body)
    assert (said["id"], said["event"], said["entity"]) == (job, "urgent", "phrae")
    assert (said["letter"], said["entry"]) == (letter, entry)
    assert said["subject"]


async def test_nothing_is_said_of_a_secret_letter(office, queue, hook, alert):
    letter, _ = office.receive(secrecy="ลับ")
    alert(f"http://127.0.0.1:{hook.port}/", event="secret", letter=letter)
    await queue.drain()
    said = json.loads(hook.heard[0][1])
    assert said["secret"] is True
    assert not said.keys() & {"subject", "from", "to", "letter_number"}


@pytest.mark.parametrize(
    ("says", "state"),
    [
        (b"HTTP/1.1 503 Busy\r\n\r\n", "queued"),
        (b"HTTP/1.1 429 Slow down\r\n\r\n", "queued"),
        (b"220 mail.example ESMTP\r\n", "queued"),
        (b"", "queued"),
        (b"HTTP/1.1 404 Not Found\r\n\r\n", "failed"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/else\r\n\r\n", "failed"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "sent"),
    ],
)
async def test_each_answer_has_its_consequence(office, queue, hook, alert, says, state):
    hook.says = says
    job = alert(f"http://127.0.0.1:{hook.port}/")
    await queue.drain()
    assert office.get(job).state == state
    assert len(hook.heard) == 1


async def test_a_webhook_that_is_set_no_more_ends_its_jobs(office, queue, hook, alert):
    job = alert(f"http://127.0.0.1:{hook.port}/")
    office.configure(notify=())
    await queue.drain()
    assert (office.get(job).state, hook.heard) == ("failed", [])


async def test_a_certificate_that_nobody_vouches_for_gets_no_alert(office, queue, alert, tmp_path):
    made, certificate = Hook(), make_certificate(tmp_path, "localhost")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate.file, certificate.key_file)
    async with await asyncio.start_server(made.serve, "127.0.0.1", 0, ssl=tls) as server:
        url = f"https://localhost:{server.sockets[0].getsockname()[1]}/"
        job = alert(url)
        await queue.drain()
        assert (office.get(job).state, made.heard) == ("queued", [])
        trusted = alert(url, ca_file=str(certificate.file))
        await queue.drain()
        assert office.get(trusted).state == "sent"


@pytest.mark.parametrize(
    "keys",
    [
        {"webhook": "http://hooks.example/x", "secret_file": "s"},
        {"webhook": "ftp://127.0.0.1/x", "secret_file": "s"},
        {"webhook": "https:///x", "secret_file": "s"},
        {"webhook": "https://hooks.example/x"},
        {"mail": "it@phrae.example", "events": ("urgend",)},
    ],
)
def test_settings_that_could_not_work_are_refused(keys):
    with pytest.raises(ValueError, match=r"webhook|events"):
        NotifySettings(**keys)
