"""Which peers are in which networks."""

import pytest

from gateway.networks import Networks
from registry.errors import OutOfOrder


@pytest.mark.parametrize(
    ("peer", "inside"),
    [
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("11.1.2.3", False),
        ("2001:db8::5", True),
        ("fe80::1%eth0", False),
        ("", False),
        ("nobody", False),
    ],
)
def test_a_peer_is_inside_or_not(peer, inside):
    assert (peer in Networks(("10.0.0.0/8", "2001:db8::/32", "192.0.2.1"))) is inside


def test_host_bits_are_forgiven():
    assert "10.0.0.9" in Networks(("10.0.0.1/24",))


def test_what_is_no_network_stops_the_service():
    with pytest.raises(OutOfOrder, match="not a network"):
        Networks(("ten",))
