"""The queue: nothing is lost, nothing is sent twice without a word, and everything ends."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from gateway import wake
from gateway.inbound.spool import Spool
from gateway.inbound.tray import Tray
from gateway.outbound import mailq
from gateway.outbound.mailq import Queue
from gateway.outbound.relay import Patience
from gateway.settings import NotifySettings, RelaySettings, SendSettings
from registry import entries, outbox
from registry.letter.message import Listener
from registry.models.outgoing import AttemptRow, DeliveryRow, OutboxRow
from registry.outbox import Kind
from tests.gateway.outbound.conftest import CLERK, OFFICER, until
from tests.gateway.outbound.peer import CUT

QUICK = Patience(connect=5, command=5, block=5, final=5)


@pytest.fixture
def relayed(office, peer):
    """The office with the peer as its relay."""
    office.configure(relay=(RelaySettings(host="127.0.0.1", port=peer.port, tls="none"),))
    return office


@pytest.fixture
def queue(office):
    spool = Spool(office.runtime.spool_dir, "mailq", office.runtime.clock)
    yield Queue(office.runtime, spool, QUICK)
    spool.close()


def attempts(office, job):
    with office.database.read() as session:
        rows = session.scalars(select(AttemptRow).where(AttemptRow.job_id == job))
        return [(row.result, row.code, row.host, bool(row.ended_at)) for row in rows]


def delivery(office, job):
    with office.database.read() as session:
        wanted = select(DeliveryRow).join(OutboxRow, OutboxRow.delivery_id == DeliveryRow.id)
        return session.scalars(wanted.where(OutboxRow.id == job)).one()


def notices(office):
    with office.database.read() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.kind == "notice"))
        return [(row.to_address, row.facts["text"]) for row in rows]


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
    assert notices(relayed) == [(OFFICER, "send_failed"), ("it@phrae.example", "send_failed")]


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


async def test_the_most_urgent_goes_first_then_the_oldest(relayed, peer, queue, monkeypatch):
    monkeypatch.setattr(mailq, "SLOTS", 1)
    relayed.send(urgency="", subject="first")
    relayed.send(urgency="", subject="second")
    relayed.send(urgency="ด่วนที่สุด", subject="urgent")
    await queue.drain()
    order = [mail.partition(b"X-Saraban-Subject: ")[2].split(b"\r\n")[0] for mail in peer.mails]
    assert order == [b"urgent", b"first", b"second"]


async def test_a_small_next_hop_gets_the_mail_with_its_files_on_the_page(relayed, peer, queue):
    peer.size = 100_000
    job = relayed.send(files={"ก.pdf": b"letter", "ข.pdf": b"x" * 200_000})
    await queue.drain()
    assert relayed.get(job).state == "sent"
    assert len(peer.mails[0]) <= 100_000
    again = relayed.send(files={"ค.pdf": b"x" * 200_000})
    before = peer.connections
    await queue.drain()
    assert relayed.get(again).state == "sent"
    assert peer.connections == before + 1


async def test_a_next_hop_that_names_no_figure_gets_the_mail_without_files(relayed, peer, queue):
    peer.says("DOT", "552 5.3.4 message too big", "250 ok")
    job = relayed.send(files={"ก.pdf": b"letter" * 10_000})
    await queue.drain()
    assert relayed.get(job).state == "sent"
    assert len(peer.mails[-1]) < 60_000


async def test_a_mail_too_big_even_without_files_fails_with_a_word(relayed, peer, queue):
    peer.size = 100
    job = relayed.send()
    await queue.drain()
    assert relayed.get(job).state == "failed"
    assert notices(relayed)[0] == (CLERK, "send_failed")


async def test_a_cut_after_the_final_dot_is_tried_again_with_the_same_bytes(
    relayed, peer, queue, clock
):
    job = relayed.send()
    peer.says("DOT", CUT, "250 ok")
    await queue.drain()
    assert relayed.get(job).state == "queued"
    assert [a[0] for a in attempts(relayed, job)] == ["uncertain"]
    clock.advance(timedelta(hours=1))
    await queue.drain()
    assert relayed.get(job).state == "sent"
    assert relayed.get(job).message_id.encode() in peer.mails[0]


async def test_a_job_of_a_dead_process_is_taken_over_when_its_lease_ends(
    relayed, peer, queue, clock, caplog
):
    job = relayed.send()
    with relayed.database.write() as session:
        outbox.claim(session, clock.now(), 600, 10, "dead")
        outbox.started(session, job, at=clock.now(), host="peer")
    await queue.drain()
    assert relayed.get(job).state == "sending"
    clock.advance(timedelta(seconds=601))
    await queue.drain()
    assert relayed.get(job).state == "sent"
    assert "may have arrived" in caplog.text


async def test_a_withdrawn_job_is_never_sent(relayed, peer, queue):
    job = relayed.send()
    with relayed.database.write() as session:
        outbox.withdraw(session, job, by=CLERK, reason="ผิด", at=relayed.runtime.clock.now())
    await queue.drain()
    assert peer.connections == 0


async def test_a_job_withdrawn_between_claim_and_data_is_not_sent(relayed, peer, queue):
    """However it came about: the state is asked for in the last moment."""
    job = relayed.send()
    claimed = await asyncio.to_thread(queue._claim, 1)
    with relayed.database.write() as session:
        session.get_one(OutboxRow, job).state = "withdrawn"
    await queue._do(claimed[0])
    assert relayed.get(job).state == "withdrawn"
    assert peer.mails == []
    assert not any(line == "DATA" for line in peer.commands)


async def test_a_damaged_file_is_not_sent_and_the_others_go(relayed, peer, queue):
    bad = relayed.send(files={"ก.pdf": b"the letter"})
    with relayed.database.read() as session:
        entry = entries.get(session, relayed.get(bad).entry_id)
    path = relayed.blobs.path(entry.enclosures[0].sha256)
    path.chmod(0o600)
    path.write_bytes(b"another one")
    good = relayed.send(files={"ข.pdf": b"intact"})
    await queue.drain()
    assert relayed.get(bad).state == "queued"
    assert relayed.get(good).state == "sent"
    assert len(peer.mails) == 1


async def test_a_job_that_cannot_be_understood_fails_and_stops_nothing(relayed, peer, queue):
    odd = relayed.job(Kind.NOTICE, CLERK, facts={"text": "../../etc/passwd"})
    good = relayed.send()
    await queue.drain()
    assert relayed.get(odd).state == "failed"
    assert relayed.get(good).state == "sent"


async def test_the_runner_wakes_when_the_bell_rings_and_stops_when_told(relayed, peer, queue):
    stop = asyncio.Event()
    running = asyncio.create_task(queue.run(stop))
    job = relayed.send()
    wake.ring(relayed.runtime.data_dir, wake.MAILQ)
    await until(lambda: peer.mails)
    stop.set()
    await asyncio.wait_for(running, 30)
    assert relayed.get(job).state == "sent"


async def test_what_a_crash_left_half_composed_is_taken_away(relayed, queue):
    left = queue._carrier.folder / "2al2akh2jidrfnzv.eml"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half a mail")
    stop = asyncio.Event()
    stop.set()
    await queue.run(stop)
    assert not left.exists()


async def test_the_role_of_the_service_says_that_it_is_ready_and_works(relayed, peer):
    stop, told = asyncio.Event(), []
    job = relayed.send()
    running = asyncio.create_task(mailq.run_mailq(relayed.runtime, stop, told.append))
    await until(lambda: peer.mails)
    stop.set()
    await running
    assert told == [{}]
    assert relayed.get(job).state == "sent"


async def test_stopping_lets_the_mail_on_its_way_arrive(relayed, peer, queue):
    peer.gate = asyncio.Event()
    stop = asyncio.Event()
    job = relayed.send()
    running = asyncio.create_task(queue.run(stop))
    await until(lambda: "DATA" in peer.commands)
    stop.set()
    peer.gate.set()
    await asyncio.wait_for(running, 30)
    assert relayed.get(job).state == "sent"


async def test_nothing_of_the_letter_stands_in_the_log(relayed, peer, queue, caplog):
    caplog.set_level("DEBUG", logger="gateway.outbound")
    relayed.send(subject="ความลับของราชการ")
    peer.says("RCPT", "450 later")
    await queue.drain()
    assert "ความลับ" not in caplog.text
    assert "saraban@" not in caplog.text
