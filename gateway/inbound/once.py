"""Collecting once, for a command: every mailbox is looked into, and what came is entered.

The services do the same for ever (:mod:`gateway.inbound.collector`, :mod:`gateway.inbound.pickup`).
While they run, their worker enters what is fetched here, since one process alone works on a spool;
else it is entered here. At the end the mails that the books have are flagged or moved.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.inbound.alone import take_work
from gateway.inbound.collector import TROUBLE, Collector
from gateway.inbound.pickup import pickup_of
from gateway.inbound.spool import Spool
from gateway.inbound.tray import Tray
from gateway.service import Runtime
from registry.errors import OutOfOrder

PATIENCE = 120.0
_PROCESS = "collect"


@dataclass(frozen=True, slots=True)
class Looked:
    """What became of one mailbox: how many mails were fetched and marked, or the trouble with it.

    ``trouble`` is "" when all went well.
    """

    account: str
    fetched: int = 0
    marked: int = 0
    trouble: str = ""


def collect_once(runtime: Runtime) -> list[Looked]:
    """Look into every mailbox once and wait until the books have what came.

    Trouble with one mailbox does not stop the others. Raises OutOfOrder when none is set, or when
    the worker that runs does not enter the mail in time.
    """
    if not runtime.gateway.collector:
        raise OutOfOrder(
            "there is no [[collector]] in saraban.toml",
            thai="ยังไม่ได้ตั้งค่า [[collector]] ใน saraban.toml",
        )
    spool = Spool(runtime.spool_dir, _PROCESS, runtime.clock)
    try:
        boxes = [Collector(runtime, one, spool) for one in runtime.gateway.collector]
        fetched = [_fetch(box) for box in boxes]
        _enter(runtime)
        return list(_mark(boxes, fetched))
    finally:
        spool.close()


def _fetch(box: Collector) -> Looked:
    try:
        done = box.round()
    except TROUBLE as error:
        return Looked(box.account, trouble=str(error))
    return Looked(box.account, done.fetched, done.marked)


def _mark(boxes: list[Collector], fetched: list[Looked]) -> Iterator[Looked]:
    for box, looked in zip(boxes, fetched, strict=True):
        if looked.trouble:
            yield looked
            continue
        try:
            yield Looked(box.account, looked.fetched, looked.marked + box.mark())
        except TROUBLE as error:
            yield Looked(box.account, looked.fetched, looked.marked, str(error))


def _enter(runtime: Runtime) -> None:
    """Enter what is in the spool, or wait for the worker that does."""
    work = take_work(runtime.spool_dir)
    if work is None:
        _wait_for_worker(runtime)
        return
    try:
        pickup = pickup_of(runtime)
        while pickup.round():
            pass
    finally:
        os.close(work)


def _wait_for_worker(runtime: Runtime) -> None:
    end = time.monotonic() + PATIENCE
    tray = Tray(runtime.spool_dir)
    while any(name.startswith(f"{_PROCESS}/") for name in tray.list_new()):
        if time.monotonic() > end:
            raise OutOfOrder(
                "the worker did not enter the letters in time; see 'saraban spool list'",
                thai="บริการยังไม่ลงทะเบียนจดหมายที่นำเข้า โปรดดูด้วย saraban spool list",
            )
        time.sleep(0.1)
