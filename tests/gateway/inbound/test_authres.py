"""Authentication-Results of the mailbox's own server."""

import pytest

from gateway.inbound.authres import claims, proven_domain
from gateway.inbound.fields import read_fields

OURS = "mx.mail.go.th"


def proven(block, author="phrae.go.th", server=OURS):
    found = proven_domain(read_fields(block.encode()), server, author)
    return found and (found.method, found.domain)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ("dkim=pass header.d=phrae.go.th", ("dkim", "phrae.go.th")),
        ("dkim=pass (2048-bit key) header.i=@phrae.go.th header.s=x", ("dkim", "phrae.go.th")),
        ("spf=pass (x) smtp.mailfrom=a@mail.phrae.go.th", ("spf", "mail.phrae.go.th")),
        ("dkim=fail; dmarc=pass (p=REJECT) header.from=phrae.go.th", ("dmarc", "phrae.go.th")),
        ("dkim=pass header.d=other.go.th; dkim=pass header.d=phrae.go.th", ("dkim", "phrae.go.th")),
        ("spf=softfail smtp.mailfrom=a@phrae.go.th", None),
        ("dkim=pass header.d=other.go.th", None),
        ("dkim=pass", None),
        ("none", None),
        ("", None),
        ("arc=pass header.d=phrae.go.th", None),
    ],
)
def test_a_pass_of_an_aligned_domain_proves_it(results, expected):
    assert proven(f"Authentication-Results: {OURS}; {results}") == expected


@pytest.mark.parametrize(
    "forged",
    [
        f'{OURS}; spf=fail smtp.mailfrom="x; dkim=pass header.d=phrae.go.th"@evil.example',
        f"{OURS}; spf=fail (dkim=pass header.d=phrae.go.th) smtp.mailfrom=x@evil.example",
        f"{OURS}; spf=fail (a (b) ; dkim=pass header.d=phrae.go.th) x=y",
        f'{OURS}; spf=fail (quoted " ; dkim=pass header.d=phrae.go.th) x=y',
        f"{OURS}; spf=fail (never closed; dkim=pass header.d=phrae.go.th",
        "mx.evil.example; dkim=pass header.d=phrae.go.th",
        f"{OURS}.evil.example; dkim=pass header.d=phrae.go.th",
        f"x {OURS}; dkim=pass header.d=phrae.go.th",
    ],
)
def test_what_a_stranger_writes_into_it_proves_nothing(forged):
    assert proven(f"Authentication-Results: {forged}") is None


def test_only_the_top_most_of_our_server_counts():
    block = (
        f"Authentication-Results: {OURS}; dkim=fail\r\n"
        f"Authentication-Results: {OURS}; dkim=pass header.d=phrae.go.th"
    )
    assert proven(block) is None


def test_fields_of_other_servers_above_are_passed_over():
    block = (
        "Authentication-Results: inner.example; none\r\n"
        f"Authentication-Results: {OURS} 1; dkim=pass header.d=phrae.go.th"
    )
    assert proven(block) == ("dkim", "phrae.go.th")


def test_a_field_far_down_the_way_is_not_our_servers():
    way = "Received: by x\r\n"
    block = f"Authentication-Results: {OURS}; dkim=pass header.d=phrae.go.th"
    assert proven(way * 2 + block) is not None
    assert proven(way * 6 + block) is None


def test_without_a_name_nothing_is_believed():
    assert proven("Authentication-Results: ; dkim=pass header.d=phrae.go.th", server="") is None


@pytest.mark.parametrize(
    ("value", "claimed"),
    [
        (f"{OURS}; dkim=pass", True),
        (f"{OURS.upper()} 1; none", True),
        (f"(a comment) {OURS}; none", True),
        (f"mx.example; x={OURS}", False),
        (f"mx.example ({OURS}); none", False),
        ("", False),
    ],
)
def test_a_field_in_our_name_is_seen(value, claimed):
    fields = read_fields(f"Authentication-Results: {value}".encode())
    assert claims(fields, OURS) is claimed


def test_only_the_first_fields_are_looked_at():
    """A thousand fields full of brackets would cost seconds."""
    others = "Authentication-Results: mx.example; none\r\n"
    ours = f"Authentication-Results: {OURS}; dkim=pass header.d=phrae.go.th"
    assert proven(others * 19 + ours) is not None
    assert proven(others * 20 + ours) is None
