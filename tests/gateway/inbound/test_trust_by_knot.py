"""Senders judged with records that a real name server answers: Knot DNS, with signed test mails."""

from collections.abc import Iterator

import pytest

from gateway.inbound.inquiry import Inquiry
from gateway.inbound.resolver import Resolver, TemporaryTrustFailure
from gateway.inbound.verdict import Rules
from gateway.settings import TrustSettings
from registry.letter.message import Means
from tests.gateway.inbound.court import DOMAIN, HOST, LETTER, Court, results
from tests.gateway.inbound.sealing import Ed25519Key, rsa_key, seal, sign, sign_ed25519
from tests.servers import knot, running

ED25519 = Ed25519Key()
LONG = "x" * 250


def txt(name: str, text: str) -> str:
    """Write a TXT record, in strings of 200 characters."""
    return (
        f"{name} TXT " + " ".join(f'"{text[n : n + 200]}"' for n in range(0, len(text), 200)) + "\n"
    )


GO_TH = (
    txt("_dmarc", "v=DMARC1; p=none; sp=none; np=reject; psd=y")
    + txt("phrae", "v=spf1 include:_spf.phrae.go.th ~all")
    + txt("_spf.phrae", "v=spf1 mx:phrae.go.th a:out.phrae.go.th/28 -all")
    + f"phrae MX 10 mx.phrae\nmx.phrae A {HOST}\nmx.phrae AAAA 2001:db8::25\n"
    + "out.phrae A 198.51.100.1\n"
    + txt("s1._domainkey.phrae", rsa_key().record)
    + txt("ed._domainkey.phrae", ED25519.record)
    + txt("s1._domainkey.mail.phrae", rsa_key().record)
    + txt("s1._domainkey.nan", rsa_key().record)
    + txt("_dmarc.strict", "v=DMARC1; p=reject; adkim=s; aspf=s")
    + txt("strict", "v=spf1 ip4:203.0.113.0/24 -all")
    + txt("s1._domainkey.mail.strict", rsa_key().record)
    + txt("loop", "v=spf1 include:loop.go.th -all")
    + "alias CNAME phrae\n"
    + "".join(txt("big", f"{n} {LONG}") for n in range(20))
    + txt("big", "v=spf1 ip4:192.0.2.10 -all")
)
LISTS = txt("arc._domainkey", rsa_key().record)


@pytest.fixture(scope="module")
def server() -> Iterator[knot.Knot]:
    running_server = knot.start({"go.th": GO_TH, "lists.example": LISTS})
    yield running_server
    running.end(running_server.folder)


@pytest.fixture
def resolver(server):
    return Resolver.of(TrustSettings(nameservers=(f"{server.host}:{server.port}",), timeout=3))


@pytest.fixture
def court(tmp_path, server):
    return Court(tmp_path, server)


def test_a_host_behind_an_include_and_an_mx_is_allowed(court):
    trust = court.judge()
    assert (trust.means, results(trust)) == (Means.SPF, {"spf": "pass", "dmarc": "pass"})
    assert court.judge(peer="2001:db8::25").means is Means.SPF
    assert court.judge(peer="198.51.100.14").means is Means.SPF


def test_another_host_is_not(court):
    trust = court.judge(peer="198.51.100.200")
    assert (trust.means, results(trust)["spf"]) == (Means.NONE, "softfail")


def test_both_kinds_of_signatures_are_verified_with_published_keys(court):
    both = sign_ed25519(sign(LETTER, DOMAIN), DOMAIN, ED25519)
    trust = court.judge(both, peer="198.51.100.200")
    assert [check.result for check in trust.checks if check.method == "dkim"] == ["pass", "pass"]
    assert trust.means is Means.DKIM


def test_the_public_suffix_says_that_agencies_begin_below_it(court):
    below = court.judge(sign(LETTER, f"mail.{DOMAIN}"), forwarder=True)
    assert (below.means, below.domain) == (Means.DKIM, f"mail.{DOMAIN}")
    assert not court.judge(sign(LETTER, "nan.go.th"), forwarder=True).authenticated


def test_a_name_that_nobody_has_is_refused_by_the_public_suffix(court):
    ghost = LETTER.replace(b"saraban@phrae", b"saraban@ghost", 1)
    trust = court.judge(ghost, mail_from="saraban@ghost.go.th")
    assert results(trust)["dmarc"] == "fail"
    assert trust.detail == "DMARC: ghost.go.th asks that it be refused (p=reject at go.th)"


def test_a_strict_reject_counts_the_very_domain_only(court):
    letter = LETTER.replace(b"saraban@phrae", b"saraban@strict", 1)
    signed = sign(letter, "mail.strict.go.th")
    trust = court.judge(signed, mail_from="saraban@strict.go.th")
    assert (trust.means, trust.detail[:6]) == (Means.NONE, "DMARC:")
    ours = court.judge(signed, mail_from="saraban@strict.go.th", peer="203.0.113.5")
    assert ours.means is Means.SPF


def test_a_record_that_includes_itself_is_an_error_of_its_owner(court):
    loop = LETTER.replace(b"saraban@phrae", b"saraban@loop", 1)
    assert results(court.judge(loop, mail_from="x@loop.go.th"))["spf"] == "permerror"


def test_a_chain_of_a_trusted_sealer_is_verified_with_its_published_key(court):
    rules = Rules("gw.example", frozenset({"lists.example"}))
    sealed = seal(LETTER, "lists.example", f"dmarc=pass header.from={DOMAIN}")
    assert court.judge(sealed, rules=rules, forwarder=True).means is Means.ARC
    changed = sealed.replace(b"Subject: ", b"Subject: [list] ")
    assert court.judge(changed, rules=rules, forwarder=True).means is Means.NONE


def test_an_answer_too_long_for_udp_comes_by_tcp(court, resolver):
    big = LETTER.replace(b"saraban@phrae", b"saraban@big", 1)
    assert len(resolver.txt("big.go.th")) == 21
    assert court.judge(big, mail_from="saraban@big.go.th").means is Means.SPF


def test_an_alias_is_followed_and_a_missing_name_is_an_answer(resolver):
    inquiry = Inquiry(resolver)
    assert inquiry.txt("alias.go.th") == inquiry.txt("phrae.go.th") != []
    assert inquiry.txt("none.go.th") == []
    assert resolver.exists("mail.phrae.go.th")
    assert not resolver.exists("none.go.th")


def test_a_name_of_a_zone_that_the_server_has_not_is_a_temporary_failure(resolver):
    with pytest.raises(TemporaryTrustFailure):
        resolver.txt("elsewhere.example")


def test_an_answer_is_kept_until_it_ends_also_when_the_zone_changes(server, resolver):
    before = resolver.txt("phrae.go.th")
    server.load("go.th", txt("phrae", "v=spf1 -all"))
    try:
        assert resolver.txt("phrae.go.th") == before
        assert server.resolver().txt("phrae.go.th") == [b"v=spf1 -all"]
    finally:
        server.load("go.th", GO_TH)
