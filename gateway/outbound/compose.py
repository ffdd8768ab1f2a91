"""From a job of the outbox to a mail: read the register, draft, fit the budget, ready to write.

All facts come from one read transaction. Only when files must leave the mail is a second, short
transaction opened, for the page that holds them. Nothing is kept: a retry composes again, from the
same facts to the same bytes, save that files leave when the next hop takes less.

A mail to an entity hosted here is composed whole: nothing leaves it, whatever its size. Nor is it
signed, since it meets no stranger; who signs any other is said here, and their signatures count in
its size.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from sqlalchemy.orm import Session

from gateway.outbound import (
    acknowledgement,
    budget,
    copy,
    delivered,
    letter,
    notice,
    proposal,
    sign,
    write,
)
from gateway.outbound.draft import Draft, Page, Tools, assemble
from gateway.outbound.sign import Signer
from gateway.outbound.write import Mail
from registry import entries, links
from registry.clock import BANGKOK
from registry.db import Database
from registry.errors import NotAllowed, NotFound, SarabanError
from registry.jobs import Job, Kind


class TooLarge(SarabanError):
    """Not even without its files does the mail fit, or its files may not leave it."""

    thai = "อีเมลฉบับนี้ใหญ่เกินกว่าที่ระบบปลายทางรับได้ แม้แยกไฟล์ออกเป็นลิงก์แล้ว โปรดลดขนาดไฟล์หรือส่งทางอื่น"


@dataclass(frozen=True, slots=True)
class Composed:
    """A mail with its envelope; ``size`` is what writing it signed will give, in bytes."""

    mail: Mail
    size: int
    mail_from: str
    rcpt_to: str
    by_link: int = 0  # files that left
    signers: tuple[Signer, ...] = ()


class Composer:
    """Composes jobs; blocking, to be called in a thread."""

    def __init__(self, database: Database, tools: Tools) -> None:
        self._database, self._tools = database, tools

    def compose(self, job: Job, next_hop: int | None = None, *, bare: bool = False) -> Composed:
        """Compose for a way that takes at most ``next_hop`` encoded bytes (None: unknown).

        ``bare`` takes every file out of the mail, for a peer that calls it too large and names no
        figure. Raises TooLarge, NotFound, UnsafeField, NotAllowed, UnreadableKey.
        """
        draft = self._draft(job)
        keys = self._tools.office.instance.data_dir / "keys" / "dkim"
        signers = sign.signers_of(keys, draft.sender.email, job.created_at)
        settings = self._tools.office.attachments
        most = budget.limit(draft.receiver_limit, settings.max_outgoing_message, next_hop)
        out, page = self._divide(draft, job, 0 if bare else most, signers)
        mail = assemble(draft, out, page)
        size = write.measure(mail) + sign.room(mail, signers)
        if size > most:
            raise TooLarge(f"job {job.id}: {size} bytes do not fit into {most}")
        return Composed(mail, size, draft.mail_from, draft.rcpt_to, len(out), signers)

    def whole(self, job: Job) -> Composed:
        """Compose for an entity hosted here: every file in the mail."""
        draft = self._draft(job)
        inside = tuple(replace(one, always_away=False) for one in draft.enclosed)
        mail = assemble(replace(draft, enclosed=inside), frozenset(), Page())
        return Composed(mail, write.measure(mail), draft.mail_from, draft.rcpt_to)

    def _draft(self, job: Job) -> Draft:
        with self._database.read() as session:
            if is_secret(session, job):
                raise NotAllowed(f"the letter of job {job.id} is secret")
            return draft_of(session, self._tools, job)

    def _divide(
        self, draft: Draft, job: Job, most: int, signers: tuple[Signer, ...]
    ) -> tuple[frozenset[int], Page]:
        split_over = self._tools.office.attachments.split_over
        return divide(draft, split_over, most, signers, lambda: self._page(draft, job))

    def _page(self, draft: Draft, job: Job) -> Page:
        if draft.link_for is None:
            raise TooLarge(f"job {job.id}: the files of this letter may not be put on a page")
        life = timedelta(days=self._tools.gateway.links.life_days)
        with self._database.write() as session:
            token = links.ensure(
                session, self._tools.keys, draft.link_for, job.entity_id, draft.rcpt_to,
                draft.receiver.name, "download", job.created_at, life,
            )  # fmt: skip
            view = links.open_link(session, token, job.created_at)
        until = view.expires_at if view else job.created_at + life
        return Page(f"{self._tools.links_url}/l/{token}", until.astimezone(BANGKOK).date())


def is_secret(session: Session, job: Job) -> bool:
    """Say whether a job would carry the paper of a letter that is secret, by now.

    Its jobs are withdrawn when a letter is hidden, but for one that is being sent at that moment:
    it comes back when it is put off, and does not leave then.
    """
    if job.kind not in {Kind.LETTER, Kind.COPY} or job.facts.get("movement") or not job.entry_id:
        return False
    return entries.get(session, job.entry_id).secrecy is not None


def divide(
    draft: Draft,
    split_over: int,
    most: int,
    signers: tuple[Signer, ...],
    make_page: Callable[[], Page],
) -> tuple[frozenset[int], Page]:
    """Decide which files leave a mail of ``most`` bytes; the page is made when the first must."""
    sizes = [one.about.bytes for one in draft.enclosed]
    page = Page()

    def measured(out: frozenset[int]) -> int:
        mail = assemble(draft, out, page)
        return write.measure(mail) + sign.room(mail, signers)

    def leaving() -> frozenset[int]:
        return budget.leaving(
            sizes, split_over=split_over, most=most, measure=measured, already=draft.always_away
        )

    if not leaving():
        return frozenset(), page
    page = make_page()
    return leaving(), page


def draft_of(session: Session, tools: Tools, job: Job) -> Draft:
    """Return the draft of a job, by its kind. Raises NotFound."""
    match job.kind:
        case Kind.LETTER:
            return letter.draft(session, tools, job)
        case Kind.COPY if job.facts.get("movement"):
            return proposal.draft(session, tools, job)
        case Kind.COPY:
            return copy.draft(session, tools, job)
        case Kind.ACKNOWLEDGEMENT:
            return acknowledgement.draft(session, job)
        case Kind.DELIVERED:
            return delivered.draft(session, tools, job)
        case Kind.NOTICE:
            return notice.draft(session, tools, job)
        case Kind.WEBHOOK:
            raise NotFound(f"job {job.id} is no mail: it goes by gateway.outbound.webhook")
        case _:
            assert_never(job.kind)
