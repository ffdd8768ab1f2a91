"""DMARC: what the author's domain asks for, and who may speak for it."""

import pytest

from gateway.inbound.dmarc import Dmarc
from gateway.inbound.inquiry import Inquiry
from gateway.inbound.resolver import TemporaryTrustFailure
from tests.gateway.inbound.nameserver import NameServer


@pytest.fixture
def dns():
    with NameServer({}) as server:
        yield server


@pytest.fixture
def dmarc(dns):
    def make(**records):
        for name, text in records.items():
            dns.records[f"_dmarc.{name.replace('__', '-').replace('_', '.')}"] = text
        return Dmarc(Inquiry(dns.resolver()))

    return make


def test_a_long_name_costs_eight_questions(dmarc, dns):
    """RFC 9989 §4.10 gives these very names."""
    assert dmarc().organisation("a.b.c.d.e.f.g.h.i.j.mail.example.com")
    below = ["g", "h", "i", "j", "mail", "example", "com"]
    walked = [".".join(below[n:]) for n in range(len(below))]
    assert dns.asked == [
        f"_dmarc.{name}" for name in ("a.b.c.d.e.f.g.h.i.j.mail.example.com", *walked)
    ]


@pytest.mark.parametrize("labels", [7, 8, 9, 60])
def test_no_name_costs_more(dmarc, dns, labels):
    dmarc().organisation(".".join("a" * labels))
    assert len(dns.asked) == min(labels, 8)


@pytest.mark.parametrize(
    ("records", "domain", "organisation"),
    [
        ({"phrae_go_th": "p=none"}, "a.mail.phrae.go.th", "phrae.go.th"),
        (
            {"mail_phrae_go_th": "p=none", "phrae_go_th": "p=none"},
            "a.mail.phrae.go.th",
            "phrae.go.th",
        ),
        (
            {"mail_phrae_go_th": "p=none; psd=n", "phrae_go_th": "p=none"},
            "a.mail.phrae.go.th",
            "mail.phrae.go.th",
        ),
        ({"go_th": "p=none; psd=y"}, "a.mail.phrae.go.th", "phrae.go.th"),
        ({"example_com": "p=none; psd=y"}, "a.b.example.com", "b.example.com"),
        ({"com": "p=none; psd=y"}, "a.mail.example.com", "example.com"),
        ({"example_com": "p=none; psd=y"}, "example.com", "example.com"),
        ({}, "a.mail.phrae.go.th", "a.mail.phrae.go.th"),
    ],
)
def test_the_organisation_is_found_by_walking_up(dmarc, records, domain, organisation):
    texts = {name: f"v=DMARC1; {text}" for name, text in records.items()}
    assert dmarc(**texts).organisation(domain) == organisation


@pytest.mark.parametrize(
    ("records", "domain", "organisation"),
    [
        ({"go_th": "p=none"}, "mail.phrae.go.th", "phrae.go.th"),
        ({"go_th": "p=none; psd=n"}, "mail.phrae.go.th", "phrae.go.th"),
        ({"th": "p=none"}, "mail.phrae.go.th", "phrae.go.th"),
        ({"th": "p=none; psd=y"}, "mail.phrae.go.th", "phrae.go.th"),
        ({"com": "p=none"}, "mail.example.com", "example.com"),
        ({"go_th": "p=none"}, "go.th", "go.th"),
    ],
)
def test_a_public_suffix_is_no_organisation_whatever_it_publishes(
    dmarc, records, domain, organisation
):
    made = dmarc(**{name: f"v=DMARC1; {text}" for name, text in records.items()})
    assert made.organisation(domain) == organisation
    policy = made.policy("phrae.go.th")
    assert not made.speaks_for("go.th", "phrae.go.th", policy, "dkim")
    assert not made.speaks_for("nan.go.th", "phrae.go.th", policy, "dkim")
    assert not made.speaks_for("go.th", "go.th", policy, "dkim")


@pytest.mark.parametrize(
    ("records", "author", "domain", "wish"),
    [
        ({"phrae_go_th": "p=reject"}, "phrae.go.th", "phrae.go.th", "reject"),
        ({"phrae_go_th": "p=reject"}, "mail.phrae.go.th", "phrae.go.th", "reject"),
        ({"phrae_go_th": "p=reject; sp=none"}, "mail.phrae.go.th", "phrae.go.th", "none"),
        ({"phrae_go_th": "p=none; np=reject"}, "no.phrae.go.th", "phrae.go.th", "reject"),
        (
            {"phrae_go_th": "p=none; sp=quarantine; np=reject"},
            "mail.phrae.go.th",
            "phrae.go.th",
            "quarantine",
        ),
        (
            {"mail_phrae_go_th": "p=none", "phrae_go_th": "p=reject"},
            "mail.phrae.go.th",
            "mail.phrae.go.th",
            "none",
        ),
        ({"go_th": "p=none; sp=reject; psd=y"}, "phrae.go.th", "go.th", "reject"),
        (
            {"go_th": "p=reject; psd=y", "phrae_go_th": "p=none"},
            "mail.phrae.go.th",
            "phrae.go.th",
            "none",
        ),
        (
            {"phrae_go_th": "P=Reject;  rua = mailto:a@b ;unknown=1;;"},
            "phrae.go.th",
            "phrae.go.th",
            "reject",
        ),
        ({"phrae_go_th": "p=wrong; rua=mailto:x@y"}, "phrae.go.th", "phrae.go.th", "none"),
        ({"phrae_go_th": "rua=mailto:x@y"}, "phrae.go.th", "phrae.go.th", "none"),
        (
            {"phrae_go_th": "p=reject; sp=wrong; rua=mailto:x@y"},
            "phrae.go.th",
            "phrae.go.th",
            "none",
        ),
    ],
)
def test_the_policy_is_that_of_the_author_the_organisation_or_the_suffix(
    dmarc, dns, records, author, domain, wish
):
    dns.records["A mail.phrae.go.th"] = "192.0.2.1"
    policy = dmarc(**{name: f"v=DMARC1; {text}" for name, text in records.items()}).policy(author)
    assert policy is not None
    assert (policy.domain, policy.wish) == (domain, wish)


@pytest.mark.parametrize(
    "record",
    [
        "v=DMARC2; p=reject", "v=DMARC1x; p=reject", "p=reject; v=DMARC1", "", "v=DMARC1",
        "v=DMARC1; p=wrong", "v=dmarc1; p=reject", ["v=DMARC1; p=reject", "v=DMARC1; p=none"],
    ],
)  # fmt: skip
def test_what_is_no_record_or_two_is_no_policy(dmarc, record):
    assert dmarc(phrae_go_th=record).policy("phrae.go.th") is None


def test_other_texts_beside_the_record_do_not_matter(dmarc):
    assert dmarc(phrae_go_th=["hello", "v=DMARC1; p=reject"]).policy("phrae.go.th").refuses


def test_a_policy_under_test_is_not_obeyed(dmarc):
    policy = dmarc(phrae_go_th="v=DMARC1; p=reject; t=y").policy("phrae.go.th")
    assert (policy.wish, policy.refuses) == ("reject", False)


def test_neighbours_of_one_organisation_speak_for_each_other_if_it_publishes(dmarc):
    published = dmarc(phrae_go_th="v=DMARC1; p=none")
    policy = published.policy("a.phrae.go.th")
    assert published.speaks_for("b.phrae.go.th", "a.phrae.go.th", policy, "dkim")
    assert published.speaks_for("phrae.go.th", "a.phrae.go.th", policy, "spf")


def test_without_a_record_only_those_above_and_below_do(dmarc):
    silent = dmarc()
    assert silent.policy("a.phrae.go.th") is None
    assert silent.speaks_for("phrae.go.th", "a.phrae.go.th", None, "dkim")
    assert not silent.speaks_for("b.phrae.go.th", "a.phrae.go.th", None, "dkim")


def test_a_strict_policy_wants_the_very_domain_for_that_method(dmarc):
    strict = dmarc(phrae_go_th="v=DMARC1; p=none; adkim=s")
    policy = strict.policy("phrae.go.th")
    assert not strict.speaks_for("mail.phrae.go.th", "phrae.go.th", policy, "dkim")
    assert strict.speaks_for("mail.phrae.go.th", "phrae.go.th", policy, "spf")
    assert strict.speaks_for("phrae.go.th", "phrae.go.th", policy, "dkim")


def test_a_part_of_its_own_is_apart_from_the_organisation(dmarc):
    apart = dmarc(phrae_go_th="v=DMARC1; p=none", amphoe_phrae_go_th="v=DMARC1; p=none; psd=n")
    policy = apart.policy("phrae.go.th")
    assert not apart.speaks_for("amphoe.phrae.go.th", "phrae.go.th", policy, "dkim")


def test_strangers_cost_no_walk(dmarc, dns):
    assert not dmarc().speaks_for("evil.example", "phrae.go.th", None, "dkim")
    assert dns.asked == []


def test_dns_that_does_not_answer_is_no_answer(dmarc, dns):
    dns.broken = True
    with pytest.raises(TemporaryTrustFailure):
        dmarc().policy("phrae.go.th")
