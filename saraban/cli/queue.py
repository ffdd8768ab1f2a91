"""``saraban queue`` - mail that waits to leave: why, since when, and an officer's hand on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from gateway import wake
from gateway.service import Runtime
from registry import directory, outbox, queue_acts
from registry.clock import BANGKOK
from registry.jobs import Job
from registry.thai.numerals import to_thai
from saraban.cli.common import acting, as_json, emit, reason, say, show, with_runtime
from saraban.cli.who import actor, by, known
from saraban.times import when

STATES = {
    "queued": "รอส่ง",
    "held": "พักไว้",
    "sending": "กำลังส่ง",
    "sent": "ส่งแล้ว",
    "failed": "ส่งไม่สำเร็จ",
    "dropped": "เลิกส่ง",
    "withdrawn": "เรียกคืนแล้ว",
}
KINDS = {"letter": "หนังสือ", "copy": "สำเนาถึงหน่วย", "acknowledgement": "ตอบรับ", "notice": "แจ้งเตือน"}


@click.group()
def queue() -> None:
    """Mail that waits to leave."""


@queue.command("list")
@click.option("--all", "everything", is_flag=True, help="Also what has left or was given up.")
@as_json
@with_runtime
def list_(runtime: Runtime, *, everything: bool, as_json: bool) -> None:
    """List the queue in the order in which it is due."""
    with runtime.database.read() as session:
        if everything:
            jobs = outbox.listing(session, states=())
        else:
            jobs = outbox.listing(session, states=("queued", "held", "sending", "failed"))
        codes = {one.id: one.code for one in directory.entities(session)}
    if as_json:
        emit([_data(job, codes) for job in jobs])
        return
    rows = [
        (
            job.id,
            STATES[job.state],
            KINDS[job.kind],
            codes[job.entity_id],
            job.to_address,
            when(job.not_before) if job.state == "queued" else "",
            to_thai(str(job.tries)),
            job.last_reply,
        )
        for job in jobs
    ]
    headers = ("รหัส", "สถานะ", "เรื่อง", "จาก", "ถึง", "ส่งครั้งต่อไป", "ลองแล้ว", "คำตอบล่าสุด")
    show(rows, headers, "ไม่มีจดหมายค้างส่ง")


@queue.command()
@click.argument("job")
@by
@with_runtime
def retry(runtime: Runtime, job: str, by: str | None) -> None:
    """Send a job now, whatever it waits for."""
    give_up_after = runtime.gateway.send.give_up_after
    with _at(runtime, job) as (session, entity, now):
        who = actor(session, by)
        queue_acts.retry(session, entity, job, by=who, at=now, give_up_after=give_up_after)
    say(f"จะส่ง {job} ทันที")


@queue.command()
@click.argument("job")
@click.option("--release", is_flag=True, help="Let it go again.")
@by
@with_runtime
def hold(runtime: Runtime, job: str, by: str | None, *, release: bool) -> None:
    """Keep a job from leaving, until released."""
    act = queue_acts.release if release else queue_acts.hold
    with _at(runtime, job) as (session, entity, now):
        act(session, entity, job, by=actor(session, by), at=now)
    say(f"ปล่อย {job} ให้ส่งต่อ" if release else f"พัก {job} ไว้")


@queue.command()
@click.argument("job")
@acting
@reason
@with_runtime
def drop(runtime: Runtime, job: str, by: str, reason: str) -> None:
    """Give a job up for good; its delivery counts as failed."""
    with _at(runtime, job) as (session, entity, now):
        queue_acts.drop(session, entity, job, by=known(session, by), at=now, reason=reason)
    say(f"เลิกส่ง {job} แล้ว")


@contextmanager
def _at(runtime: Runtime, job: str) -> Iterator[tuple[Session, int, datetime]]:
    """Open a transaction on a job: with whose it is, and the time; what waits is woken then."""
    with runtime.database.write() as session:
        yield session, outbox.get(session, job).entity_id, runtime.clock.now()
    wake.ring(runtime.data_dir, wake.MAILQ)


def _data(job: Job, codes: dict[int, str]) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": str(job.kind),
        "state": job.state,
        "entity": codes[job.entity_id],
        "to": job.to_address,
        "entry": job.entry_id,
        "message_id": job.message_id,
        "tries": job.tries,
        "created_at": job.created_at.astimezone(BANGKOK).isoformat(timespec="seconds"),
        "not_before": job.not_before.astimezone(BANGKOK).isoformat(timespec="seconds"),
        "give_up_at": job.give_up_at.astimezone(BANGKOK).isoformat(timespec="seconds"),
        "last_reply": job.last_reply,
    }
