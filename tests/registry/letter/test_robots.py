"""Addresses that no machine of ours answers."""

import pytest

from registry.letter.robots import is_robot


@pytest.mark.parametrize(
    "local",
    [
        "owner-news", "news-owner", "news-request", "MAILER-DAEMON", "listserv", "noreply",
        "no-reply", "No_Reply", "do-not-reply", "donotreply", "noreply+a1",
        "news-bounces",
    ],
)  # fmt: skip
def test_machines_are_known_by_their_names(local):
    assert is_robot(f"{local}@dla.example")


@pytest.mark.parametrize(
    "address",
    [
        "saraban@dla.example",
        "owner@dla.example",
        "noreen@x",
        "request@x",
        "bounces+a=b@x",
        "",
        "@x",
    ],
)
def test_people_are_not_taken_for_them(address):
    assert not is_robot(address)
