"""What the checks of one mail come to: proven or not, and the evidence that is kept."""

import pytest

from gateway.inbound.resolver import TemporaryTrustFailure
from registry.letter.message import Check, Listener, Means
from tests.gateway.inbound.court import DOMAIN, LETTER, Court, results
from tests.gateway.inbound.nameserver import NameServer
from tests.gateway.inbound.sealing import SIGNED, Ed25519Key, rsa_key, sign, sign_ed25519

SPF = "v=spf1 ip4:192.0.2.10 -all"
REJECT = "v=DMARC1; p=reject"
KEY_NAME = f"s1._domainkey.{DOMAIN}"


@pytest.fixture
def court(tmp_path):
    with NameServer({KEY_NAME: rsa_key().record}) as dns:
        yield Court(tmp_path, dns)


def test_a_host_that_the_domain_allows_proves_it_without_a_signature(court):
    court.dns.records[DOMAIN] = SPF
    trust = court.judge()
    assert (trust.means, trust.domain) == (Means.SPF, DOMAIN)
    assert results(trust) == {"spf": "pass", "dmarc": "none"}


def test_spf_of_a_domain_below_proves_the_author_too(court):
    court.dns.records[f"mail.{DOMAIN}"] = SPF
    trust = court.judge(mail_from=f"bounce@mail.{DOMAIN}")
    assert (trust.means, trust.domain) == (Means.SPF, f"mail.{DOMAIN}")


@pytest.mark.parametrize("record", ["v=spf1 -all", "v=spf1 ~all", "v=spf1 ?all", "v=spf1 moo"])
def test_what_is_no_pass_proves_nothing(court, record):
    court.dns.records[DOMAIN] = record
    assert court.judge().means is Means.NONE


def test_spf_of_a_stranger_proves_nothing_of_the_author(court):
    court.dns.records["evil.example"] = SPF
    trust = court.judge(mail_from="x@evil.example")
    assert trust.means is Means.NONE
    assert Check("spf", "pass", "evil.example", "192.0.2.10 by ip4:192.0.2.10") in trust.checks


def test_behind_a_forwarder_and_in_a_mailbox_spf_is_not_asked(court):
    court.dns.records[DOMAIN] = SPF
    for facts in ({"forwarder": True}, {"listener": Listener.COLLECTOR}):
        trust = court.judge(**facts)
        assert trust.means is Means.NONE
        assert "spf" not in results(trust)


@pytest.mark.parametrize(
    "facts",
    [{"trusted_network": True}, {"signed_in": "somsri@phrae.go.th"}],
)
def test_what_the_door_proves_costs_no_question(court, facts):
    assert court.judge(sign(LETTER, DOMAIN), **facts).authenticated
    assert court.dns.asked == []


def test_a_signature_and_the_host_are_both_kept_as_evidence(court):
    court.dns.records |= {DOMAIN: SPF, f"_dmarc.{DOMAIN}": REJECT}
    trust = court.judge(sign(LETTER, DOMAIN))
    assert trust.means is Means.DKIM
    assert results(trust) == {"dkim": "pass", "spf": "pass", "dmarc": "pass"}
    assert trust.as_dict()["checks"][0] == {
        "method": "dkim", "result": "pass", "domain": DOMAIN, "detail": "s=s1",
    }  # fmt: skip


def test_a_published_reject_is_told_and_nothing_is_proven(court):
    court.dns.records |= {DOMAIN: "v=spf1 -all", f"_dmarc.{DOMAIN}": REJECT}
    trust = court.judge()
    assert trust.means is Means.NONE
    assert Check("dmarc", "fail", DOMAIN, f"p=reject at {DOMAIN}") in trust.checks
    assert trust.detail.startswith("DMARC: phrae.go.th asks that it be refused")


def test_a_strict_policy_takes_away_what_a_domain_below_proved(court):
    court.dns.records |= {
        f"s1._domainkey.mail.{DOMAIN}": rsa_key().record,
        f"_dmarc.{DOMAIN}": f"{REJECT}; adkim=s",
    }
    assert not court.judge(sign(LETTER, f"mail.{DOMAIN}")).authenticated
    court.dns.records[f"_dmarc.{DOMAIN}"] = REJECT
    assert court.judge(sign(LETTER, f"mail.{DOMAIN}")).authenticated


def test_a_neighbour_below_one_organisation_counts_only_where_it_publishes(court):
    letter = sign(LETTER.replace(b"@phrae.go.th>\r\nTo", b"@a.phrae.go.th>\r\nTo"), f"b.{DOMAIN}")
    court.dns.records[f"s1._domainkey.b.{DOMAIN}"] = rsa_key().record
    assert not court.judge(letter).authenticated
    court.dns.records[f"_dmarc.{DOMAIN}"] = "v=DMARC1; p=none"
    trust = court.judge(letter)
    assert (trust.means, trust.domain) == (Means.DKIM, f"b.{DOMAIN}")


def test_an_ed25519_signature_proves_the_domain(court):
    key = Ed25519Key()
    court.dns.records[f"ed._domainkey.{DOMAIN}"] = key.record
    signed = sign_ed25519(LETTER, DOMAIN, key)
    assert court.judge(signed).means is Means.DKIM
    changed = court.judge(signed.replace(b"Fri, 03", b"Sat, 04"))
    assert (changed.means, changed.detail) == (
        Means.NONE, "DKIM: the header was changed, or the key is another",
    )  # fmt: skip


def test_the_example_of_rfc_8463_holds(court):
    """Appendix A.3; the mail was signed by others, with a published key."""
    court.dns.records["brisbane._domainkey.football.example.com"] = (
        "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    )
    mail = (
        "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
        " d=football.example.com; i=@football.example.com;\r\n"
        " q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"
        " subject : date : message-id : from : subject : date;\r\n"
        " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
        " b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n"
        " Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n"
        "From: Joe SixPack <joe@football.example.com>\r\n"
        "To: Suzie Q <suzie@shopping.example.net>\r\n"
        "Subject: Is dinner ready?\r\n"
        "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
        "Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"
        "\r\nHi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"
    )
    assert court.judge(mail.encode()).domain == "football.example.com"


@pytest.mark.parametrize(
    "record",
    [
        "v=DKIM1; k=ed25519; p=AAAA", "v=DKIM1; k=ed25519; p=!", "v=DKIM1; k=ed25519; p=",
        "v=DKIM1; k=rsa; p=AAAA",
    ],
)  # fmt: skip
def test_an_ed25519_key_that_is_none_proves_nothing(court, record):
    court.dns.records[f"ed._domainkey.{DOMAIN}"] = record
    assert not court.judge(sign_ed25519(LETTER, DOMAIN, Ed25519Key())).authenticated


def test_a_key_of_one_kind_does_not_verify_a_signature_of_the_other(court):
    court.dns.records[KEY_NAME] = Ed25519Key().record
    assert court.judge(sign(LETTER, DOMAIN)).detail == "DKIM: the key is of another kind"


def test_every_signature_is_listed_the_aligned_first_and_five_at_most(court):
    raw = LETTER
    for number in range(7):
        raw = sign(raw, f"list{number}.example")
    trust = court.judge(b"".join([sign(LETTER, DOMAIN).partition(b"From:")[0], raw]))
    dkim = [check for check in trust.checks if check.method == "dkim"]
    assert trust.means is Means.DKIM
    assert [check.domain for check in dkim][:1] == [DOMAIN]
    assert [check.result for check in dkim] == ["pass", *["permerror"] * 4]


def test_without_a_message_id_the_date_must_be_signed(court):
    """Else one letter could be handed in for ever under new dates, a number each time."""
    bare = LETTER.replace(b"Message-ID: <1@phrae.go.th>\r\n", b"")
    fields = [name for name in SIGNED if name != b"message-id"]
    assert court.judge(sign(bare, DOMAIN, fields=fields)).authenticated
    trust = court.judge(sign(bare, DOMAIN, fields=[b"from", b"subject"]))
    assert trust.detail == "DKIM: date is not signed"


def test_results_that_a_stranger_writes_in_our_name_are_ignored_and_told(court):
    forged = b"Authentication-Results: GW.example 1; dmarc=pass header.from=phrae.go.th\r\n"
    trust = court.judge(forged + LETTER)
    assert trust.means is Means.NONE
    assert "forged in our name" in trust.detail
    assert "forged" not in court.judge(forged.replace(b"GW.", b"mx.") + LETTER).detail


def test_dead_dns_makes_a_letter_wait_only_where_it_could_have_proven_something(court):
    court.dns.failing = {"evil.example", "s1._domainkey.evil.example"}
    trust = court.judge(sign(LETTER, "evil.example"), mail_from="x@evil.example")
    assert results(trust) == {"dkim": "temperror", "spf": "temperror", "dmarc": "none"}
    court.dns.failing = {DOMAIN}
    with pytest.raises(TemporaryTrustFailure):
        court.judge()


def test_the_very_domain_is_proven_though_its_policy_cannot_be_read(court):
    court.dns.failing = {f"_dmarc.{DOMAIN}"}
    trust = court.judge(sign(LETTER, DOMAIN))
    assert trust.means is Means.DKIM
    assert results(trust)["dmarc"] == "temperror"


def test_a_domain_below_waits_for_the_policy(court):
    court.dns.records[f"s1._domainkey.mail.{DOMAIN}"] = rsa_key().record
    court.dns.failing = {f"_dmarc.{DOMAIN}"}
    with pytest.raises(TemporaryTrustFailure):
        court.judge(sign(LETTER, f"mail.{DOMAIN}"))


def test_a_letter_that_waited_for_dns_is_proven_when_it_answers(court):
    court.dns.records[DOMAIN] = SPF
    court.dns.mute = True
    with pytest.raises(TemporaryTrustFailure):
        court.judge(timeout=0.2)
    court.dns.mute = False
    assert court.judge().means is Means.SPF


def test_a_thai_author_is_proven_by_its_name_in_dns(court):
    court.dns.records["xn--12c1bik6bbd8ab6hd1b5jc6jta.example"] = SPF
    domain = b"xn--12c1bik6bbd8ab6hd1b5jc6jta".decode("idna") + ".example"
    letter = LETTER.replace(b"saraban@phrae.go.th>", f"saraban@{domain}>".encode(), 1)
    assert court.judge(letter, mail_from=f"saraban@{domain}").means is Means.SPF


@pytest.mark.parametrize("domain", [b"e\x00vil.example", b"\xe0\xb8\x81\x1b[2J", b"d" * 9000])
def test_what_strangers_write_into_the_evidence_is_fit_for_the_books(court, domain):
    """PostgreSQL takes no NUL, and an officer's terminal no escape."""
    field = b"DKIM-Signature: v=1; a=rsa-sha256; d=" + domain + b"; s=x; h=from; bh=AA; b=AA\r\n"
    court.dns.records[DOMAIN] = "v=spf1 \x07a:\x1b[2J -all"
    trust = court.judge(field + LETTER)
    said = [trust.detail, *(text for one in trust.checks for text in (one.domain, one.detail))]
    assert all(text.isprintable() and len(text) <= 300 for text in said)
    assert results(trust)["spf"] == "permerror"
