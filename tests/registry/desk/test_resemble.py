"""Domains that could be mistaken for those of an agency."""

import time

import pytest

from registry.desk.resemble import resembles

KNOWN = ["dla.go.th", "phrae.go.th", "nso.go.th", "tessabanphrae.go.th"]


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("d1a.go.th", "dla.go.th"),
        ("dla-go.th", "dla.go.th"),
        ("dlago.th", "dla.go.th"),
        ("phrae.com", "phrae.go.th"),
        ("phrac.go.th", "phrae.go.th"),
        ("phraee.go.th", "phrae.go.th"),
        ("prae.go.th", "phrae.go.th"),
        ("phrae.go.th.login.example", "phrae.go.th"),
        ("phrae-go-th.com", "phrae.go.th"),
        ("phrae-online.example", "phrae.go.th"),
        ("phrae.or.th", "phrae.go.th"),
        ("dla-go-th.com", "dla.go.th"),
        ("nsq.go.th", "nso.go.th"),
        ("phr4e.go.th", "phrae.go.th"),
        ("tessabanphare.go.th", "tessabanphrae.go.th"),
        ("tessabanphrae.go.th.example", "tessabanphrae.go.th"),
        ("PHRAE.go.TH.", None),
        ("Phrae.CO.th.", "phrae.go.th"),
    ],
)
def test_a_domain_that_may_be_misread_is_named(domain, meant):
    assert resembles(domain, KNOWN) == meant


@pytest.mark.parametrize(
    "domain",
    [
        "phr\u0430e.go.th",  # Cyrillic a
        "\u0440hr\u0430\u0435.go.th",  # Cyrillic p, a, e
        "phr\u00e1e.go.th",
        "\uff50hrae.go.th",  # full-width p
        "ph\u0433ae.go.th",
        "phra\u03b5.com",
        "phrae\u0e51.go.th",
    ],
)
def test_letters_of_other_alphabets_are_seen_through_also_as_dns_writes_them(domain):
    label, _, suffix = domain.partition(".")
    in_dns = "xn--" + label.encode("punycode").decode("ascii") + "." + suffix
    assert resembles(domain, KNOWN) == "phrae.go.th"
    assert resembles(in_dns, KNOWN) == "phrae.go.th"


@pytest.mark.parametrize(
    "domain",
    [
        "dla.go.th", "mail.dla.go.th", "gmail.com", "psu.ac.th", "x.th", "", "xn--.th",
        "xn--\u0e01.th", "phrae.labour.go.th", "phrae-labour.go.th", "a" * 5000, ".", "..",
    ],
)  # fmt: skip
def test_a_listed_or_a_plainly_different_domain_is_not(domain):
    assert resembles(domain, KNOWN) is None


def test_two_agencies_whose_names_are_close_are_both_themselves():
    close = ["phrae.go.th", "phrao.go.th"]
    assert resembles("phrae.go.th", close) is resembles("mail.phrao.go.th", close) is None


def test_a_stranger_costs_little_among_eight_thousand_agencies():
    many = [f"tambon{n:05}-office.go.th" for n in range(8000)]
    begin = time.process_time()
    for n in range(10):
        resembles(f"somebody-else-{n}.example", many)
        resembles(f"tombon{n:05}-offlce.go.th", many)
    assert time.process_time() - begin < 2
