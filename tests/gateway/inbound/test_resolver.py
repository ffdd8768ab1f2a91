"""Asking a name server, and what its silence means."""

import pytest

from gateway.inbound.resolver import TemporaryTrustFailure
from tests.gateway.inbound.nameserver import NameServer


@pytest.fixture
def server():
    records = {"a.example": "v=x; p=" + "k" * 500, "MX a.example": "10 Mail.a.example."}
    with NameServer(records) as running:
        yield running


def test_a_record_in_several_strings_is_one_text(server):
    assert server.resolver().txt("a.example") == [b"v=x; p=" + b"k" * 500]


@pytest.mark.parametrize("name", ["none.example", "a..b", "x" * 64 + ".example", "é.example."])
def test_a_name_that_does_not_exist_has_no_records(server, name):
    assert server.resolver().txt(name) == []


def test_an_answer_is_asked_for_once(server):
    resolver = server.resolver()
    for _ in range(3):
        resolver.txt("a.example")
    assert server.asked == ["a.example"]


def test_a_server_that_fails_is_a_temporary_failure(server):
    server.broken = True
    with pytest.raises(TemporaryTrustFailure):
        server.resolver().txt("a.example")


def test_a_server_that_is_silent_is_a_temporary_failure_and_the_wait_has_an_end(server):
    server.mute = True
    with pytest.raises(TemporaryTrustFailure):
        server.resolver(timeout=0.3).txt("a.example")


def test_a_server_that_is_not_there_is_a_temporary_failure(server):
    server.mute = True
    with pytest.raises(TemporaryTrustFailure) as caught:
        server.resolver(timeout=0.2).txt("a.example")
    assert caught.value.thai


def test_the_hosts_that_take_mail_for_a_domain_are_named(server):
    assert server.resolver().mail_hosts("a.example") == ["mail.a.example"]
    assert server.resolver().mail_hosts("none.example") == []
