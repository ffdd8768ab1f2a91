"""What each receiver of a letter will get, before it leaves: by the same functions as sending.

The jobs are those that sending has just written, in a transaction that nobody keeps. Receivers
whose mails differ only by their name are shown as one: they go by the same way and take mails of
the same size. The address of the download page is not made yet, and stands as one of its length;
its QR picture may differ by some bytes.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.outbound import budget, sign, write
from gateway.outbound.carry import relay_of
from gateway.outbound.compose import divide, draft_of
from gateway.outbound.draft import Draft, Page, Tools, assemble, worded
from gateway.outbound.local import hosted_receiver
from gateway.outbound.sign import Signer
from gateway.outbound.table import Row
from registry import directory
from registry.clock import BANGKOK
from registry.jobs import Job
from registry.letter.entity import LegalEntity
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryRow

Way = Literal["here", "installation", "mail", "none"]
_TOKEN: Final = "x" * 26  # as long as that of a page


@dataclass(frozen=True, slots=True)
class Receiver:
    """One addressee: name, address, and where it is."""

    name: str
    address: str
    place: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What these receivers get.

    ``way`` is here (an entity hosted here), installation (one that answers by itself), mail, or
    none where no relay is set. ``size`` is in encoded bytes; ``fits`` is False when not even a mail
    without files may go. ``rows`` are the files, each with the way it travels; ``until`` is the
    last day of the download page, None without one.
    """

    way: Way
    receivers: tuple[Receiver, ...]
    subject: str
    text: str
    rows: tuple[Row, ...]
    size: int
    most: int
    until: date | None

    @property
    def fits(self) -> bool:
        """Whether the mail may go as it is."""
        return self.way == "here" or self.size <= self.most


def previews(session: Session, tools: Tools, jobs: Iterable[Job]) -> list[Preview]:
    """Compose what these jobs bring, one mail for all that differ only by the receiver's name.

    Raises what composing raises: NotAllowed for files that are withheld, UnsafeField.
    """
    alike: defaultdict[tuple[Way, int | None], list[Job]] = defaultdict(list)
    for job in jobs:
        alike[_sort(session, tools, job)].append(job)
    return [_preview(session, tools, way, group) for (way, _), group in alike.items()]


def _sort(session: Session, tools: Tools, job: Job) -> tuple[Way, int | None]:
    """Give the way of a job, and what the receiver's server takes."""
    if hosted_receiver(session, job.to_address):
        return "here", None
    sender = directory.entity_by_id(session, job.entity_id)
    if relay_of(tools.gateway.relay, sender.code) is None:
        return "none", None
    known = directory.entity_by_address(session, job.to_address)
    way: Way = "installation" if known and _is_installation(session, known) else "mail"
    return way, known.max_message_bytes if known else None


def _is_installation(session: Session, entity: LegalEntity) -> bool:
    """Say whether its newest letter to us was written by an installation of this system."""
    wanted = select(LetterRow.facts).where(
        LetterRow.from_entity_id == entity.id, LetterRow.direction == "in"
    )
    facts = session.scalar(wanted.order_by(LetterRow.id.desc()).limit(1))
    return bool(facts and facts.get("installation"))


def _preview(session: Session, tools: Tools, way: Way, jobs: list[Job]) -> Preview:
    draft, settings = draft_of(session, tools, jobs[0]), tools.office.attachments
    most = budget.limit(draft.receiver_limit, settings.max_outgoing_message, None)
    if way == "here":
        out, page, signers = frozenset[int](), Page(), tuple[Signer, ...]()
    else:
        folder = tools.office.instance.data_dir / "keys" / "dkim"
        signers = sign.signers_of(folder, draft.sender.email, jobs[0].created_at)
        out, page = divide(
            draft, settings.split_over, most, signers, lambda: _page(tools, draft, jobs[0])
        )
    words, table = worded(draft, out, page)
    mail = assemble(draft, out, page)
    size = write.measure(mail) + sign.room(mail, signers)
    there = tuple(_receiver(session, job) for job in jobs)
    until = page.until if out else None
    text = words.text.replace(_TOKEN, "…")
    return Preview(way, there, words.subject, text, table.rows, size, most, until)


def _page(tools: Tools, draft: Draft, job: Job) -> Page:
    life = timedelta(days=tools.gateway.links.life_days)
    until = (job.created_at + life).astimezone(BANGKOK).date()
    return Page(f"{tools.links_url}/l/{_TOKEN}" if draft.link_for else "", until)


def _receiver(session: Session, job: Job) -> Receiver:
    row = session.get(DeliveryRow, job.delivery_id) if job.delivery_id is not None else None
    known = directory.entity_by_address(session, job.to_address)
    name = (row.to_name if row else "") or job.to_address
    return Receiver(name, job.to_address, known.place if known else "")
