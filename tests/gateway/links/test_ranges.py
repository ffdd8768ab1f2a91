"""A broken download of an encrypted file goes on where it was: a range equals the slice."""

import asyncio
import os
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.links.files import send_content
from registry.blobs import BlobStore
from registry.letter.entry import EntryFile
from registry.secret.container import CHUNK, DATA, Damaged
from registry.secret.copies import encrypt
from registry.secret.keys import FileKeys

TEXT = os.urandom(3 * CHUNK + 777)
SIZE = len(TEXT)


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs", FileKeys(tmp_path / "keys"))


@pytest.fixture
def sha256(store: BlobStore) -> str:
    """A content that stands encrypted alone."""
    digest = store.put(TEXT)
    encrypt(store, digest)
    store.close_open(digest)
    return digest


class Client:
    """Asks an application in this process."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    def get(self, **headers: str) -> httpx.Response:
        """Ask for the file."""
        return asyncio.run(self._ask("GET", headers))

    def post(self, **headers: str) -> httpx.Response:
        """Ask by another method."""
        return asyncio.run(self._ask("POST", headers))

    def head(self, **headers: str) -> httpx.Response:
        """Ask what there is."""
        return asyncio.run(self._ask("HEAD", headers))

    async def _ask(self, method: str, headers: dict[str, str]) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self._app)) as client:
            return await client.request(method, "http://links.test/", headers=named)


@pytest.fixture
def client(store: BlobStore, sha256: str) -> Client:
    file = EntryFile(
        id=1, name="ก.pdf", bytes=SIZE, sha256=sha256, media_type="application/pdf", role="letter",
        split=False,
    )  # fmt: skip

    def give(request: Request) -> Response:
        return send_content(store, file, request)

    return Client(Starlette(routes=[Route("/", give, methods=["GET", "POST"])]))


PIECES = [
    ("bytes=0-0", slice(0, 1)),
    ("bytes=0-", slice(0, SIZE)),
    (f"bytes={CHUNK - 1}-{CHUNK}", slice(CHUNK - 1, CHUNK + 1)),
    (f"bytes={CHUNK}-{2 * CHUNK - 1}", slice(CHUNK, 2 * CHUNK)),
    (f"bytes=100-{3 * CHUNK + 5}", slice(100, 3 * CHUNK + 6)),
    (f"bytes={3 * CHUNK + 10}-", slice(3 * CHUNK + 10, SIZE)),
    ("bytes=-20", slice(SIZE - 20, SIZE)),
    (f"bytes=-{SIZE + 9}", slice(0, SIZE)),
    (f"Bytes = 5-{SIZE + 100}", slice(5, SIZE)),
]


@pytest.mark.parametrize(("asked", "where"), PIECES, ids=[one for one, _ in PIECES])
def test_a_range_of_an_encrypted_file_equals_the_slice(client, asked, where):
    got = client.get(Range=asked)
    wanted = TEXT[where]
    assert (got.status_code, got.content) == (206, wanted)
    assert got.headers["content-length"] == str(len(wanted))
    start, stop = where.start, where.start + len(wanted)
    assert got.headers["content-range"] == f"bytes {start}-{stop - 1}/{SIZE}"


@pytest.mark.parametrize(
    "asked", ["", "bytes=-", "bytes=5-4", "bytes=0-1,9-9", "lines=0-1", "bytes=a-b", "bytes=1"]
)
def test_what_says_no_single_range_gets_all_of_it(client, asked):
    got = client.get(**({"Range": asked} if asked else {}))
    assert (got.status_code, got.content) == (200, TEXT)
    assert got.headers["accept-ranges"] == "bytes"
    assert "content-range" not in got.headers


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE + 5}-{SIZE + 9}", "bytes=-0"])
def test_a_range_that_there_is_not_is_refused_with_the_length(client, asked):
    got = client.get(Range=asked)
    assert (got.status_code, got.content) == (416, b"")
    assert got.headers["content-range"] == f"bytes */{SIZE}"


def test_another_content_is_given_whole(client, sha256):
    for etag, status in ((f'"{sha256}"', 206), ('"another"', 200), (f'W/"{sha256}"', 200)):
        got = client.get(Range="bytes=7-", If_Range=etag)
        assert (got.status_code, got.content) == (status, TEXT[7:] if status == 206 else TEXT)


def test_only_a_get_is_answered_with_a_range(client):
    assert client.post(Range="bytes=1-2").status_code == 200


def test_a_chunk_beside_the_range_may_be_damaged_and_one_in_it_may_not(client, store, sha256):
    with store.secret.path(sha256).open("r+b") as file:
        file.seek(DATA + 3)
        file.write(b"\0\0\0\0")
    got = client.get(Range=f"bytes={2 * CHUNK}-{2 * CHUNK + 9}")
    assert got.content == TEXT[2 * CHUNK : 2 * CHUNK + 10]
    with pytest.raises(Damaged):
        client.get(Range="bytes=9-12")


def test_who_only_asks_what_there_is_has_nothing_decrypted(client, store, sha256, monkeypatch):
    monkeypatch.setattr(BlobStore, "open", lambda *_: pytest.fail("the content was opened"))
    answer = client.head()
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(SIZE)
