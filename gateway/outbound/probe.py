"""A mail of ours to ourselves, out by the relay and back in at our own door.

The mail has the null sender and goes to a bounce tag that names no job, so that nobody answers
it, it takes no number, and it lies among the bounces. Only a mailbox that knows plus-addresses
brings it back; that is what it finds out.
"""

import asyncio
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from gateway.outbound.answer import Answer
from gateway.outbound.relay import Consignment, Patience, deliver
from gateway.service import Runtime
from gateway.settings import RelaySettings
from registry.ids import new_id
from registry.letter.entity import LegalEntity
from registry.tokens import reply_tag

PATIENCE = Patience(connect=15.0, command=30.0, block=30.0, final=60.0)
_TEXT = "จดหมายนี้ระบบสารบรรณส่งถึงตัวเองเพื่อทดสอบทางเดินจดหมาย ไม่ต้องดำเนินการใด\n"


def probe_address(runtime: Runtime, entity: LegalEntity) -> str:
    """Give an address at the entity that has not been used before, with a tag of ours."""
    local, _, domain = entity.central_address.partition("@")
    return f"{local}+{reply_tag(runtime.keys, new_id(), 'b')}@{domain}"


def send_probe(runtime: Runtime, relay: RelaySettings, address: str) -> Answer:
    """Hand the mail to the relay and give its answer."""
    hello = runtime.office.instance.hostname
    folder = runtime.data_dir / "outgoing"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, suffix=".probe") as file:
        file.write(_mail(address, hello, runtime.clock.now()))
        file.flush()
        mail = Consignment(Path(file.name), file.tell(), "", address)
        return asyncio.run(deliver(relay, hello, mail, _wanted, PATIENCE))


def _mail(address: str, hello: str, now: datetime) -> bytes:
    message = EmailMessage()
    message["From"] = f"<postmaster@{address.rpartition('@')[2]}>"
    message["To"] = address
    message["Subject"] = "ทดสอบทางเดินจดหมาย"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<probe.{new_id()}@{hello}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_TEXT, cte="base64")
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


async def _wanted() -> bool:
    return True
