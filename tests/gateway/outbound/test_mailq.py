"""The queue: nothing is lost, nothing is sent twice without a word, and everything ends."""

import asyncio
from datetime import timedelta

import pytest

from gateway.inbound.tray import Tray
from gateway.outbound import mailq
from gateway.settings import NotifySettings, RelaySettings, SendSettings
from registry.letter.message import Listener
from registry.outbox import Kind
from tests.gateway.outbound.office import CLERK, OFFICER, attempts, delivery, notices, until
from tests.gateway.outbound.peer import CUT


async def test_a_letter_leaves_and_its_delivery_is_sent(relayed, peer, queue):
    job = relayed.send()
    await queue.drain()
    assert relayed.get(job).state == "sent"
    assert delivery(relayed, job).state == "sent"
    assert attempts(relayed, job) == [("ok", 250, f"127.0.0.1:{peer.port}", True)]
    assert len(peer.mails) == 1
    assert relayed.get(job).composed_bytes == len(peer.mails[0])
    assert not list((relayed.runtime.data_dir / "outgoing").rglob("*.eml"))


async def test_a_temporary_refusal_is_tried_again_and_then_goes(relayed, peer, queue, clock):
    job = relayed.send()
    peer.says("RCPT", "450 4.2.0 greylisted", "250 ok")
    await queue.drain()
    assert relayed.get(job).state == "queued"
    await queue.drain()
    assert len(attempts(relayed, job)) == 1
    clock.advance(timedelta(seconds=301))
    await queue.drain()
    assert relayed.get(job).state == "sent"
    assert [a[0] for a in attempts(relayed, job)] == ["deferred", "ok"]
    assert notices(relayed) == []


async def test_waits_double_from_try_to_try(relayed, peer, queue, clock):
    job = relayed.send()
    peer.says("RCPT", "450 4.2.0 later")
    waits = []
    for _ in range(6):
        await queue.drain()
        due = relayed.get(job).not_before
        waits.append(round((due - clock.now()).total_seconds()))
        clock.set(due)
    assert waits == [300, 600, 1200, 2400, 4000, 4000]


async def test_a_permanent_refusal_fails_at_once_and_the_clerk_is_told_in_thai(
    relayed, peer, queue
):
    job = relayed.send()
    peer.says("RCPT", "550 5.1.1 no such user", "250 ok")
    await queue.drain()
    assert relayed.get(job).state == "failed"
    assert delivery(relayed, job).state == "failed"
    assert notices(relayed) == [(CLERK, "send_failed")]
    await queue.drain()
    assert len(peer.mails) == 1
    assert b"MAIL FROM:<>" in "\n".join(peer.commands).encode()


async def test_at_the_end_of_its_time_it_is_given_up_with_one_notice(relayed, peer, queue, clock):
    relayed.configure(send=SendSettings(give_up_after=40_000))
    job = relayed.send(urgency="")
    peer.says("RCPT", "450 4.2.0 later")
    tries = 0
    while relayed.get(job).state == "queued":
        await queue.drain()
        clock.set(max(relayed.get(job).not_before, clock.now() + timedelta(seconds=1)))
        tries += 1
        assert tries < 20
    assert relayed.get(job).state == "failed"
    told = [text for to, text in notices(relayed) if to == CLERK]
    assert told.count("send_failed") == 1
    assert told.count("send_late") == 1


async def test_a_notice_that_cannot_be_delivered_begets_no_notice(relayed, peer, queue, clock):
    relayed.send()
    peer.says("RCPT", "550 5.1.1 nobody here")
    for _ in range(5):
        await queue.drain()
        clock.advance(timedelta(days=1))
    assert notices(relayed) == [(CLERK, "send_failed")]


async def test_of_a_copy_that_failed_the_officers_are_told(relayed, peer, queue):
    relayed.configure(
        relay=relayed.runtime.gateway.relay, notify=(NotifySettings(mail="it@phrae.example"),)
    )
    letter, entry = relayed.receive()
    relayed.job(Kind.COPY, "box@phrae.example", entry_id=entry, letter_id=letter)
    peer.says("RCPT", "550 5.1.1 gone", "250 ok")
    await queue.drain()
    assert notices(relayed) == [("it@phrae.example", "send_failed"), (OFFICER, "send_failed")]


async def test_without_a_relay_mail_waits_with_the_reason(office, queue):
    job = office.send()
    await queue.drain()
    waiting = office.get(job)
    assert waiting.state == "queued"
    assert "no relay" in waiting.last_reply
    assert len(attempts(office, job)) == 1


async def test_an_entity_uses_its_own_relay_before_the_one_for_all(office, peer, queue):
    own = RelaySettings(entity="phrae", host="127.0.0.1", port=peer.port, tls="none")
    office.configure(relay=(RelaySettings(host="127.0.0.1", port=1, tls="none"), own))
    job = office.send()
    await queue.drain()
    assert office.get(job).state == "sent"


async def test_mail_between_entities_hosted_here_goes_through_the_spool_whole(office, queue):
    job = office.send(
        to="saraban@town.example", files={"ก.pdf": b"letter", "ข.pdf": b"x" * 25_000_001}
    )
    await queue.drain()
    assert office.get(job).state == "sent"
    tray = Tray(office.runtime.spool_dir)
    spooled = [tray.read(name) for name in tray.list_new()]
    assert len(spooled) == 1
    envelope = spooled[0].envelope
    assert (envelope.listener, envelope.hosted_entity) == (Listener.LOCAL, "phrae")
    assert envelope.recipients == ("saraban@town.example",)
    raw = spooled[0].path.read_bytes()
    assert len(raw) > 33_000_000
    assert b"/l/" not in raw


async def test_a_hosted_entity_is_reached_while_its_domain_cannot_be(relayed, peer, queue, clock):
    peer.says("GREETING", CUT)
    letter, entry = relayed.receive()
    outside = relayed.job(Kind.COPY, "someone@town.example", entry_id=entry, letter_id=letter)
    await queue.drain()
    inside = relayed.send(to="saraban@town.example")
    await queue.drain()
    assert relayed.get(outside).state == "queued"
    assert relayed.get(inside).state == "sent"


async def test_a_shut_door_is_not_knocked_at_by_every_mail(relayed, peer, queue, clock):
    jobs = [relayed.send(to=f"saraban@office{n}.example") for n in range(8)]
    peer.says("GREETING", "421 come back later")
    await queue.drain()
    knocked = peer.connections
    assert knocked <= mailq.SLOTS
    more = [relayed.send(to=f"saraban@town{n}.example") for n in range(5)]
    await queue.drain()
    assert peer.connections == knocked
    assert all(attempts(relayed, job) == [] for job in more)
    assert {relayed.get(job).not_before for job in more} == {clock.now() + timedelta(seconds=300)}
    peer.says("GREETING", "220 welcome")
    clock.advance(timedelta(seconds=301))
    await queue.drain()
    assert {relayed.get(job).state for job in jobs + more} == {"sent"}


async def test_no_more_than_a_few_mails_go_to_one_destination_at_once(relayed, peer, queue):
    for _ in range(8):
        relayed.send()
    peer.gate = asyncio.Event()
    working = asyncio.create_task(queue.drain())
    await until(lambda: peer.at_once >= mailq.PER_DESTINATION)
    with pytest.raises(TimeoutError):
        await until(lambda: peer.at_once > mailq.PER_DESTINATION, seconds=0.3)
    peer.gate.set()
    await working
    assert len(peer.mails) == 8
    assert peer.most_at_once <= mailq.PER_DESTINATION


async def test_every_fourth_place_goes_to_the_mail_that_waits_longest(
    relayed, peer, queue, monkeypatch
):
    monkeypatch.setattr(mailq, "SLOTS", 1)
    relayed.send(urgency="", subject="old")
    for number in range(5):
        relayed.send(urgency="ด่วนที่สุด", subject=f"urgent {number}")
    await queue.drain()
    order = [mail.partition(b"X-Saraban-Subject: ")[2].split(b"\r\n")[0] for mail in peer.mails]
    assert order.index(b"old") == 3


async def test_the_most_urgent_goes_first_then_the_oldest(relayed, peer, queue, monkeypatch):
    monkeypatch.setattr(mailq, "SLOTS", 1)
    relayed.send(urgency="", subject="first")
    relayed.send(urgency="", subject="second")
    relayed.send(urgency="ด่วนที่สุด", subject="urgent")
    await queue.drain()
    order = [mail.partition(b"X-Saraban-Subject: ")[2].split(b"\r\n")[0] for mail in peer.mails]
    assert order == [b"urgent", b"first", b"second"]
