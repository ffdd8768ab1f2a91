"""Carry one composed mail along its way: into the spool of this host, or out through a relay.

A *way* is found first: local, by the relay of the sending entity (its own, else the one for all),
or none. What is learnt of a relay is remembered while the process runs: the SIZE it announces, so
that the next mail is composed to fit at once, and until when its door is shut.
"""

import logging
import os
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from gateway import wake
from gateway.errors import InsufficientStorage
from gateway.inbound.spool import Spool
from gateway.outbound import hooks, webhook
from gateway.outbound.answer import Answer, Fate
from gateway.outbound.compose import Composed, Composer, TooLarge, is_secret
from gateway.outbound.dkim_keys import UnreadableKey
from gateway.outbound.fields import UnsafeField
from gateway.outbound.local import hosted_receiver, lay_down
from gateway.outbound.relay import Consignment, Patience, deliver
from gateway.outbound.retry import wait_after
from gateway.outbound.sign import write_signed
from gateway.outbound.write import Damaged
from gateway.service import Runtime
from gateway.settings import RelaySettings
from gateway.threads import in_thread
from registry import directory, outbox
from registry.errors import NotAllowed, NotFound
from registry.jobs import Job, Kind
from registry.letter.entity import LegalEntity

log = logging.getLogger(__name__)

_SHRINKS: Final = 4
NO_RELAY: Final = "no relay is set for this entity: [[relay]] in saraban.toml"


@dataclass
class _Door:
    """What is known of one relay: SIZE, and until when it is left alone."""

    size: int | None = None
    shut_until: datetime | None = None
    shut_times: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """How a job travels. ``shut``: not now, the relay cannot be reached."""

    sender: LegalEntity
    local: bool = False
    relay: RelaySettings | None = None
    shut: Answer | None = None
    shut_until: datetime | None = None

    @property
    def host(self) -> str:
        """The next host, for the attempt's line."""
        if self.local:
            return "local"
        return f"{self.relay.host}:{self.relay.port}" if self.relay else ""


@dataclass
class Carrier:
    """Knows the ways out of this process."""

    runtime: Runtime
    composer: Composer
    spool: Spool
    patience: Patience
    _doors: dict[tuple[str, int], _Door] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where composed mails lie while they are sent; of this process alone."""
        return self.runtime.data_dir / "outgoing" / self.spool.process

    def sweep(self) -> None:
        """Take away composed mails that a crash left; they are composed again. Blocking."""
        for left in self.folder.glob("*.eml"):
            left.unlink(missing_ok=True)

    def way_of(self, job: Job) -> Way:
        """Find the way of a job. Blocking."""
        with self.runtime.database.read() as session:
            sender = directory.entity_by_id(session, job.entity_id)
            if job.kind is Kind.WEBHOOK:
                return Way(sender)
            if hosted_receiver(session, job.to_address):
                return Way(sender, local=True)
        relay = relay_of(self.runtime.gateway.relay, sender.code)
        if relay is None:
            return Way(sender)
        door = self._door(relay)
        if door.shut_until and door.shut_until > self.runtime.clock.now():
            shut = Answer(Fate.DEFERRED, None, door.why, door_shut=True)
            return Way(sender, relay=relay, shut=shut, shut_until=door.shut_until)
        return Way(sender, relay=relay)

    async def carry(self, job: Job, way: Way) -> Answer:
        """Compose and bring; every trouble that is the mail's own becomes an answer."""
        try:
            return await self._along(job, way)
        except (NotAllowed, NotFound, UnsafeField) as error:
            return Answer(Fate.REFUSED, None, str(error))
        except TooLarge as error:
            return Answer(Fate.TOO_LARGE, None, str(error))
        except (Damaged, UnreadableKey, InsufficientStorage, OSError) as error:
            log.warning("job %s cannot be composed: %s", job.id, error)
            return Answer(Fate.DEFERRED, 0, str(error))

    async def _along(self, job: Job, way: Way) -> Answer:
        if way.shut is not None:
            return way.shut
        if job.kind is Kind.WEBHOOK:
            if "hook" in job.facts:
                return await hooks.post(self.runtime, job)
            return await webhook.post(self.runtime, job)
        if way.local:
            return await in_thread(self._locally, job, way.sender)
        if way.relay is None:
            return Answer(Fate.DEFERRED, 0, NO_RELAY)
        return await self._by_relay(job, way.relay)

    def _locally(self, job: Job, sender: LegalEntity) -> Answer:
        composed = self.composer.whole(job)
        if not self._still_wanted(job):
            return Answer(Fate.WITHDRAWN)
        scan = self.runtime.gateway.scan
        name = lay_down(self.spool, composed, sender, job.urgency, scan)
        wake.ring(self.runtime.data_dir, wake.WORKER)
        return Answer(Fate.SENT, 250, f"spooled as {name}", sent_bytes=composed.size)

    async def _by_relay(self, job: Job, relay: RelaySettings) -> Answer:
        door, bare = self._door(relay), False
        for _ in range(_SHRINKS):
            composed = await in_thread(self.composer.compose, job, door.size, bare=bare)
            answer = await self._once(job, relay, composed)
            known, door.size = door.size, answer.size if answer.size is not None else door.size
            self._note(door, answer)
            if answer.fate is not Fate.TOO_LARGE or bare:
                break
            # A peer that names no new figure gets the mail without any file.
            bare = door.size == known
        return answer

    async def _once(self, job: Job, relay: RelaySettings, composed: Composed) -> Answer:
        path = await in_thread(self._write, job, composed)
        consignment = Consignment(
            path, composed.size, composed.mail_from, composed.rcpt_to, envelope_id=job.id
        )
        hello = self.runtime.office.instance.hostname

        async def wanted() -> bool:
            return await in_thread(self._still_wanted, job)

        try:
            answer = await deliver(relay, hello, consignment, wanted, self.patience)
            return replace(answer, sent_bytes=composed.size)
        finally:
            path.unlink(missing_ok=True)

    def _write(self, job: Job, composed: Composed) -> Path:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f"{job.id}.eml"
        with open(path, "wb", opener=_private) as file:
            write_signed(composed.mail, composed.signers, file)
        return path

    def _still_wanted(self, job: Job) -> bool:
        with self.runtime.database.read() as session:
            here = outbox.get(session, job.id).state == "sending"
            return here and not is_secret(session, job)

    def _note(self, door: _Door, answer: Answer) -> None:
        """Shut or open the door; mails that knock together count as one knock."""
        now = self.runtime.clock.now()
        if not answer.door_shut:
            door.shut_until, door.shut_times = None, 0
        elif not (door.shut_until and door.shut_until > now):
            door.shut_times += 1
            wait = wait_after(door.shut_times, self.runtime.gateway.send)
            door.shut_until, door.why = now + wait, answer.line

    def _door(self, relay: RelaySettings) -> _Door:
        return self._doors.setdefault((relay.host, relay.port), _Door())


def relay_of(relays: tuple[RelaySettings, ...], code: str) -> RelaySettings | None:
    """Return the entity's own relay, else the one for all entities."""
    usable = [relay for relay in relays if relay.host]
    own = [relay for relay in usable if relay.entity == code]
    return next(iter(own + [relay for relay in usable if not relay.entity]), None)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
