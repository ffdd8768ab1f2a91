"""Those we work with: relays, mailboxes, and our own address as others see it."""

import asyncio
import time
from collections.abc import Iterator
from datetime import datetime

from gateway.inbound.collector import TROUBLE
from gateway.inbound.imap import signed_in
from gateway.inbound.mail_head import since_of
from gateway.outbound.answer import Fate
from gateway.outbound.carry import relay_of
from gateway.outbound.probe import PATIENCE, probe_address, send_probe
from gateway.outbound.relay import knock
from gateway.service import Runtime
from gateway.settings import CollectorSettings
from registry import directory, intake
from registry.letter.enclosure import human_size
from registry.letter.entity import LegalEntity
from saraban.doctor.finding import Finding, look, well, wrong

WAIT = 60.0
"""Seconds in which our own mail should be back."""
_PAUSE = 0.2


def relays(runtime: Runtime) -> Iterator[Finding]:
    """Each relay answers EHLO, and takes our sign-in where one is set."""
    usable = [relay for relay in runtime.gateway.relay if relay.host]
    if not usable:
        yield look(
            "relay", "ยังไม่ได้ตั้ง [[relay]] จดหมายถึงหน่วยงานอื่นจะรออยู่", "ตั้ง [[relay]] ใน saraban.toml"
        )
    for relay in usable:
        place = f"{relay.host}:{relay.port}"
        met = asyncio.run(knock(relay, runtime.office.instance.hostname, PATIENCE))
        if met.fate is not Fate.WITHDRAWN:
            yield wrong(
                "relay", f"ส่งผ่าน {place} ไม่ได้: {met.line}", "ตรวจ [[relay]] และเครื่องปลายทาง"
            )
        else:
            size = f" รับจดหมายได้ถึง {human_size(met.size)}" if met.size else ""
            yield well("relay", f"ส่งผ่าน {place} ได้{size}")


def collectors(runtime: Runtime) -> Iterator[Finding]:
    """Each mailbox lets us in and has the folder that we read."""
    for one in runtime.gateway.collector:
        box = f"{one.username}@{one.host}"
        try:
            _look_in(one)
        except TROUBLE as error:
            yield wrong("collector", f"เปิดกล่อง {box} ไม่ได้: {error}", "ตรวจ [[collector]] และรหัสผ่าน")
        else:
            yield well("collector", f"เปิดกล่อง {box} ได้")


def tags(runtime: Runtime) -> Iterator[Finding]:
    """Say what is believed of plus-addresses; only a round trip finds out."""
    for entity in _hosted(runtime):
        if entity.knows_tags:
            yield well(
                "tags", f"{entity.central_address} ถือว่ารับที่อยู่แบบ + ได้ (ทดสอบจริงด้วย --round-trip)"
            )
        else:
            yield look(
                "tags",
                f"{entity.central_address} รับที่อยู่แบบ + ไม่ได้",
                "คำตอบจะผูกด้วยหัวจดหมายแทน และใช้ dispatch address ไม่ได้",
            )


def round_trip(runtime: Runtime) -> Iterator[Finding]:
    """Send each hosted entity a mail through its relay and see it come back to a plus-address."""
    for entity in _hosted(runtime):
        relay = relay_of(runtime.gateway.relay, entity.code)
        if relay is None:
            yield look(
                "round_trip", f"{entity.code}: ไม่มี relay จึงทดสอบส่งถึงตัวเองไม่ได้", "ตั้ง [[relay]]"
            )
            continue
        since, address = runtime.clock.now(), probe_address(runtime, entity)
        answer = send_probe(runtime, relay, address)
        if answer.fate is not Fate.SENT:
            yield wrong(
                "round_trip",
                f"{relay.host} ไม่รับจดหมายทดสอบถึง {entity.central_address}: {answer.line}",
                "ถ้าไม่รับเพราะที่อยู่แบบ + ให้เปิดใช้ที่เครื่องรับ หรือตั้งหน่วยงานด้วย --no-tags",
            )
        elif _comes_back(runtime, address, since):
            yield well("round_trip", f"จดหมายถึง {entity.central_address} แบบ + กลับมาถึงระบบ")
        else:
            yield wrong(
                "round_trip",
                f"{relay.host} รับจดหมายทดสอบแล้ว แต่ไม่กลับมาใน {int(WAIT)} วินาที",
                "ตรวจว่า saraban serve ทำงาน และกล่องกลางส่งต่อมาที่นี่พร้อมที่อยู่แบบ +",
            )


def _hosted(runtime: Runtime) -> list[LegalEntity]:
    with runtime.database.read() as session:
        return directory.hosted(session)


def _look_in(settings: CollectorSettings) -> None:
    since_of(settings)
    with signed_in(settings) as imap:
        imap.select(settings.folder)


def _comes_back(runtime: Runtime, address: str, since: datetime) -> bool:
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        with runtime.database.read() as session:
            if intake.came_in(session, address, since):
                return True
        time.sleep(_PAUSE)
    return False
