"""Bring a mail to an entity hosted here: through the spool, not through the network.

The mail is written into a spool folder of our own as if it had just come through the door, by the
listener LOCAL and in the name of the entity that sends it, which is proof of who sent it. Nothing
was split and nothing is a link: the receiver registers every file in full, and the blob store
sees that it has the bytes already. Written again after a crash, it is the same to the last
byte, and the desk answers with the number it has.

Which mails are local is decided by the central address, with or without a tag.
"""

from dataclasses import replace

from sqlalchemy.orm import Session

from gateway.inbound.clamd import Verdict, scan_file
from gateway.inbound.envelope import Envelope
from gateway.inbound.spool import Spool
from gateway.outbound.compose import Composed
from gateway.outbound.write import write
from gateway.settings import ScanSettings
from registry import directory
from registry.errors import NotUnderstood
from registry.letter.address import tag_of
from registry.letter.entity import LegalEntity
from registry.letter.message import Listener


def hosted_receiver(session: Session, address: str) -> LegalEntity | None:
    """Return the entity hosted here whose mailbox this address is, or None."""
    try:
        central, _ = tag_of(address)
    except NotUnderstood:
        return None
    entity = directory.entity_by_address(session, central)
    return entity if entity and entity.hosted else None


def lay_down(
    spool: Spool, mail: Composed, sender: LegalEntity, urgency: int, scan: ScanSettings
) -> str:
    """Write the mail into the spool, durably, and return its name there. Blocking.

    It is shown to the virus scanner first, if there is one: whoever receives it goes by that.
    Raises InsufficientStorage when the disk is full, Damaged when a file is not what it should be.
    """
    envelope = Envelope(
        listener=Listener.LOCAL,
        accepted_at=spool.clock.now(),
        helo="localhost",
        mail_from=mail.mail_from,
        recipients=(mail.rcpt_to,),
        hosted_entity=sender.code,
        priority=urgency,
    )
    with spool.begin() as file:
        write(mail.mail, file.write)
        found = scan_file(file.path, scan) if scan.clamd else Verdict()
        return file.commit(replace(envelope, scan=found.scan, scan_detail=found.detail))
