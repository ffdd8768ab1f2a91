"""Who sent it: proven, or not."""

import base64

import dkim
import pytest

from gateway.inbound.authenticate import TemporaryTrustFailure, authenticate
from registry.letter.entity import LegalEntity
from registry.letter.message import Listener, Means
from tests.gateway.inbound.mails import Reader, crlf, multipart, part
from tests.gateway.inbound.nameserver import NameServer
from tests.gateway.inbound.sealing import rsa_key

SELECTOR, DOMAIN = "s1", "phrae.go.th"
KEY_NAME = f"{SELECTOR}._domainkey.{DOMAIN}"
HEAD = crlf(
    f"From: สารบรรณ <saraban@{DOMAIN}>\nTo: saraban@dla.go.th\nSubject: ขอส่งคู่มือ\n"
    "Date: Fri, 03 Oct 2025 10:00:00 +0700\nMessage-ID: <1@phrae.go.th>\nMIME-Version: 1.0\n"
)
LETTER = HEAD + crlf("Content-Type: text/plain; charset=utf-8\n\nเรียน  อธิบดี \n\nด้วย\n\n\n")
FIELDS = [b"from", b"to", b"subject", b"date", b"message-id"]
OWN = [
    LegalEntity(
        id=1,
        code="phrae",
        name="จังหวัดแพร่",
        central_address=f"saraban@{DOMAIN}",
        domains=(DOMAIN,),
        letter_code="พร 0023",
        hosted=True,
        max_message_bytes=None,
        knows_tags=True,
        separate_circulars=False,
    )
]


@pytest.fixture(scope="module")
def key():
    return rsa_key().pem, rsa_key().record


@pytest.fixture
def dns(key):
    with NameServer({KEY_NAME: key[1], f"{SELECTOR}._domainkey.evil.example": key[1]}) as server:
        yield server


def signed(raw, key, domain=DOMAIN, canon=(b"relaxed", b"relaxed"), **options):
    options.setdefault("include_headers", FIELDS)
    field = dkim.sign(
        raw, SELECTOR.encode(), domain.encode(), key[0], canonicalize=canon, **options
    )
    return field + raw


@pytest.fixture
def judge(tmp_path, dns):
    reader = Reader(tmp_path)

    def judge(raw, timeout=5.0, **envelope):
        spooled = reader.spool(raw, **envelope)
        message = reader.read(raw, **envelope)
        return authenticate(spooled, message, dns.resolver(timeout), OWN)

    return judge


@pytest.mark.parametrize("header", [b"relaxed", b"simple"])
@pytest.mark.parametrize("body", [b"relaxed", b"simple"])
def test_an_aligned_signature_proves_the_domain(judge, key, header, body):
    trust = judge(signed(LETTER, key, canon=(header, body)))
    assert (trust.means, trust.domain) == (Means.DKIM, DOMAIN)
    assert "d=phrae.go.th s=s1" in trust.detail


def test_a_large_letter_is_proven_as_dkimpy_proves_it(judge, key, dns):
    data = base64.encodebytes(bytes(range(256)) * 8000)
    raw = signed(multipart(part(crlf(data), "application/pdf"), head=HEAD), key)
    assert judge(raw).authenticated
    assert dkim.verify(raw, dnsfunc=lambda name, **_: dns.records[name.decode().rstrip(".")])


def test_dashes_in_a_header_are_no_boundary(judge, key):
    head = HEAD + b"X-Note: --a--\r\n"
    assert judge(signed(multipart(part(b"x"), boundary="--=_b", head=head), key)).authenticated


def test_a_selector_that_is_no_name_proves_nothing(judge, key):
    trust = judge(signed(LETTER, key).replace(b"s=s1", b"s=\xff"))
    assert trust.detail == "DKIM: unreadable (UnicodeDecodeError)"


def test_sha_1_proves_nothing(judge, key):
    trust = judge(signed(LETTER, key, signature_algorithm=b"rsa-sha1"))
    assert trust.detail == "DKIM: algorithm rsa-sha1"


def test_the_good_one_of_two_aligned_signatures_counts(judge, key):
    good = signed(LETTER, key)
    broken = signed(LETTER.replace(b"Date: Fri", b"Date: Thu"), key).partition(b"From:")[0]
    assert judge(broken + good).authenticated


def test_a_letter_without_signature_is_not_proven(judge):
    trust = judge(LETTER)
    assert not trust.authenticated
    assert trust.detail == "no aligned DKIM signature"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"Date: Fri", b"Date: Thu", "header"),
        (b"\r\n\r\n\xe0", b"\r\n\r\nx\xe0", "body"),
        (b"saraban@phrae.go.th>", b"governor@phrae.go.th>", "header"),
    ],
)
def test_one_change_breaks_the_proof(judge, key, old, new, why):
    raw = signed(LETTER, key)
    assert old in raw
    trust = judge(raw.replace(old, new, 1))
    assert not trust.authenticated
    assert why in trust.detail


def test_a_signature_of_somebody_else_proves_nothing(judge, key):
    assert not judge(signed(LETTER, key, domain="evil.example")).authenticated


def test_a_forged_from_of_an_own_clerk_is_not_proven(judge, key):
    forged = LETTER.replace(b"saraban@phrae.go.th", b"somsri@phrae.go.th", 1)
    trust = judge(signed(forged, key, domain="evil.example"), mail_from="somsri@phrae.go.th")
    assert trust.means is Means.NONE


def test_a_subdomain_may_sign_for_its_domain(judge, key, dns):
    dns.records[f"{SELECTOR}._domainkey.mail.{DOMAIN}"] = key[1]
    trust = judge(signed(LETTER, key, domain=f"mail.{DOMAIN}"))
    assert (trust.means, trust.domain) == (Means.DKIM, f"mail.{DOMAIN}")


def test_a_signature_over_part_of_the_body_proves_nothing(judge, key):
    raw = signed(LETTER, key, length=True)
    assert "l=" in judge(raw).detail
    assert not judge(raw + b"appended").authenticated


def test_a_signature_without_the_subject_proves_nothing(judge, key):
    trust = judge(signed(LETTER, key, include_headers=[b"from", b"date"]))
    assert not trust.authenticated
    assert "subject is not signed" in trust.detail


def test_a_signature_without_the_message_id_proves_nothing(judge, key):
    """Else one letter could be handed in for ever under new Message-IDs, a number each time."""
    raw = signed(LETTER, key, include_headers=[b"from", b"subject", b"date"])
    trust = judge(raw.replace(b"<1@phrae.go.th>", b"<2@phrae.go.th>"))
    assert not trust.authenticated
    assert "message-id is not signed" in trust.detail


def test_a_second_subject_above_a_good_signature_breaks_the_proof(judge, key):
    """DKIM signs the lower one, people read the upper one."""
    trust = judge(b"Subject: pay me\r\n" + signed(LETTER, key))
    assert not trust.authenticated
    assert trust.detail == "subject stands twice"


def test_two_from_addresses_are_nobody(judge, key):
    raw = LETTER.replace(b"To:", b"From: boss@phrae.go.th\r\nTo:", 1)
    assert judge(signed(raw, key)).detail == "no single From address"


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ("v=DKIM1; p=", "revoked"),
        ("v=DKIM1; t=y; {p}", "testing"),
        ("v=DKIM1; h=sha1; {p}", "SHA-256"),
        ("v=DKIM1; t=s; {p}", "subdomains"),
        ("v=DKIM1; s=tlsrpt; {p}", "not for mail"),
        ("v=DKIM1; k=unknown; {p}", "key"),
        ("p=nonsense", "cannot be read"),
        ("garbage", "no key"),
        ("\\;;;=p=", "no key"),
    ],
)
def test_a_key_that_may_not_be_used_proves_nothing(judge, key, dns, record, why):
    dns.records[KEY_NAME] = record.replace("{p}", key[1].partition("; ")[2].partition("; ")[2])
    trust = judge(signed(LETTER, key, identity=b"@x.phrae.go.th"))
    assert not trust.authenticated
    assert why in trust.detail


@pytest.mark.parametrize(
    "field",
    [
        b"DKIM-Signature: ",
        b"DKIM-Signature: d=phrae.go.th",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=phrae.go.th; s=s1; h=from:subject; bh=!; b=!",
        b"DKIM-Signature: v=1; a=x; d=phrae.go.th; s=s1; h=from:subject; bh=AAAA; b=AAAA",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=phrae.go.th; s=\xff; h=from:subject; bh=AA; b=AA",
        b"DKIM-Signature: v=1; a=rsa-sha256; c=x/y; d=phrae.go.th; s=s1; h=; bh=AAAA; b=AAAA",
        b" DKIM-Signature: continued from nothing",
    ],
)
def test_a_broken_signature_proves_nothing_and_stops_nothing(judge, field):
    assert not judge(field + b"\r\n" + LETTER).authenticated


def test_one_good_signature_among_broken_ones_is_enough(judge, key):
    raw = b"DKIM-Signature: v=1; d=phrae.go.th; b=\r\n" + signed(LETTER, key)
    assert judge(raw).authenticated


def test_dns_that_does_not_answer_makes_the_letter_wait(judge, key, dns):
    dns.mute = True
    with pytest.raises(TemporaryTrustFailure):
        judge(signed(LETTER, key), timeout=0.3)


def test_dns_is_not_asked_for_a_body_that_was_changed(judge, key, dns):
    judge(signed(LETTER, key) + b"more")
    assert KEY_NAME not in dns.asked


def test_a_letter_of_a_hosted_entity_is_proven_by_its_door(judge):
    trust = judge(LETTER, listener=Listener.LOCAL, hosted_entity="phrae")
    assert (trust.means, trust.domain) == (Means.HOSTED, DOMAIN)


def test_an_entity_that_is_not_hosted_here_is_not_believed(judge):
    assert not judge(LETTER, listener=Listener.LOCAL, hosted_entity="nan").authenticated
    assert not judge(LETTER, listener=Listener.MX, hosted_entity="phrae").authenticated


def test_a_clerk_who_signed_in_is_proven(judge):
    trust = judge(LETTER, listener=Listener.SUBMISSION, signed_in="somsri@phrae.go.th")
    assert (trust.means, trust.signed_in) == (Means.SIGNED_IN, "somsri@phrae.go.th")


def test_a_host_that_authenticates_its_senders_is_believed_unless_it_forwards(judge):
    assert judge(LETTER, trusted_network=True).means is Means.TRUSTED_NETWORK
    assert not judge(LETTER, trusted_network=True, forwarder=True).authenticated


def test_behind_a_forwarder_a_signature_still_proves(judge, key):
    assert judge(signed(LETTER, key), forwarder=True).means is Means.DKIM


RESULTS = b"Authentication-Results: mx.mail.go.th; dkim=pass header.d=phrae.go.th\r\n"
SOURCE = {"authserv_id": "mx.mail.go.th"}


def test_the_mailbox_own_server_is_believed_for_collected_mail(judge):
    trust = judge(RESULTS + LETTER, listener=Listener.COLLECTOR, source=SOURCE)
    assert (trust.means, trust.domain) == (Means.DKIM, DOMAIN)
    assert "mx.mail.go.th says dkim=pass" in trust.detail


def test_nobody_is_believed_who_was_not_named(judge):
    assert not judge(RESULTS + LETTER, listener=Listener.COLLECTOR, source={}).authenticated
    assert not judge(RESULTS + LETTER, listener=Listener.MX, source=SOURCE).authenticated


def test_collected_mail_may_be_proven_by_its_signature(judge, key):
    raw = b"Received: by x\r\n" + signed(LETTER, key)
    assert judge(raw, listener=Listener.COLLECTOR, source=SOURCE).means is Means.DKIM


SHORT_KEY = (  # 1023 bits
    "MIGeMA0GCSqGSIb3DQEBAQUAA4GMADCBiAKBgFZtdQBXmsbxsIo2eNBpSghg77SgpfbSptdm1GLzRt+PuHT3d"
    "RO97whNiHX5uXmt5jzRerMZJOyZ7BI5m586KgMJ0OGxNm5PKyqBU5ZceKWJ9326lJ8t1JVmYyNyfBz/2KvhG1"
    "uLIHRGja6ZBYqPw3WRRwoQcKPVC66aMzetXMqLAgMBAAE="
)


def test_an_rsa_key_of_less_than_1024_bits_proves_nothing(judge, key, dns):
    """Such keys are broken for little money (RFC 8301 §3.2)."""
    dns.records[KEY_NAME] = f"v=DKIM1; p={SHORT_KEY}"
    assert judge(signed(LETTER, key)).detail == "DKIM: the key is too short"


def test_an_rsa_key_of_1024_bits_still_proves(judge, dns):
    dns.records[KEY_NAME] = rsa_key(1024).record
    assert judge(signed(LETTER, (rsa_key(1024).pem,))).authenticated
