"""Which processes serve what was asked for, and with which listeners."""

import pytest

from gateway.service import Runtime
from gateway.settings import GatewaySettings
from registry.settings import OfficeSettings
from saraban.app import CHOICES, ROLES, narrow, roles_of


@pytest.fixture
def runtime():
    return Runtime(OfficeSettings(), GatewaySettings())


def test_without_a_choice_every_role_serves(runtime):
    assert roles_of(()) == list(ROLES)
    assert narrow(runtime, ()).gateway == runtime.gateway


def test_every_choice_leads_to_a_role():
    assert [len(roles_of((name,))) for name in CHOICES] == [1] * len(CHOICES)


def test_both_doors_share_a_process():
    assert roles_of(("submission", "smtp", "worker")) == ["smtp", "worker"]


def test_roles_start_in_their_order_whatever_the_order_asked_for():
    assert roles_of(("worker", "links", "smtp")) == ["smtp", "worker", "links"]


def test_asked_for_one_door_the_other_stays_closed(runtime):
    smtp = narrow(runtime, ("smtp",)).gateway
    assert (smtp.smtp.listen, smtp.submission.listen) == ("127.0.0.1:2525", "")
    submission = narrow(runtime, ("submission", "worker")).gateway
    assert (submission.smtp.listen, submission.submission.listen) == ("", "127.0.0.1:2587")
