"""Relays and mailboxes: real ones, and those that are not there."""

import pytest

from saraban.doctor import neighbours
from saraban.installing import FirstEntity
from tests.journeys.installation import Installation


def test_without_a_relay_mail_to_others_waits_and_that_is_told(found):
    assert found("relay")[0]["state"] == "look"


def test_a_relay_that_answers_is_well(office, found, postfix):
    office.add_relay(postfix.port)
    [finding] = found("relay")
    assert finding["state"] == "well"
    assert f"127.0.0.1:{postfix.port}" in finding["what"]


def test_a_relay_that_does_not_answer_is_wrong(office, found, free_port):
    office.add_relay(free_port())
    assert found("relay", code=1)[0]["state"] == "wrong"


def test_a_relay_that_cannot_be_signed_in_to_is_wrong(office, found, postfix):
    secret = office.folder / "keys" / "relay.password"
    secret.touch(mode=0o600)
    office.add_relay(postfix.port, username="saraban", password_file=secret)
    assert found("relay", code=1)[0]["state"] == "wrong"


def test_a_mailbox_that_lets_us_in_is_well(office, found, dovecot):
    office.add_collector(dovecot, dovecot.add_mailbox())
    assert found("collector")[0]["state"] == "well"


@pytest.mark.parametrize(
    "wrong", [{"username": "nobody"}, {"folder": "Nowhere"}, {"since": "soon"}, {"ca_file": ""}]
)
def test_a_mailbox_that_cannot_be_collected_from_is_wrong(office, found, dovecot, wrong):
    office.add_collector(dovecot, dovecot.add_mailbox(), **wrong)
    assert found("collector", code=1)[0]["state"] == "wrong"


def test_plus_addresses_are_believed_in_until_tried(office, found):
    office.run(
        "entity", "add", "x", "--name", "ก", "--address", "s@x.go.th", "--hosted", "--no-tags"
    )
    assert [one["state"] for one in found("tags")] == ["well", "look"]


def test_a_mail_to_ourselves_that_comes_back_proves_plus_addresses(tmp_path, postfix):
    own = FirstEntity("phrae", "จังหวัดแพร่", "round.example", "พร ๐๐๒๓")  # no other test's route
    office = Installation(tmp_path / "office", first=own)
    office.settings("relay", host="127.0.0.1", port=postfix.port, tls="none")
    with office.serving("smtp,worker"):
        postfix.route(own.domain, office.ports["smtp"])
        findings = office.data("doctor", "--round-trip")
    [trip] = [one for one in findings if one["check"] == "round_trip"]
    assert trip["state"] == "well"
    assert office.entries("received") == []
    assert office.data("letter", "waiting") == []
    assert office.data("proof")["holds"]


def test_a_mail_to_ourselves_that_never_comes_back_is_wrong(office, postfix, monkeypatch):
    monkeypatch.setattr(neighbours, "WAIT", 0.5)
    office.add_relay(postfix.port)
    [finding] = neighbours.round_trip(office.runtime())
    assert finding.state == "wrong"
    assert "ไม่กลับมา" in finding.what


def test_a_relay_that_refuses_our_own_address_is_wrong(office, free_port):
    office.add_relay(free_port())
    [finding] = neighbours.round_trip(office.runtime())
    assert finding.state == "wrong"


def test_without_a_relay_there_is_no_round_trip(office):
    [finding] = neighbours.round_trip(office.runtime())
    assert finding.state == "look"
