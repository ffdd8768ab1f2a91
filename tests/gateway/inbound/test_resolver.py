"""Asking a name server, and what its silence means."""

import pytest

from gateway.inbound.inquiry import MOST_QUESTIONS, AskedTooMuch, Inquiry
from gateway.inbound.resolver import Resolver, TemporaryTrustFailure
from gateway.settings import TrustSettings
from registry.errors import OutOfOrder
from tests.gateway.inbound.nameserver import NameServer
from tests.servers.waiting import wait_until


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


def test_an_answer_too_long_for_udp_is_asked_for_by_tcp(server):
    server.short = True
    assert server.resolver().txt("a.example") == [b"v=x; p=" + b"k" * 500]


def test_garbage_is_a_temporary_failure(server):
    server.garbage = True
    with pytest.raises(TemporaryTrustFailure):
        server.resolver(timeout=0.3).txt("a.example")


def test_a_question_that_nobody_answered_is_not_put_again_for_a_while(server):
    """Else a batch of letters from one dead domain would wait for each of them."""
    server.dead.add("a.example")
    resolver = server.resolver(timeout=0.2, silence=60)
    with pytest.raises(TemporaryTrustFailure):
        resolver.txt("a.example")
    asked = _asked(server)
    server.dead.clear()
    for _ in range(3):
        with pytest.raises(TemporaryTrustFailure):
            resolver.txt("a.example")
    assert _asked(server) == asked


def test_a_name_exists_if_it_or_one_below_it_has_records(server):
    resolver = server.resolver()
    assert resolver.exists("a.example")
    assert resolver.exists("example")
    assert not resolver.exists("none.example")


@pytest.mark.parametrize("name", ["a\\b.example", "\\999.example", "\x00.example"])
def test_a_name_that_strangers_made_up_has_no_records(server, name):
    assert server.resolver().txt(name) == []


def test_a_server_is_named_with_or_without_port(server):
    named = Resolver([f"127.0.0.1:{server.port}"])
    assert named.mail_hosts("a.example") == ["mail.a.example"]
    assert Resolver(["127.0.0.1"], port=server.port).exists("a.example")
    assert Resolver.of(TrustSettings(nameservers=("2001:db8::1", "[2001:db8::1]:53"))).timeout == 5


@pytest.mark.parametrize("text", ["", "dns.example", "127.0.0.1:x", "[::1", "1.2.3.4.5"])
def test_what_is_no_server_stops_the_process_with_its_name(text):
    with pytest.raises(OutOfOrder, match="name server"):
        Resolver([text])


def test_one_letter_may_put_a_bounded_number_of_questions(server):
    inquiry = Inquiry(server.resolver())
    for number in range(MOST_QUESTIONS):
        assert inquiry.txt(f"n{number}.example") == []
    with pytest.raises(AskedTooMuch):
        inquiry.txt("one-more.example")
    assert inquiry.txt("n1.example") == []


def test_one_letter_may_take_a_bounded_time(server):
    server.mute = True
    inquiry = Inquiry(server.resolver(timeout=0.05))
    for number in range(20):
        with pytest.raises(TemporaryTrustFailure):
            inquiry.txt(f"n{number}.example")
    wait_until(lambda: "n0.example" in server.asked, "the server has come to it")
    assert "n19.example" not in server.asked


def _asked(server):
    """Count the questions for one name; what came before the last answer has been counted."""
    server.resolver().txt("last.example")
    return server.asked.count("a.example")
