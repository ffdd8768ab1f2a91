"""The doctor at a real clamd: there, away, too small, or something else."""

import socket

import pytest

from tests.servers import clamd as clamd_server
from tests.servers import running


@pytest.fixture
def something_else():
    """A port on which another program listens and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_scanner_that_takes_what_we_show_it_is_well(found, monkeypatch, clamd):
    monkeypatch.setenv("SARABAN__SCAN__CLAMD", clamd.socket)
    monkeypatch.setenv("SARABAN__SCAN__MAX_BYTES", "100000")
    (one,) = found("scanner")
    assert one["state"] == "well"
    assert "ClamAV" in one["what"]


def test_a_scanner_whose_limit_is_below_ours_is_told(found, monkeypatch):
    small = clamd_server.start(most=3_000_000)
    monkeypatch.setenv("SARABAN__SCAN__CLAMD", small.address)
    monkeypatch.setenv("SARABAN__SCAN__MAX_BYTES", "9000000")
    (one,) = found("scanner")
    running.end(small.folder)
    assert one["state"] == "look"
    assert "StreamMaxLength" in one["todo"]


def test_a_scanner_that_is_away_is_wrong(found, monkeypatch, free_port):
    monkeypatch.setenv("SARABAN__SCAN__CLAMD", f"127.0.0.1:{free_port()}")
    assert [one["state"] for one in found("scanner", code=1)] == ["wrong"]


def test_something_else_at_its_address_is_wrong(found, monkeypatch, something_else):
    monkeypatch.setattr("saraban.doctor.scanner._SECONDS", 0.2)
    monkeypatch.setenv("SARABAN__SCAN__CLAMD", f"127.0.0.1:{something_else}")
    assert [one["state"] for one in found("scanner", code=1)] == ["wrong"]


def test_without_a_scanner_nothing_is_said(found):
    assert found("scanner") == []
