"""What a scanner says, and what becomes of a letter when it says nothing of use."""

import base64
import contextlib
import io
import socket
import threading
import zipfile

import pytest

from gateway.inbound.clamd import Verdict, scan_file
from gateway.settings import ScanSettings
from tests.servers.clamd import EICAR, NAME

FOUND = Verdict("infected", f"{NAME}.UNOFFICIAL")
PLAIN = b"From: a@dla.example\r\nSubject: x\r\n\r\nhello\r\n"
PART = (
    b"From: a@dla.example\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n"
)


def zipped(content=EICAR, password=False):
    """A zip of one file; the flag for "encrypted" is set by hand where it is wanted."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.com", content)
    data = bytearray(made.getvalue())
    if password:
        data[6] |= 1
        data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@contextlib.contextmanager
def peer(behave):
    """A scanner on a free port that behaves as told with each connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection, contextlib.suppress(OSError):
                        behave(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(30)


def swallow(connection):
    """Read what an INSTREAM sends, to its end."""
    file = connection.makefile("rb")
    assert file.read(10) == b"zINSTREAM\0"
    total = 0
    while length := int.from_bytes(file.read(4), "big"):
        total += len(file.read(length))
    return total


def answers(answer):
    def behave(connection):
        swallow(connection)
        connection.sendall(answer)

    return behave


@pytest.fixture
def scan(clamd, tmp_path):
    """Have these bytes scanned, by the real one unless told otherwise."""

    def scan_it(content, clamd=clamd.address, **settings):
        path = tmp_path / "letter.eml"
        path.write_bytes(content)
        return scan_file(path, ScanSettings(clamd=clamd, **settings))

    return scan_it


@pytest.mark.parametrize(
    "content",
    [
        PLAIN + EICAR,
        PART + base64.encodebytes(EICAR),
        PART + base64.encodebytes(zipped()),
        PART + base64.encodebytes(zipped(zipped())),
    ],
    ids=["plain", "base64", "zip", "zip in zip"],
)
def test_a_virus_is_found_however_it_is_wrapped(scan, content):
    assert scan(content) == FOUND


def test_a_clean_letter_is_clean_over_a_socket_file_too(scan, clamd):
    assert scan(PLAIN) == scan(PLAIN, clamd.socket) == Verdict("clean")


def test_what_is_locked_by_a_password_is_not_scanned_rather_than_infected(scan):
    content = PART + base64.encodebytes(zipped(b"hello", password=True))
    assert scan(content) == Verdict("not_scanned", "final: Heuristics.Encrypted.Zip")


def test_without_a_scanner_nothing_is_said(scan):
    assert scan(PLAIN, "") == Verdict()


def test_a_letter_larger_than_is_shown_to_it_is_not_scanned(scan):
    assert scan(PLAIN, max_bytes=10) == Verdict("not_scanned", "final: too big for the scanner")


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (b"stream: OK\0", Verdict("clean")),
        (b"stream: OK", Verdict("clean")),
        (b"stream: X FOUND\0", Verdict("infected", "X")),
        (b"OK\0", Verdict("clean")),
        (b"", Verdict("not_scanned", "the scanner answered: nothing")),
        (b"X FOUND\0", Verdict("not_scanned", "the scanner answered: X FOUND")),
        (b"stream: NOT OK\0", Verdict("not_scanned", "the scanner answered: NOT OK")),
        (b"\xff\x00", Verdict("not_scanned", "the scanner answered: \N{REPLACEMENT CHARACTER}")),
        (b"UNKNOWN COMMAND\0", Verdict("not_scanned", "the scanner answered: UNKNOWN COMMAND")),
        (b"INSTREAM: Can't write\r\n ERROR\0",
         Verdict("not_scanned", "the scanner answered: INSTREAM: Can't write?? ERROR")),
        (b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0",
         Verdict("not_scanned", "final: Heuristics.Limits.Exceeded.MaxFileSize")),
    ],
)  # fmt: skip
def test_only_its_own_words_make_a_letter_clean_or_infected(scan, answer, verdict):
    with peer(answers(answer)) as address:
        assert scan(PLAIN, address) == verdict


def test_an_endless_answer_is_not_read_for_ever(scan):
    def babble(connection):
        swallow(connection)
        while True:
            connection.sendall(b"x" * 65536)

    with peer(babble) as address:
        verdict = scan(PLAIN, address, timeout=30.0)
    assert verdict.scan == "not_scanned"
    assert len(verdict.detail) < 300


def test_its_word_is_heard_although_it_hangs_up_in_the_middle_of_the_letter(scan):
    def refuse(connection):
        connection.recv(10)
        connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")

    with peer(refuse) as address:
        verdict = scan(b"x" * 5_000_000, address)
    assert verdict.scan == "not_scanned"


def test_a_scanner_that_is_dead_leaves_the_letter_not_scanned_at_once(scan, free_port):
    verdict = scan(PLAIN, f"127.0.0.1:{free_port()}")
    assert verdict == Verdict("not_scanned", "the scanner is away: ConnectionRefusedError")


def test_a_socket_file_that_is_not_there_leaves_the_letter_not_scanned(scan, tmp_path):
    assert scan(PLAIN, f"unix:{tmp_path / 'none'}").scan == "not_scanned"


@pytest.mark.parametrize("reads", [True, False], ids=["after the letter", "reading nothing"])
def test_a_scanner_that_hangs_is_left_after_the_time_set(scan, reads):
    end = threading.Event()

    def hang(connection):
        if reads:
            swallow(connection)
        end.wait(30)

    with peer(hang) as address:
        verdict = scan(b"x" * 20_000_000, address, timeout=0.3)
        end.set()
    assert verdict == Verdict("not_scanned", "no answer within 0.3 s")


def test_a_slow_scanner_is_waited_for(scan):
    def slow(connection):
        swallow(connection)
        for octet in b"stream: OK\0":
            connection.sendall(bytes([octet]))

    with peer(slow) as address:
        assert scan(PLAIN, address) == Verdict("clean")
