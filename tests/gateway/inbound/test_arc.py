"""ARC: what a forwarder that we trust found out before it changed the mail."""

import pytest

from gateway.inbound.resolver import TemporaryTrustFailure
from gateway.inbound.verdict import Rules
from gateway.settings import TrustSettings
from registry.letter.message import Listener, Means
from tests.gateway.inbound.court import DOMAIN, LETTER, Court, results
from tests.gateway.inbound.nameserver import NameServer
from tests.gateway.inbound.sealing import rsa_key, seal, sign

LIST, BOX = "lists.example", "mailbox.example"
PASS = f"dkim=pass header.d={DOMAIN}; dmarc=pass (p=REJECT) header.from={DOMAIN}"
KEYS = (LIST, BOX, "other.example")


@pytest.fixture
def court(tmp_path):
    records = {f"arc._domainkey.{name}": rsa_key().record for name in KEYS}
    records[f"_dmarc.{DOMAIN}"] = "v=DMARC1; p=reject"
    with NameServer(records) as dns:
        yield Court(tmp_path, dns)


def rules(*sealers: str) -> Rules:
    return Rules.of(TrustSettings(trusted_sealers=sealers), "gw.example")


def test_a_trusted_sealer_proves_what_it_saw_before_it_changed_the_mail(court):
    trust = court.judge(seal(LETTER, LIST, PASS), rules=rules(LIST))
    assert (trust.means, trust.domain) == (Means.ARC, DOMAIN)
    assert trust.detail == f"ARC: {LIST} says dkim=pass for {DOMAIN}"
    assert results(trust) == {"spf": "none", "arc": "pass", "dmarc": "fail"}


def test_it_does_so_behind_a_forwarder_and_for_collected_mail(court):
    sealed = seal(LETTER, LIST, PASS)
    assert court.judge(sealed, rules=rules(LIST), forwarder=True).means is Means.ARC
    collected = court.judge(sealed, rules=rules(LIST), listener=Listener.COLLECTOR)
    assert collected.means is Means.ARC


def test_a_sealer_that_we_do_not_trust_is_not_even_verified(court):
    trust = court.judge(seal(LETTER, LIST, PASS), rules=rules(BOX))
    assert (trust.means, results(trust)["arc"]) == (Means.NONE, "none")
    assert f"arc._domainkey.{LIST}" not in court.dns.asked


def test_a_chain_is_needed_only_where_nothing_else_proves_the_author(court):
    court.dns.records[f"s1._domainkey.{DOMAIN}"] = rsa_key().record
    trust = court.judge(seal(sign(LETTER, DOMAIN), LIST, PASS), rules=rules(LIST))
    assert trust.means is Means.DKIM
    assert "arc" not in results(trust)


@pytest.mark.parametrize(
    "said",
    [
        "none",
        "dkim=pass header.d=evil.example",
        f"dkim=fail header.d={DOMAIN}; dmarc=fail header.from={DOMAIN}",
        f"dkim=pass header.d=mail.{DOMAIN}; dmarc=fail header.from={DOMAIN}",
        f"spf=pass smtp.mailfrom=a@evil.example (dmarc=pass header.from={DOMAIN})",
        "arc=pass",
    ],
)
def test_a_sealer_that_saw_no_proof_proves_nothing(court, said):
    trust = court.judge(seal(LETTER, LIST, said), rules=rules(LIST))
    assert (trust.means, results(trust)["arc"]) == (Means.NONE, "pass")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Subject: ", b"Subject: Re: "),
        (b"<saraban@", b"<governor@"),
        (b"<1@phrae", b"<2@phrae"),
        (b"\r\n\r\n\xe0", b"\r\n\r\nx\xe0"),
        (b"p=REJECT", b"p=NONE"),
        (b"dkim=pass", b"dkim=Pass"),
        (b"ARC-Seal:", b"ARC-Seals:"),
        (b"cv=none", b"cv=pass"),
        (b"cv=none", b"cv=fail"),
        (b"mx.lists.example", b"mx.liste.example"),
    ],
)
def test_one_change_after_the_seal_breaks_the_chain(court, old, new):
    sealed = seal(LETTER, LIST, PASS)
    assert old in sealed
    assert court.judge(sealed.replace(old, new, 1), rules=rules(LIST)).means is Means.NONE


@pytest.mark.parametrize("left_out", [b"from", b"subject", b"message-id"])
def test_a_seal_that_leaves_open_what_people_read_proves_nothing(court, left_out):
    signed = [name for name in (b"from", b"subject", b"date", b"message-id") if name != left_out]
    trust = court.judge(seal(LETTER, LIST, PASS, signed=signed), rules=rules(LIST))
    assert trust.means is Means.NONE


def test_two_sealers_that_we_trust_pass_on_what_the_first_saw(court):
    chain = seal(seal(LETTER, LIST, PASS), BOX, "arc=pass; dkim=fail", cv="pass")
    assert court.judge(chain, rules=rules(LIST, BOX)).means is Means.ARC


def test_a_trusted_sealer_does_not_vouch_for_one_below_that_we_do_not_trust(court):
    chain = seal(seal(LETTER, "other.example", PASS), BOX, "arc=pass; dkim=fail", cv="pass")
    assert court.judge(chain, rules=rules(BOX)).means is Means.NONE


def test_a_stranger_cannot_put_a_seal_above_a_trusted_one(court):
    chain = seal(seal(LETTER, LIST, PASS), "other.example", PASS, cv="pass")
    assert court.judge(chain, rules=rules(LIST)).means is Means.NONE


def test_a_sealer_that_says_that_the_chain_was_broken_ends_it(court):
    chain = seal(seal(LETTER, LIST, PASS), BOX, "arc=fail", cv="pass")
    assert court.judge(chain, rules=rules(LIST, BOX)).means is Means.NONE


def test_a_missing_set_breaks_the_chain(court):
    chain = seal(seal(LETTER, LIST, PASS), BOX, f"arc=pass; {PASS}", cv="pass")
    assert court.judge(chain, rules=rules(LIST, BOX)).means is Means.ARC
    cut = chain.replace(b"ARC-Authentication-Results: i=1", b"X-Results: i=1")
    assert court.judge(cut, rules=rules(LIST, BOX)).means is Means.NONE


def test_a_revoked_key_breaks_the_chain(court):
    court.dns.records[f"arc._domainkey.{LIST}"] = "v=DKIM1; p="
    assert court.judge(seal(LETTER, LIST, PASS), rules=rules(LIST)).means is Means.NONE


def test_dead_dns_makes_a_sealed_letter_wait(court):
    court.dns.failing = {f"arc._domainkey.{LIST}"}
    with pytest.raises(TemporaryTrustFailure):
        court.judge(seal(LETTER, LIST, PASS), rules=rules(LIST))


@pytest.mark.parametrize("field", [b"i=51", b"i=0", b"i=99; d=lists.example", b"i=1", b"", b"i=x"])
def test_a_broken_seal_proves_nothing_and_stops_nothing(court, field):
    raw = b"ARC-Seal: " + field + b"; d=lists.example; b=!\r\n" + LETTER
    assert court.judge(raw, rules=rules(LIST)).means is Means.NONE


def test_a_thousand_seals_cost_no_more_than_a_look(court):
    seals = b"".join(b"ARC-Seal: i=%d; d=lists.example; b=AA\r\n" % n for n in range(900))
    assert court.judge(seals + LETTER, rules=rules(LIST)).means is Means.NONE
    assert f"arc._domainkey.{LIST}" not in court.dns.asked
