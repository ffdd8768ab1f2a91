"""When one domain speaks for another."""

import pytest

from gateway.inbound.alignment import aligned


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("phrae.go.th", "phrae.go.th"),
        ("mail.phrae.go.th", "phrae.go.th"),
        ("phrae.go.th", "a.b.phrae.go.th"),
        ("Phrae.GO.th.", "phrae.go.th"),
        ("example.com", "mail.example.com"),
        ("agency.gov.uk", "mx.agency.gov.uk"),
        ("example.de", "www.example.de"),
    ],
)
def test_a_domain_speaks_for_itself_and_up_and_down_its_own_tree(one, other):
    assert aligned(one, other)
    assert aligned(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("go.th", "phrae.go.th"),
        ("th", "phrae.go.th"),
        ("go.th", "go.th"),
        ("co.uk", "agency.co.uk"),
        ("com", "example.com"),
        ("phrae.go.th", "nan.go.th"),
        ("a.phrae.go.th", "b.phrae.go.th"),
        ("phrae.go.th", "evilphrae.go.th"),
        ("rae.go.th", "phrae.go.th"),
        ("", "phrae.go.th"),
        ("", ""),
        (".go.th", "phrae..go.th"),
    ],
)
def test_nobody_speaks_for_others(one, other):
    assert not aligned(one, other)
    assert not aligned(other, one)
