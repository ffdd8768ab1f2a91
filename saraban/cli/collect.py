"""``saraban collect`` - look into the mailboxes once: fetch, register, flag or move."""

import time

import click

from gateway.inbound.collector import TROUBLE, Collector
from gateway.inbound.pickup import pickup_of, take_work
from gateway.inbound.spool import Spool
from gateway.inbound.tray import Tray
from gateway.service import Runtime
from registry.errors import OutOfOrder
from saraban.cli.common import log_to_stderr, say, with_runtime

PATIENCE = 120.0


@click.command()
@with_runtime
def collect(runtime: Runtime) -> None:
    """Fetch new mail from every mailbox once and wait until the books have it.

    While ``serve`` runs, its worker registers; else this command does.
    """
    if not runtime.gateway.collector:
        raise OutOfOrder(
            "there is no [[collector]] in saraban.toml",
            thai="ยังไม่ได้ตั้งค่า [[collector]] ใน saraban.toml",
        )
    log_to_stderr()
    spool = Spool(runtime.spool_dir, "collect", runtime.clock)
    try:
        boxes = [Collector(runtime, one, spool) for one in runtime.gateway.collector]
        trouble = [problem for box in boxes if (problem := _look(box))]
        _enter(runtime)
        for box in boxes:
            if box.account not in {account for account, _ in trouble}:
                say(f"{box.account}: ลงทะเบียนและทำเครื่องหมายแล้ว {box.mark()} ฉบับ")
    finally:
        spool.close()
    if trouble:
        raise OutOfOrder("; ".join(f"{account}: {error}" for account, error in trouble))


def _look(box: Collector) -> tuple[str, Exception] | None:
    """Fetch from one mailbox; trouble with it does not stop the others."""
    try:
        done = box.round()
    except TROUBLE as error:
        return box.account, error
    say(f"{box.account}: นำเข้า {done.fetched} ฉบับ")
    return None


def _enter(runtime: Runtime) -> None:
    """Register what is in the spool, or wait for the worker that does."""
    handle = take_work(runtime)
    if handle is not None:
        pickup = pickup_of(runtime)
        while pickup.round():
            pass
        return
    end = time.monotonic() + PATIENCE
    tray = Tray(runtime.spool_dir)
    while any(name.startswith("collect/") for name in tray.list_new()):
        if time.monotonic() > end:
            raise OutOfOrder(
                "the worker did not enter the letters in time; see 'saraban spool list'"
            )
        time.sleep(0.1)
