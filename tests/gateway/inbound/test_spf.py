"""SPF: whether a host may send for the domain of the envelope sender."""

import pytest

from gateway.inbound.envelope import Envelope
from gateway.inbound.inquiry import Inquiry
from gateway.inbound.spf import check_host
from registry.letter.message import Listener
from tests.gateway.inbound.mails import OFFICE_HOUR
from tests.gateway.inbound.nameserver import NameServer

HOST, OTHER = "192.0.2.10", "198.51.100.9"


@pytest.fixture
def dns():
    with NameServer({}) as server:
        yield server


@pytest.fixture
def check(dns):
    def check(record=None, peer=HOST, sender="saraban@phrae.go.th", helo="mx.phrae.go.th"):
        if record is not None:
            dns.records["phrae.go.th"] = record
        envelope = Envelope(Listener.MX, OFFICE_HOUR, peer=peer, helo=helo, mail_from=sender)
        return check_host(envelope, Inquiry(dns.resolver(2.0)), "gw.example")

    return check


@pytest.mark.parametrize(
    ("record", "result"),
    [
        ("v=spf1 ip4:192.0.2.0/24 -all", "pass"),
        ("v=spf1 a:mx.phrae.go.th -all", "pass"),
        ("v=spf1 mx -all", "pass"),
        ("v=spf1 include:_spf.phrae.go.th -all", "pass"),
        ("v=spf1 redirect=_spf.phrae.go.th", "pass"),
        ("v=spf1 exists:%{ir}.allowed.phrae.go.th -all", "pass"),
        ("v=spf1 ptr:phrae.go.th -all", "pass"),
        ("v=spf1 ip4:198.51.100.0/24 -all", "fail"),
        ("v=spf1 ip4:198.51.100.0/24 ~all", "softfail"),
        ("v=spf1 ip4:198.51.100.0/24 ?all", "neutral"),
        ("v=spf1 ip4:198.51.100.0/24", "neutral"),
        ("v=spf1 ip4:nonsense -all", "permerror"),
        ("v=spf1 moo -all", "permerror"),
        ("v=spf1 include:none.phrae.go.th -all", "permerror"),
        ("v=spf1 include:phrae.go.th -all", "permerror"),
        ("v=spf1 exp=why.phrae.go.th -all", "fail"),
        (["v=spf1 -all", "v=spf1 +all"], "permerror"),
        ("v=spf10 +all", "none"),
        ("something else", "none"),
        ("v=spf1 \xe9 -all", "permerror"),
    ],
)
def test_the_record_of_the_envelope_senders_domain_decides(check, dns, record, result):
    dns.records |= {
        "A mx.phrae.go.th": HOST,
        "MX phrae.go.th": "10 mx.phrae.go.th.",
        "_spf.phrae.go.th": "v=spf1 ip4:192.0.2.10 -all",
        "A 10.2.0.192.allowed.phrae.go.th": "127.0.0.2",
        "PTR 10.2.0.192.in-addr.arpa": "mx.phrae.go.th.",
        "why.phrae.go.th": "a long explanation of ours",
    }
    found = check(record)
    assert (found.method, found.result, found.domain) == ("spf", result, "phrae.go.th")
    assert "explanation" not in found.detail


def test_an_ipv6_client_is_judged_by_ip6_and_a_mapped_one_by_ip4(check):
    record = "v=spf1 ip6:2001:db8::/32 ip4:192.0.2.10 -all"
    assert check(record, peer="2001:db8::7").result == "pass"
    assert check(peer="2001:db9::7").result == "fail"
    assert check(peer="::ffff:192.0.2.10").result == "pass"


def test_ten_lookups_are_the_limit(check, dns):
    for number in range(12):
        dns.records[f"i{number}.phrae.go.th"] = f"v=spf1 include:i{number + 1}.phrae.go.th -all"
    dns.records["i12.phrae.go.th"] = "v=spf1 +all"
    assert check("v=spf1 include:i0.phrae.go.th -all").result == "permerror"
    assert check("v=spf1 include:i4.phrae.go.th -all").result == "pass"


def test_lookups_that_find_nothing_are_limited_to_two(check):
    record = "v=spf1 a:n1.phrae.go.th a:n2.phrae.go.th a:n3.phrae.go.th ip4:192.0.2.10 -all"
    assert check(record).result == "permerror"


def test_a_record_cannot_make_us_ask_without_end(check, dns):
    """Ten names of ten hosts each are within the RFC's limits; more hosts are not."""
    dns.records["MX phrae.go.th"] = [f"{n} h{n}.phrae.go.th." for n in range(11)]
    assert check("v=spf1 mx -all").result == "permerror"
    assert len(dns.asked) < 5


def test_the_null_sender_is_judged_by_its_helo(check, dns):
    dns.records["mx.phrae.go.th"] = "v=spf1 ip4:192.0.2.10 -all"
    found = check(sender="")
    assert (found.result, found.domain) == ("pass", "mx.phrae.go.th")


@pytest.mark.parametrize("helo", ["", "localhost", "[192.0.2.10]"])
def test_who_names_no_domain_has_no_record(check, dns, helo):
    assert check(sender="", helo=helo).result == "none"
    assert dns.asked == []


def test_a_thai_domain_is_asked_for_as_dns_has_it(check, dns):
    dns.records["xn--12c1bik6bbd8ab6hd1b5jc6jta.example"] = "v=spf1 ip4:192.0.2.10 -all"
    domain = b"xn--12c1bik6bbd8ab6hd1b5jc6jta".decode("idna")
    found = check(sender=f"ก@{domain}.example")
    assert (found.result, found.domain[:8]) == ("pass", "xn--12c1")


def test_dns_that_fails_is_temporary(check, dns):
    dns.broken = True
    assert check("v=spf1 -all").result == "temperror"
    dns.broken, dns.mute = False, True
    assert check().result == "temperror"


def test_a_dead_include_is_temporary_and_a_dead_explanation_is_nothing(check, dns):
    dns.failing = {"_spf.phrae.go.th"}
    assert check("v=spf1 include:_spf.phrae.go.th -all").result == "temperror"
    assert check("v=spf1 exp=_spf.phrae.go.th -all").result == "fail"


@pytest.mark.parametrize("peer", ["", "unix", "1.2.3"])
def test_a_client_without_address_proves_nothing(check, peer):
    assert check("v=spf1 +all", peer=peer).result in ("none", "permerror")
