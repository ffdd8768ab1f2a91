"""What is read of a form, and of whom: little of a guest, files only within a session."""

import socket
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from saraban.web import taking
from tests.saraban.office import OFFICER
from tests.saraban.web.desk import token_of

BLOCK = b"x" * 1_000_000
BOUNDARY = "limit"


def open_files() -> list[str]:
    """Name the files without a name that this process holds open."""
    found = []
    for one in Path("/proc/self/fd").iterdir():
        try:
            name = str(one.readlink())
        except OSError:
            continue
        if name.endswith("(deleted)"):
            found.append(name)
    return found


def begin(desk, path, *, cookie="", token="", length=800_000_000):
    """Begin a form with one large file, by hand; give the line with some of it sent."""
    where = urlsplit(desk.url)
    line = socket.create_connection((where.hostname, where.port), timeout=120)
    fields = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="_token"\r\n\r\n{token}\r\n'
    head = f"POST {path} HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Length: {length}\r\n"
    head += f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
    head += f"Cookie: {cookie}\r\nOrigin: {desk.url}\r\n\r\n" if cookie else "\r\n"
    part = 'Content-Disposition: form-data; name="letter_files"; filename="a.pdf"\r\n\r\n'
    line.sendall(f"{head}{fields}--{BOUNDARY}\r\n{part}".encode())
    return line


def status_of(line) -> int:
    with line:
        return int(line.recv(100).split()[1])


def test_a_stranger_lays_no_file_down(desk):
    before = len(open_files())
    line = begin(desk, "/signin")
    line.sendall(BLOCK * 3)
    assert status_of(line) == 403
    assert len(open_files()) == before


def test_nor_does_somebody_signed_in_without_the_token_of_a_page(desk):
    line = begin(desk, "/counter", cookie=f"saraban={desk.session_of(OFFICER)}")
    line.sendall(BLOCK)
    assert status_of(line) == 403


def test_a_strangers_form_is_short(desk):
    answer = desk.browser().post(
        "/signin", data={"email": "a" * 100_000}, headers={"Origin": desk.url}
    )
    assert answer.status_code == 413
    assert "ใหญ่เกินกว่าที่รับได้" in answer.text


@pytest.fixture
def session(desk):
    """The cookie of somebody who is signed in, and a token of a page of theirs."""
    client = desk.signed_in()
    token = token_of(client.get("/account").text)
    return {"cookie": f"saraban={client.cookies['saraban']}", "token": token}


def test_no_form_is_larger_than_the_largest_file_with_some_fields(desk, session):
    assert status_of(begin(desk, "/counter", length=5_000_000_000, **session)) == 413


def test_no_form_takes_the_reserve_of_the_disk(desk, session):
    gateway = desk.runtime.gateway
    desk.runtime.gateway = replace(gateway, smtp=replace(gateway.smtp, min_free_bytes=10**18))
    assert status_of(begin(desk, "/counter", **session)) == 503


def test_a_line_that_says_nothing_more_is_told_so(desk, session, monkeypatch):
    monkeypatch.setattr(taking, "_SILENCE", 0.2)
    line = begin(desk, "/counter", **session)
    with line:
        answer = line.makefile("rb").readline()
    assert b"408" in answer


def test_a_line_may_be_slow_as_long_as_it_speaks(desk, session, monkeypatch):
    monkeypatch.setattr(taking, "_SILENCE", 5.0)
    end = f"\r\n--{BOUNDARY}--\r\n".encode()
    first = 'Content-Disposition: form-data; name="letter_files"; filename="a.pdf"\r\n\r\n'
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="_token"\r\n\r\n'
    size = len(head) + len(session["token"]) + len(f"\r\n--{BOUNDARY}\r\n{first}") + len(end) + 50
    line = begin(desk, "/counter", length=size, **session)
    for _ in range(50):
        line.sendall(b"x")
    line.sendall(end)
    assert status_of(line) == 404  # it was read to its end: it names no tray
