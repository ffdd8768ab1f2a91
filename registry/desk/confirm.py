"""A sender asked to hear that a mail was delivered (NOTIFY=SUCCESS, RFC 3461 §4.1).

We offer DSN, so it is honoured: one notification for a mail at each entity, beside our
acknowledgement, which tells more and goes to the registry of the sender. *Delivered* means
that the mail is in our books or before an officer, nothing more.

It goes to the envelope's sender, whom anybody may write there: so only for a proven mail whose
envelope sender is of the proven domain; never to the null sender, to automatic mail, lists or
bounces (RFC 3834 §2); and the circuit breaker counts it. A clerk who signed in hears by a notice
what became of a letter, and what leaves for others is reported by them.
"""

from typing import Any

from sqlalchemy.orm import Session

from registry import outbox
from registry.clock import BANGKOK
from registry.desk.breaker import may_answer
from registry.desk.case import Case
from registry.desk.context import Desk
from registry.desk.keep import no_answer
from registry.letter.message import Listener
from registry.letter.sorting import Kind, Outcome

_TAKEN = (Kind.LETTER, Kind.UNCLEAR, Kind.SECRET, Kind.DUPLICATE)


def confirm_delivery(session: Session, desk: Desk, case: Case, outcome: Outcome) -> bool:
    """Write the job that tells the sender, where one asked and may be told."""
    message, asked = case.message, _asked(case)
    if not asked or outcome.kind not in _TAKEN or not _may_be_told(case):
        return False
    light, to = case.files > 0, message.mail_from
    if not may_answer(session, desk, case.entity.id, to, letter_id=outcome.letter_id, light=light):
        return False
    facts = {
        "recipients": asked,
        "envid": str((message.dsn or {}).get("envid", "")),
        "arrived": message.accepted_at.astimezone(BANGKOK).isoformat(timespec="seconds"),
    }
    job = outbox.enqueue(
        session, desk, outbox.Kind.DELIVERED, case.entity.id, to,
        letter_id=outcome.letter_id, facts=facts, once=f"delivered:{outcome.letter_id}",
    )  # fmt: skip
    return job is not None


def _asked(case: Case) -> list[dict[str, str]]:
    """Give the addresses of this entity whose success is to be told: as reached, and as asked."""
    given: dict[str, Any] = (case.message.dsn or {}).get("recipients") or {}
    return [
        {"final": address, "original": str(asked.get("orcpt", ""))}
        for address, asked in given.items()
        if "SUCCESS" in asked.get("notify", ())
        and any(to.address.casefold() == address.casefold() for to in case.addressed)
    ]


def _may_be_told(case: Case) -> bool:
    """Say whether the envelope's sender is surely the one who wrote, and no machine."""
    message, sender = case.message, case.sender
    if message.listener is not Listener.MX or not sender.proven or no_answer(case):
        return False
    domain = message.mail_from.rpartition("@")[2].casefold()
    own = {message.trust.domain, *(sender.entity.domains if sender.entity else ())} - {""}
    return any(domain == one or domain.endswith(f".{one}") for one in own)
