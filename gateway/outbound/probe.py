"""A mail of ours to ourselves, out by the relay and back in at our own door.

The mail has the null sender and goes to a bounce tag that names no job, so that nobody answers
it, it takes no number, and it lies among the bounces. It is signed as any other mail of ours. Only
a mailbox that knows plus-addresses brings it back; that is what it finds out.
"""

import asyncio
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from gateway.outbound import fields
from gateway.outbound.answer import Answer
from gateway.outbound.relay import Consignment, Patience, deliver
from gateway.outbound.sign import signers_of, write_signed
from gateway.outbound.write import Mail, Text
from gateway.service import Runtime
from gateway.settings import RelaySettings
from registry.ids import new_id
from registry.letter.address import Address
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
    domain, now = address.rpartition("@")[2], runtime.clock.now()
    signers = signers_of(runtime.data_dir / "keys" / "dkim", address, now)
    with NamedTemporaryFile(dir=folder, suffix=".probe") as file:
        size = write_signed(_mail(address, domain, hello, now), signers, file.file)
        file.flush()
        mail = Consignment(Path(file.name), size, "", address)
        return asyncio.run(deliver(relay, hello, mail, _wanted, PATIENCE))


def _mail(address: str, domain: str, hello: str, now: datetime) -> Mail:
    message_id = f"<probe.{new_id()}@{hello}>"
    header = (
        fields.text_field("Date", format_datetime(now)),
        fields.address_field("From", [Address("", f"postmaster@{domain}")]),
        fields.address_field("To", [Address("", address)]),
        fields.text_field("Subject", "ทดสอบทางเดินจดหมาย"),
        fields.id_field("Message-ID", [message_id]),
        fields.text_field("Auto-Submitted", "auto-generated"),
    )
    return Mail(header, Text(_TEXT), message_id)


async def _wanted() -> bool:
    return True
