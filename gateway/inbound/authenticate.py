"""Who sent it, as far as it can be proven: the one answer that ``Message.trust`` gives.

In this order: the mail came from an entity hosted here; a clerk signed in; the client is a host
that authenticates all its senders; for collected mail, the mailbox's own server says that it was
proven; or the mail proves itself (:mod:`gateway.inbound.verdict`: DKIM, SPF, DMARC, ARC). What the
door proves costs no question to DNS. A From that nobody proves is nobody's, above all one that
names a clerk of ours. A mail with several From addresses, or with two of a field that people read,
is not proven by any signature, since readers would disagree on what was signed.

Authentication-Results of others prove nothing, least of all those in our own name: we write none.

DNS that does not answer raises TemporaryTrustFailure; the letter waits and is judged again.
"""

from dataclasses import replace
from typing import Final

from gateway.inbound.alignment import ascii_domain
from gateway.inbound.authres import claims, proven_domain
from gateway.inbound.boundaries import Delimiter
from gateway.inbound.envelope import Envelope
from gateway.inbound.fields import Fields, read_fields
from gateway.inbound.header_block import read_header
from gateway.inbound.inquiry import Inquiry
from gateway.inbound.resolver import Resolver, TemporaryTrustFailure
from gateway.inbound.signatures import SignedMail
from gateway.inbound.spool import Spooled
from gateway.inbound.verdict import Rules, judge
from gateway.inbound.window import Window
from registry.letter.entity import LegalEntity
from registry.letter.message import Check, Listener, Means, Message, Trust

__all__ = ["Resolver", "Rules", "TemporaryTrustFailure", "authenticate"]

_ONCE: Final = ("from", "subject", "date", "to", "cc", "reply-to", "message-id", "content-type")


def authenticate(
    spooled: Spooled,
    message: Message,
    resolver: Resolver,
    own: list[LegalEntity],
    rules: Rules = Rules(),  # noqa: B008 - frozen
) -> Trust:
    """Judge the sender of a parsed mail; ``own`` are the entities hosted here."""
    door = _by_the_door(spooled.envelope, message, own)
    if door:
        return door
    if not message.sender:
        return Trust(detail="no single From address")
    author = ascii_domain(message.sender.rpartition("@")[2])
    with Window.of(spooled) as window:
        return _by_its_bytes(window, spooled.envelope, author, resolver, rules)


def _by_the_door(envelope: Envelope, message: Message, own: list[LegalEntity]) -> Trust | None:
    """What the way it came in proves without looking into it."""
    domain = message.sender.rpartition("@")[2]
    if envelope.listener is Listener.LOCAL and envelope.hosted_entity:
        known = any(entity.code == envelope.hosted_entity for entity in own)
        if known:
            return Trust(Means.HOSTED, domain, f"entity {envelope.hosted_entity} hosted here")
    if envelope.signed_in:
        detail = f"signed in as {envelope.signed_in}"
        return Trust(Means.SIGNED_IN, domain, detail, signed_in=envelope.signed_in)
    if envelope.trusted_network and not envelope.forwarder and message.sender:
        return Trust(Means.TRUSTED_NETWORK, domain, f"from {envelope.peer} in trusted_networks")
    return None


def _by_its_bytes(
    window: Window, envelope: Envelope, author: str, resolver: Resolver, rules: Rules
) -> Trust:
    header = read_header(window, 0, _no_delimiter)
    fields = read_fields(header.data)
    doubled = next((name for name in _ONCE if _count(fields, name) > 1), "")
    if doubled or header.overlong or header.defect:
        return Trust(detail=f"{doubled} stands twice" if doubled else header.defect)
    stated = _by_the_mailbox(fields, envelope, author)
    if stated:
        return stated
    mail = SignedMail(window, header.data, header.body)
    trust = judge(mail, envelope, author, Inquiry(resolver), rules)
    if rules.authserv_id and claims(fields, rules.authserv_id):
        return replace(trust, detail=f"{trust.detail}; Authentication-Results forged in our name")
    return trust


def _by_the_mailbox(fields: Fields, envelope: Envelope, author: str) -> Trust | None:
    if envelope.listener is not Listener.COLLECTOR or not envelope.source:
        return None
    server = str(envelope.source.get("authserv_id") or "")
    found = proven_domain(fields, server, author)
    if not found:
        return None
    detail = f"{server} says {found.method}=pass for {found.domain}"
    means = Means.SPF if found.method == "spf" else Means.DKIM
    check = Check(found.method, "pass", found.domain, f"as {server} says")
    return Trust(means, found.domain, detail, checks=(check,))


def _count(fields: Fields, name: str) -> int:
    return sum(1 for _ in fields.all(name))


def _no_delimiter(_: int) -> Delimiter | None:
    return None
