"""The queue in trouble: sizes, crashes, recalls, damage, and stopping in order."""

import asyncio
from datetime import timedelta

from gateway import wake
from gateway.outbound import mailq
from registry import entries, outbox
from registry.models.outgoing import OutboxRow
from registry.outbox import Kind
from tests.gateway.outbound.office import CLERK, attempts, notices, until
from tests.gateway.outbound.peer import CUT


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
