"""Collecting once: fetched, registered and flagged when the command ends."""

import os

import pytest
from imapclient import IMAPClient

from gateway.inbound.alone import take_work
from tests.saraban.office import DLA, OFFICER, PHRAE


def letter(subject):
    fields = (
        f"Return-Path: <{DLA}>",
        "Authentication-Results: mx.phrae.go.th; dkim=pass header.d=dla.go.th",
        f"From: {DLA}", f"To: {PHRAE}", f"Subject: {subject}",
        f"Message-ID: <{os.urandom(8).hex()}@dla.go.th>", "", "text", "",
    )  # fmt: skip
    return "\r\n".join(fields).encode()


def flags(dovecot, mailbox):
    with IMAPClient(dovecot.host, dovecot.port, ssl=False) as client:
        client.login(mailbox.username, mailbox.password)
        client.select_folder("INBOX", readonly=True)
        return [b"$Registered" in found for found in client.get_flags(client.search()).values()]


@pytest.fixture
def mailbox(office, dovecot):
    """The mailbox that the office collects from, with two letters in it."""
    box = dovecot.add_mailbox()
    office.add_collector(dovecot, box)
    for subject in ("one", "two"):
        box.deliver(letter(subject))
    return box


def test_new_mail_is_registered_and_flagged_when_the_command_ends(office, dovecot, mailbox):
    done = office.run("collect")
    assert "นำเข้า ๒ ฉบับ" in done.stderr
    assert "ลงทะเบียนแล้ว ๒ ฉบับ" in done.stderr
    assert [entry["number"] for entry in office.received()] == [1, 2]
    assert flags(dovecot, mailbox) == [True, True]


def test_a_second_time_there_is_nothing_to_do(office, mailbox):
    office.run("collect")
    assert "นำเข้า ๐ ฉบับ" in office.run("collect").stderr
    assert len(office.received()) == 2


def test_one_mailbox_in_trouble_does_not_stop_the_others_and_is_exit_3(office, dovecot, mailbox):
    other = dovecot.add_mailbox()
    office.add_collector(dovecot, other, folder="Nowhere")
    done = office.run("collect", code=3)
    assert f"{other.username}@127.0.0.1" in done.stderr.splitlines()[-1]
    assert len(office.received()) == 2


def test_without_a_mailbox_the_command_says_what_to_set(office):
    assert "[[collector]]" in office.run("collect", code=3).stderr


def test_a_worker_that_does_not_enter_the_mail_is_waited_for_and_then_named(
    office, mailbox, monkeypatch
):
    monkeypatch.setattr("gateway.inbound.once.PATIENCE", 0.2)
    held = take_work(office.folder / "spool")
    assert "saraban spool list" in office.run("collect", code=3).stderr
    os.close(held)
    assert len(office.data("spool", "list")) == 2


def test_past_looks_are_shown_as_proof_of_the_duty_to_look(office, mailbox):
    office.run("collect")
    [look] = office.data("collect", "--rounds")
    assert (look["found"], look["problem"]) == (2, "")
    assert look["half"] in {"เช้า", "บ่าย"}
    assert mailbox.username in office.run("collect", "--rounds").stdout


def test_what_was_seen_is_listed_and_an_officer_closes_it(office, dovecot):
    box = dovecot.add_mailbox()
    office.add_collector(dovecot, box, sent_folder="Sent")
    with IMAPClient(dovecot.host, dovecot.port, ssl=False) as client:
        client.login(box.username, box.password)
        client.append("Sent", f"From: {PHRAE}\r\nTo: {DLA}\r\nSubject: x\r\n\r\n".encode())
    office.run("collect")
    [seen] = office.data("collect", "--sightings")
    assert (seen["kind"], seen["to"], seen["entity"]) == ("unregistered", [DLA], "phrae")
    assert "ส่งแล้วแต่ยังไม่ลงทะเบียนส่ง" in office.run("collect", "--sightings").stdout
    office.run("collect", "--settle", str(seen["id"]), code=2)
    office.run("collect", "--settle", str(seen["id"]), "--by", OFFICER)
    assert office.data("collect", "--sightings") == []
    [closed] = office.data("collect", "--sightings", "--settled")
    assert closed["settled_by"] == OFFICER
