"""One mailbox as the parts of the collector know it: settings, office, how to tell of things."""

import logging
from dataclasses import dataclass
from datetime import date, datetime

from gateway.inbound.mail_head import MailHead
from gateway.service import Runtime
from gateway.settings import CollectorSettings
from registry.desk.sight import sight
from registry.letter.entity import LegalEntity
from registry.recipients import Recipients
from registry.sightings import Kind, Sighting

log = logging.getLogger("gateway.collector")


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox during one look: ``since`` is the first day that counts, ``known`` who we are."""

    runtime: Runtime
    settings: CollectorSettings
    account: str
    since: date
    entity: LegalEntity
    known: Recipients

    def now(self) -> datetime:
        """Return the present moment, aware."""
        return self.runtime.clock.now()

    def seen(self, folder: str, kind: Kind, key: str, detail: str = "") -> Sighting:
        """Make a sighting of this mailbox."""
        return Sighting(self.account, self.entity.id, folder, kind, key, self.now(), detail=detail)

    def seen_mail(
        self, folder: str, kind: Kind, key: str, head: MailHead, arrived: datetime, detail: str = ""
    ) -> Sighting:
        """Make a sighting of a mail; the subject of what is marked secret is left out."""
        return Sighting(
            self.account, self.entity.id, folder, kind, key, self.now(),
            message_id=head.message_id, sender=head.sender, recipients=head.recipients[:50],
            subject=head.showable, mailed_at=arrived, detail=detail,
        )  # fmt: skip

    def sight(self, seen: Sighting) -> bool:
        """Keep it and tell whom it concerns; False when it is known."""
        with self.runtime.database.write() as session:
            new = sight(session, self.runtime.desk, seen)
        if new:
            log.warning("%s: %s in %s, %s", seen.account, seen.kind, seen.folder, seen.key)
        return new
