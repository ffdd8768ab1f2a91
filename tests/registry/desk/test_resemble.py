"""Domains that could be mistaken for those of an agency."""

import pytest

from registry.desk.resemble import resembles

KNOWN = ["dla.go.th", "phrae.go.th", "nso.go.th"]


@pytest.mark.parametrize(
    ("domain", "known"),
    [
        ("d1a.go.th", "dla.go.th"),
        ("dla-go.th", "dla.go.th"),
        ("dlago.th", "dla.go.th"),
        ("phrae.com", "phrae.go.th"),
        ("phrac.go.th", "phrae.go.th"),
        ("phrae.go.th.login.example", "phrae.go.th"),
        ("dla-go-th.com", "dla.go.th"),
        ("nsq.go.th", "nso.go.th"),
    ],
)
def test_a_domain_that_may_be_misread_is_named(domain, known):
    assert resembles(domain, KNOWN) == known


@pytest.mark.parametrize(
    "domain", ["dla.go.th", "mail.dla.go.th", "gmail.com", "psu.ac.th", "x.th", ""]
)
def test_a_listed_or_a_plainly_different_domain_is_not(domain):
    assert resembles(domain, KNOWN) is None
